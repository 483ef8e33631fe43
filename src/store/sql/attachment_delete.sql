delete from attachments where id = $1

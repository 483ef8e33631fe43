delete from attachments where not complete and created < $1

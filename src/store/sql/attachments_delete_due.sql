delete from attachments where delete_on is not null and delete_on < $1

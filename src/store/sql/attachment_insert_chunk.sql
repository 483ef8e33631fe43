insert into attachment_chunks (attachment_id, number, bytes) values ($1, $2, $3)

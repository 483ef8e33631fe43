insert into attachments (id, size, sha256, type, name, delete_on, complete, created) values ($1, $2, $3, $4, $5, $6, $7, $8)

select id, size, sha256, type, name, delete_on, complete from attachments where id = $1

select bytes from attachment_chunks where attachment_id = $1 and number = $2

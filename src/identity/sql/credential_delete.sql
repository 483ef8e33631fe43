delete from credentials where id = $1 and owner = $2

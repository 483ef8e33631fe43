update credentials set counter = $2 where id = $1

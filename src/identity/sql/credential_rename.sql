update credentials set label = $3 where id = $1 and owner = $2

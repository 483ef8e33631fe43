update credentials set counter = $2, used = $3 where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))

update rules_proposals set state = $2, done = whole, result = $3, finished = $4 where id = $1

update rules_proposals set state = 'running', done = $2, whole = $3 where id = $1

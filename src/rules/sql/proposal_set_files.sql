update rules_proposals set files = $2, state = $3, done = 0, whole = 0, result = '', finished = '' where id = $1

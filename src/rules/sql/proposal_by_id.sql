select id, name, service, in_force, months, created, created_by, files, state, done, whole, result, finished from rules_proposals where id = $1

insert into rules_proposals (id, name, service, in_force, months, created, created_by, files, state, done, whole, result, finished)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '', '')

select id, name, service, in_force, months, created, created_by, '' as files, state, done, whole, '' as result, finished from rules_proposals order by created desc, id desc limit 200

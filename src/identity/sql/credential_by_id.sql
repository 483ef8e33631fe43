select id, owner, kind, label, data, counter, created, used from credentials where id = $1

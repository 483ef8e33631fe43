insert into credentials (id, owner, kind, label, data, counter, created, used) values ($1, $2, $3, $4, $5, $6, $7, '')

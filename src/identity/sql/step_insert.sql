insert into account_steps (id, kind, account, data, tries, expires) values ($1, $2, $3, $4, 0, $5)

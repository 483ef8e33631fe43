insert into sign_in_failures (id, who, at) values ($1, $2, $3)

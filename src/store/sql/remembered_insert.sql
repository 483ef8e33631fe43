insert into remembered (key, result, at) values ($1, $2, $3)

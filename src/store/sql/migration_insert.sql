insert into migrations (room, number, at, hash) values ($1, $2, $3, $4)

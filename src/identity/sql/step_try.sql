update account_steps set tries = tries + 1 where id = $1 and kind = $2 and expires > $3 and tries < $4

update accounts set last_sign_in = $2 where id = $1

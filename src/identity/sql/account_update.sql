update accounts set first_name = $2, last_name = $3, email = $4, email_confirmed = $5, language = $6 where id = $1

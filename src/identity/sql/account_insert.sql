insert into accounts (id, first_name, last_name, email, email_confirmed, language, created, last_sign_in) values ($1, $2, $3, $4, $5, $6, $7, '')

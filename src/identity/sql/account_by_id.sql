select id, first_name, last_name, email, email_confirmed, language, created, last_sign_in from accounts where id = $1

select id, first_name, last_name, email, email_confirmed, language, created, last_sign_in from accounts where email = $1 and email_confirmed

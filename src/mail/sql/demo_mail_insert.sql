insert into demo_mail (id, at, recipient, subject, body, language) values ($1, $2, $3, $4, $5, $6)

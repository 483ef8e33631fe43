select id, at, recipient, subject, body, language from demo_mail order by at desc, id desc limit $1

insert into drafts (id, body, revision, expires) values ($1, $2, $3, $4)

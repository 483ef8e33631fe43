insert into passkey_challenges (hash, session, purpose, owner, expires) values ($1, $2, $3, $4, $5)

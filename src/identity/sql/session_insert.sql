insert into sessions (hash, kind, subject, started, last_seen, ends, dead_at) values ($1, $2, $3, $4, $4, $5, $6)

insert into sessions (hash, kind, subject, started, last_seen, ends, dead_at, level, method, device, proved, terminal)
values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $4, $10)

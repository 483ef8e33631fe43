insert into events (case_id, number, kind, at, role, actor, payload_hash, hash) values ($1, $2, $3, $4, $5, $6, $7, $8)

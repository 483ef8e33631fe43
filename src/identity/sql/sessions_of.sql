select hash, started, last_seen, method, device, terminal from sessions where kind = $1 and subject = $2 and dead_at > $3 order by last_seen desc

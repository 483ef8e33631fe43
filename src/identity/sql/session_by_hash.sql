select kind, subject, started, last_seen, ends from sessions where hash = $1 and dead_at > $2

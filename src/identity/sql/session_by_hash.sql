select kind, subject, started, last_seen, ends, level, method, proved, terminal, device from sessions where hash = $1 and dead_at > $2

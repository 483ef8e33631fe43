update sessions set last_seen = $2, dead_at = $3 where hash = $1 and dead_at > $2

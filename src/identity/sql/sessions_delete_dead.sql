delete from sessions where dead_at <= $1

delete from remembered where at < $1

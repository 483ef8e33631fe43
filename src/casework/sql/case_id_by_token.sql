select id from cases where token_hash = $1

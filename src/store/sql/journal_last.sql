select number, hash from events where case_id = $1 order by number desc limit 1

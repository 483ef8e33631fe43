select name from presence where case_id = $1 and staff <> $2 and at > $3 order by name

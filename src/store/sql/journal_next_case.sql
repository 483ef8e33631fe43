select case_id from events where case_id > $1 order by case_id limit 1

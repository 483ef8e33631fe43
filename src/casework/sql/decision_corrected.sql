update decisions set corrected = $3 where case_id = $1 and notice = $2

update deliveries set attachment = $3 where case_id = $1 and notice = $2 and attachment = 0

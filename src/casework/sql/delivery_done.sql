update deliveries set is_done = true, done_by = $3 where case_id = $1 and notice = $2 and not is_done

update decisions set contested = true where case_id = $1 and notice = $2

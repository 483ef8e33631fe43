update case_files set state = $2, checked_by = $3, refused_why = $4 where id = $1

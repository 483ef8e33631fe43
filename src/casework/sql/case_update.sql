update cases set version = $2, state = $3, is_open = $4, waiting = $5, has_new = $6, changed = $7, due = $8, prepared_outcome = $9,
    assigned = $10, subject = $11
where id = $1

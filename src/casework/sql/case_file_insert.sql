insert into case_files (id, case_id, attachment, need, paper, name, type, size, pages, received, state, checked_by, refused_why, read_text)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '', $12)

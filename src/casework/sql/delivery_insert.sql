insert into deliveries (case_id, notice, attachment, title, delivery, at, is_done, done_by) values ($1, $2, 0, $3, $4, $5, false, '')

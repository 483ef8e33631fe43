insert into draft_files (draft_id, attachment) values ($1, $2)

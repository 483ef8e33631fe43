delete from draft_files where draft_id = $1 and attachment = $2

select attachment from draft_files where draft_id = $1

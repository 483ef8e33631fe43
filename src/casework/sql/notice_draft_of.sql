select outcome, body from notice_drafts where case_id = $1

delete from notice_drafts where case_id = $1

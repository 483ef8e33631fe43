delete from notice_drafts where case_id in (select id from cases where delete_on is not null and delete_on < $1)

delete from drafts where id = $1

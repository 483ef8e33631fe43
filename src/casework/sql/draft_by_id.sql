select body, revision, expires from drafts where id = $1

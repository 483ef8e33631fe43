select id from drafts where expires < $1

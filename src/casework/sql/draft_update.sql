update drafts set body = $2, revision = revision + 1 where id = $1 and revision = $3

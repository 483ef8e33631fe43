delete from rules_proposals where id = $1

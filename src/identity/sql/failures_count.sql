select count(*) from sign_in_failures where who = $1 and at > $2

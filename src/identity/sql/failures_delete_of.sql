delete from sign_in_failures where who = $1

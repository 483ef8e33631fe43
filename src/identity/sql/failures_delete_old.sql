delete from sign_in_failures where at <= $1

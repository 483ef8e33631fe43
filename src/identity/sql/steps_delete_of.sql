delete from account_steps where account = $1 and account <> ''

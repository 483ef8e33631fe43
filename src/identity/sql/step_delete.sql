delete from account_steps where id = $1

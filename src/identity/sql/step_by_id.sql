select account, data from account_steps where id = $1 and kind = $2 and expires > $3

select issuer, subject from account_identities where account = $1 order by issuer, subject

delete from passkey_challenges where hash = $1 and session = $2 and purpose = $3 and expires > $4 returning owner

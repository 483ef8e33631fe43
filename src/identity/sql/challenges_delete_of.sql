delete from passkey_challenges where session = $1 and purpose = $2

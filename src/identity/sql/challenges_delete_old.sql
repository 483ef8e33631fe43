delete from passkey_challenges where expires <= $1

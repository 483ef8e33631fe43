select a.id, a.first_name, a.last_name, a.email, a.email_confirmed, a.language, a.created, a.last_sign_in
from account_identities i join accounts a on a.id = i.account where i.issuer = $1 and i.subject = $2

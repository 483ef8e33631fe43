select id, name, office, roles, phone, password from staff_accounts where id = $1

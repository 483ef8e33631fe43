select id, name, office, roles, phone from staff_accounts order by id

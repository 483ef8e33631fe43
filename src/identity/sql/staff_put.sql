insert into staff_accounts (id, name, office, roles, phone, password) values ($1, $2, $3, $4, $5, $6)
on conflict (id) do update set name = excluded.name, office = excluded.office, roles = excluded.roles, phone = excluded.phone,
    password = excluded.password

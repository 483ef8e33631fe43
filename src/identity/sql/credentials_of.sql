select id, owner, kind, label, data, counter, created, used from credentials
where owner = $1 and (cast($2 as text) = '' or kind = $2) order by created, id

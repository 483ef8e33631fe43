delete from credentials where owner = $1 and (cast($2 as text) = '' or kind = $2)

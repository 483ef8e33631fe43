delete from sessions where kind = 'staff' and subject = $1

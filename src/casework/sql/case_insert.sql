insert into cases (id, number, token_hash, service, package_hash, language, subject, person_name, search_words, email, delivery, channel,
    office, assigned, state, is_open, version, received, changed, due, waiting, has_new, prepared_outcome)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 'in_review', true, 0, $14, $14, '', false, false, '')

select id, number, token_hash, service, package_hash, language, subject, person_name, search_words, email, delivery, channel, office,
    assigned, version, received, changed, waiting, has_new, prepared_outcome
from cases where id = $1

select passed, failed, at from register_tests where package_hash = $1 and law_hash = $2

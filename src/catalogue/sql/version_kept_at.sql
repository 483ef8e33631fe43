select kept_at from catalogue_versions where hash = $1

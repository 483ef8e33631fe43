select hash from catalogue_versions where hash = $1

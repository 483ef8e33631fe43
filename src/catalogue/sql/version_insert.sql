insert into catalogue_versions (hash, kind, name, kept_at) values ($1, $2, $3, $4) on conflict (hash) do nothing

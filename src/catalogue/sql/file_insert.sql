insert into catalogue_files (hash, content) values ($1, $2) on conflict (hash) do nothing

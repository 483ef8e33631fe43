insert into catalogue_version_files (version, path, file) values ($1, $2, $3) on conflict (version, path) do nothing

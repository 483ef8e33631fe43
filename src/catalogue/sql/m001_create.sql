-- Packages and law as they were: each file once, by its hash. Nothing is ever changed here.
create table catalogue_files (
    hash text not null primary key,
    content bytea not null
)
--;
create table catalogue_versions (
    hash text not null primary key,
    kind text not null check (kind in ('package', 'law')),
    name text not null,
    kept_at text not null
)
--;
create table catalogue_version_files (
    version text not null,
    path text not null,
    file text not null,
    primary key (version, path),
    foreign key (version) references catalogue_versions (hash),
    foreign key (file) references catalogue_files (hash)
)

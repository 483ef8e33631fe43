-- The last run of a package's examples, for the register of algorithms. Small: one row a version of package and law.
create table register_tests (
    package_hash text not null,
    law_hash text not null,
    passed bigint not null,
    failed bigint not null,
    at text not null,
    primary key (package_hash, law_hash)
)

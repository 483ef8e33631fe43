-- What the fairness check of a version gave. Small: one row a version of package and law.
create table rules_fairness (
    package_hash text not null,
    law_hash text not null,
    service text not null,
    made text not null,
    changed bigint not null,
    report text not null,
    primary key (package_hash, law_hash)
)

-- Changed rules that are looked at before they are put in force. Small: people write them one by one and delete them.
create table rules_proposals (
    id bigint not null primary key,
    name text not null,
    service text not null,
    in_force text not null,
    months bigint not null,
    created text not null,
    created_by text not null,
    files text not null,
    state text not null,
    done bigint not null,
    whole bigint not null,
    result text not null,
    finished text not null
)
--;
create index rules_proposals_created on rules_proposals (created, id)
--;
-- What a late change of the law reaches: one row a service, made anew each night.
create table rules_late_law (
    service text not null primary key,
    law_hash text not null,
    computed text not null,
    result text not null
)

create table if not exists migrations (
    room text not null,
    number bigint not null,
    at text not null,
    hash text not null,
    primary key (room, number)
)

create table staff_accounts (
    id text not null primary key,
    name text not null,
    office text not null,
    roles text not null,
    phone text not null,
    password text not null
)
--;
-- hash: of the token, which only the cookie holds. dead_at: the earlier of the end of idling and the absolute end.
create table sessions (
    hash text not null primary key,
    kind text not null check (kind in ('anonymous', 'resident', 'staff')),
    subject text not null,
    started text not null,
    last_seen text not null,
    ends text not null,
    dead_at text not null
)
--;
create index sessions_dead_at on sessions (dead_at)
--;
create index sessions_staff on sessions (subject) where kind = 'staff'
--;
-- who: hash of a login name or of a client's address
create table sign_in_failures (
    id bigint not null primary key,
    who text not null,
    at text not null
)
--;
create index sign_in_failures_who on sign_in_failures (who, at)
--;
create index sign_in_failures_at on sign_in_failures (at)
--;
create table case_accesses (
    id bigint not null primary key,
    case_id bigint not null,
    staff_id text not null,
    staff_name text not null,
    office text not null,
    reason text not null,
    at text not null
)
--;
create index case_accesses_case on case_accesses (case_id, at)

-- The journal. Nothing personal stands in events; payloads can go on their day, together with their salt.
create table events (
    case_id bigint not null,
    number bigint not null check (number > 0),
    kind text not null,
    at text not null,
    role text not null,
    actor text not null,
    payload_hash text not null,
    hash text not null,
    primary key (case_id, number)
)
--;
create table event_payloads (
    case_id bigint not null,
    number bigint not null,
    salt bytea not null,
    payload text not null,
    delete_on text,
    primary key (case_id, number),
    foreign key (case_id, number) references events (case_id, number)
)
--;
create index event_payloads_due on event_payloads (delete_on) where delete_on is not null
--;
create table attachments (
    id bigint not null primary key,
    size bigint not null,
    sha256 text not null,
    type text not null,
    name text not null,
    delete_on text,
    complete boolean not null,
    created text not null
)
--;
create index attachments_due on attachments (delete_on) where delete_on is not null
--;
create index attachments_incomplete on attachments (created) where not complete
--;
create table attachment_chunks (
    attachment_id bigint not null,
    number bigint not null,
    bytes bytea not null,
    primary key (attachment_id, number),
    foreign key (attachment_id) references attachments (id) on delete cascade
)
--;
-- next_at: when the job may be taken next (its due moment, the end of a lease, or the next attempt).
create table jobs (
    id bigint not null primary key,
    kind text not null,
    payload text not null,
    key text,
    due text not null,
    next_at text not null,
    state text not null check (state in ('waiting', 'running', 'failed')),
    attempts bigint not null,
    error_code text not null
)
--;
create index jobs_next on jobs (next_at) where state <> 'failed'
--;
create index jobs_failed on jobs (next_at) where state = 'failed'
--;
create unique index jobs_key on jobs (key) where state = 'waiting'
--;
create table remembered (
    key text not null primary key,
    result text not null,
    at text not null
)
--;
create index remembered_at on remembered (at)

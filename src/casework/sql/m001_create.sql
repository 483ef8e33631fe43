-- Drafts: the id is a hash of the link's token, the body is encrypted with a key that only the link holds.
create table drafts (
    id text not null primary key,
    body bytea not null,
    revision bigint not null,
    expires text not null
)
--;
create index drafts_expires on drafts (expires)
--;
create table draft_files (
    draft_id text not null,
    attachment bigint not null,
    primary key (draft_id, attachment)
)
--;
-- Cases: what the journal says, in columns by which lists are ordered and found. The events are the truth.
create table cases (
    id bigint not null primary key,
    number text not null,
    token_hash text not null,
    service text not null,
    package_hash text not null,
    language text not null,
    subject text not null,
    person_name text not null,
    search_words text not null,
    email text not null,
    delivery text not null,
    channel text not null,
    office text not null,
    assigned text not null,
    state text not null,
    is_open boolean not null,
    version bigint not null,
    received text not null,
    changed text not null,
    due text not null,
    waiting boolean not null,
    has_new boolean not null,
    prepared_outcome text not null,
    delete_on text
)
--;
create unique index cases_number on cases (number)
--;
create unique index cases_token on cases (token_hash)
--;
create index cases_subject on cases (subject, received)
--;
create index cases_due on cases (is_open, due, id)
--;
create index cases_received on cases (is_open, received, id)
--;
create index cases_name on cases (is_open, person_name, id)
--;
create index cases_delete on cases (delete_on) where delete_on is not null
--;
create table case_numbers (
    year bigint not null primary key,
    last bigint not null
)
--;
create table case_files (
    id bigint not null primary key,
    case_id bigint not null,
    attachment bigint not null,
    need text not null,
    paper text not null,
    name text not null,
    type text not null,
    size bigint not null,
    pages bigint not null,
    received text not null,
    state text not null,
    checked_by text not null,
    refused_why text not null,
    read_text text not null,
    foreign key (case_id) references cases (id)
)
--;
create index case_files_case on case_files (case_id, received)
--;
-- One row a notice: its PDF, and whether it was printed and posted or handed over.
create table deliveries (
    case_id bigint not null,
    notice bigint not null,
    attachment bigint not null,
    title text not null,
    delivery text not null,
    at text not null,
    is_done boolean not null,
    done_by text not null,
    primary key (case_id, notice),
    foreign key (case_id) references cases (id)
)
--;
create index deliveries_queue on deliveries (is_done, delivery, at)
--;
create table presence (
    case_id bigint not null,
    staff text not null,
    name text not null,
    at text not null,
    primary key (case_id, staff)
)
--;
create table notice_drafts (
    case_id bigint not null primary key,
    outcome text not null,
    body text not null,
    staff text not null,
    at text not null
)

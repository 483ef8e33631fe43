-- Accounts of residents. A person is known by issuer and subject: "local" for what was made here, the issuer's address for a provider.
create table accounts (
    id text not null primary key,
    first_name text not null,
    last_name text not null,
    email text not null,
    email_confirmed boolean not null,
    language text not null,
    created text not null,
    last_sign_in text not null
)
--;
create unique index accounts_email on accounts (email) where email_confirmed
--;
create table account_identities (
    issuer text not null,
    subject text not null,
    account text not null,
    primary key (issuer, subject),
    foreign key (account) references accounts (id) on delete cascade
)
--;
create index account_identities_account on account_identities (account)
--;
-- owner: an account's id, or "staff:" and a login name. data: hash, public key, or a secret encrypted with this installation's key.
create table credentials (
    id text not null primary key,
    owner text not null,
    kind text not null check (kind in ('password', 'totp', 'recovery_code', 'passkey')),
    label text not null,
    data text not null,
    counter bigint not null,
    created text not null,
    used text not null
)
--;
create index credentials_owner on credentials (owner, kind)
--;
alter table sessions add column level text not null default ''
--;
alter table sessions add column method text not null default ''
--;
alter table sessions add column device text not null default ''
--;
alter table sessions add column proved text not null default ''
--;
alter table sessions add column terminal boolean not null default false
--;
create index sessions_subject on sessions (kind, subject)

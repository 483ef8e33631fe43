-- What waits for a code. id: hash of a handle that only the page holds. data: sealed with this installation's key.
create table account_steps (
    id text not null primary key,
    kind text not null,
    account text not null,
    data text not null,
    tries bigint not null,
    expires text not null
)
--;
create index account_steps_account on account_steps (account)
--;
create index account_steps_expires on account_steps (expires)

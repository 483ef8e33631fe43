-- What the demo would have sent. A real installation leaves this table empty.
create table demo_mail (
    id bigint primary key,
    at text not null,
    recipient text not null,
    subject text not null,
    body text not null,
    language text not null
)
--;
create index demo_mail_by_time on demo_mail (at, id)

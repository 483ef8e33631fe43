-- What a browser is to sign, once and within five minutes. hash: of the challenge; session: hash of the token that it was given to.
-- owner: whom the new passkey will belong to.
create table passkey_challenges (
    hash text not null primary key,
    session text not null,
    purpose text not null,
    owner text not null,
    expires text not null
)
--;
create index passkey_challenges_session on passkey_challenges (session, purpose)
--;
create index passkey_challenges_expires on passkey_challenges (expires)

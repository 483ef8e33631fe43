create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the journal is never changed' using errcode = 'integrity_constraint_violation';
end
$$
--;
create trigger events_are_never_changed before update or delete on events
for each row execute function refuse_change()
--;
create trigger events_are_never_truncated before truncate on events
for each statement execute function refuse_change()
--;
create trigger payloads_are_never_changed before update of case_id, number, salt, payload on event_payloads
for each row execute function refuse_change()

create trigger events_are_never_changed before update on events
begin
    select raise(abort, 'events are never changed');
end
--;
create trigger events_are_never_deleted before delete on events
begin
    select raise(abort, 'events are never deleted');
end
--;
create trigger payloads_are_never_changed before update of case_id, number, salt, payload on event_payloads
begin
    select raise(abort, 'payloads are never changed');
end

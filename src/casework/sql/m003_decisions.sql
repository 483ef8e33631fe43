-- One row a decision, for the register of algorithms: who made it (a person or the machine) and what became of it. Nothing of the
-- applicant stands here, so the row outlives the case's content.
create table decisions (
    case_id bigint not null,
    notice bigint not null,
    service text not null,
    at text not null,
    automatic boolean not null,
    contested boolean not null,
    corrected text not null,
    primary key (case_id, notice)
)
--;
create index decisions_service on decisions (service, at, automatic, contested, corrected)
--;
insert into decisions (case_id, notice, service, at, automatic, contested, corrected)
select e.case_id, e.number, c.service, e.at, e.role = 'system', false, ''
from events e join cases c on c.id = e.case_id
where e.kind = 'decided'

-- The steps of incidents in a table of their own, where they are only added. The text that held them is gone: an older
-- program would replace it, and lose what was added.
create table step (
    region_code text not null,
    incident_id text not null,
    -- In the order they were recorded, from 1.
    number integer not null,
    kind text not null,
    at text not null,
    -- Who took it.
    holder_id text,
    -- When it was recorded, and by whom: unknown for those of before this.
    recorded_at text,
    actor text,
    constraint step_key primary key (region_code, incident_id, number),
    constraint step_incident foreign key (region_code, incident_id)
        references incident (region_code, incident_id) on delete cascade deferrable initially deferred,
    constraint step_holder foreign key (region_code, holder_id)
        references holder (region_code, holder_id) deferrable initially deferred
) strict, without rowid;

create index step_by_holder on step (region_code, holder_id) where holder_id is not null;

-- An instant ended in Z there; in columns it ends in +00:00, which sorts before a fraction.
insert into step (region_code, incident_id, number, kind, at, holder_id)
select i.region_code, i.incident_id, s.key + 1, s.value ->> 0,
    case when s.value ->> 1 like '%Z' then substr(s.value ->> 1, 1, length(s.value ->> 1) - 1) || '+00:00'
        else s.value ->> 1 end,
    s.value ->> 2
from incident i, json_each(i.steps) s;

alter table incident add column n_steps integer not null default 0;
update incident set n_steps = json_array_length(steps);
alter table incident drop column steps;
drop table incident_step_by;

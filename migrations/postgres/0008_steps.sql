-- The steps of incidents in a table of their own, where they are only added. The text that held them is gone: an older
-- program would replace it, and lose what was added.
create table step (
    region_code text collate "C" not null,
    incident_id text collate "C" not null,
    -- In the order they were recorded, from 1.
    number bigint not null,
    kind text collate "C" not null,
    at timestamptz not null,
    -- Who took it.
    holder_id text collate "C",
    -- When it was recorded, and by whom: unknown for those of before this.
    recorded_at timestamptz,
    actor text collate "C",
    constraint step_key primary key (region_code, incident_id, number),
    constraint step_incident foreign key (region_code, incident_id)
        references incident (region_code, incident_id) on delete cascade deferrable initially deferred,
    constraint step_holder foreign key (region_code, holder_id)
        references holder (region_code, holder_id) deferrable initially deferred
);

create index step_by_holder on step (region_code, holder_id) where holder_id is not null;

insert into step (region_code, incident_id, number, kind, at, holder_id)
select i.region_code, i.incident_id, s.number, s.value ->> 0, (s.value ->> 1)::timestamptz, s.value ->> 2
from incident i, jsonb_array_elements(i.steps::jsonb) with ordinality as s (value, number);

alter table incident add column n_steps bigint not null default 0;
update incident set n_steps = jsonb_array_length(steps::jsonb);
alter table incident drop column steps;
drop table incident_step_by;

-- Which revision changed each part last: the ground (the region and its grids), the people (holders, duties, service points),
-- the homes and the cases. What is made of one part is not made anew because another has changed. Raised by a trigger on the
-- feed, so it holds for an older program that still runs, too; a noun that is not known here counts for every part.
alter table region add column ground_revision bigint not null default 0;
alter table region add column people_revision bigint not null default 0;
alter table region add column homes_revision bigint not null default 0;
alter table region add column cases_revision bigint not null default 0;

update region
set ground_revision = revision, people_revision = revision, homes_revision = revision, cases_revision = revision;

create function change_parts() returns trigger language plpgsql as $$
begin
    update region
    set
        ground_revision = case
            when new.noun in ('holders', 'duties', 'service_points', 'households', 'incidents') then ground_revision
            else new.revision
        end,
        people_revision = case
            when new.noun in ('grids', 'households', 'incidents') then people_revision
            else new.revision
        end,
        homes_revision = case
            when new.noun in ('grids', 'holders', 'duties', 'service_points', 'incidents') then homes_revision
            else new.revision
        end,
        cases_revision = case
            when new.noun in ('grids', 'holders', 'duties', 'service_points', 'households') then cases_revision
            else new.revision
        end
    where region_code = new.region_code;
    return null;
end $$;

create trigger change_parts after insert on change for each row execute function change_parts();

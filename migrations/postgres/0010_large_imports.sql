-- An import of very many things is one transaction of minutes, while others commit. (The boxes that SQLite writes beforehand
-- are indexes of PostgreSQL's own here.)
--
-- Each row looked for its region, whose row is written by every commit: in such a transaction it found as many versions of
-- it as there were commits since, and each row took longer than the one before. Regions are never removed, and every
-- statement names one that is there.
alter table household drop constraint household_region;
alter table holder drop constraint holder_region;
alter table duty drop constraint duty_region;
alter table service_point drop constraint service_point_region;
alter table incident drop constraint incident_region;
alter table pending_grid drop constraint pending_grid_region;

-- What is stored under an id of before goes on from its last version: the triggers look whether there is such an id before
-- they touch the table, and are planned for each statement. Their plans were those of the table as it was when a connection
-- first stored into it: of an empty one, so that each row of a large import was looked for among all of them.

create or replace function household_version_insert() returns trigger language plpgsql set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if exists (
        select 1 from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'household' and f.former_id = n.household_id
    ) then
        update household t
        set version = f.version + 1
        from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'household' and f.former_id = n.household_id
        where t.region_code = n.region_code and t.household_id = n.household_id;
    end if;
    return null;
end $$;

create or replace function holder_version_insert() returns trigger language plpgsql set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if exists (
        select 1 from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'holder' and f.former_id = n.holder_id
    ) then
        update holder t
        set version = f.version + 1
        from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'holder' and f.former_id = n.holder_id
        where t.region_code = n.region_code and t.holder_id = n.holder_id;
    end if;
    return null;
end $$;

create or replace function duty_version_insert() returns trigger language plpgsql set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if exists (
        select 1 from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'duty' and f.former_id = n.duty_id
    ) then
        update duty t
        set version = f.version + 1
        from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'duty' and f.former_id = n.duty_id
        where t.region_code = n.region_code and t.duty_id = n.duty_id;
    end if;
    return null;
end $$;

create or replace function service_point_version_insert() returns trigger language plpgsql set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if exists (
        select 1 from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'service_point' and f.former_id = n.service_point_id
    ) then
        update service_point t
        set version = f.version + 1
        from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'service_point' and f.former_id = n.service_point_id
        where t.region_code = n.region_code and t.service_point_id = n.service_point_id;
    end if;
    return null;
end $$;

create or replace function incident_version_insert() returns trigger language plpgsql set plan_cache_mode = 'force_custom_plan'
as $$
begin
    if exists (
        select 1 from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'incident' and f.former_id = n.incident_id
    ) then
        update incident t
        set version = f.version + 1
        from fresh n
        join former_version f on f.region_code = n.region_code and f.noun = 'incident' and f.former_id = n.incident_id
        where t.region_code = n.region_code and t.incident_id = n.incident_id;
    end if;
    return null;
end $$;

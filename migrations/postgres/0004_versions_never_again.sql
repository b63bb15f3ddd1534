-- Versions never come again: what is removed leaves its last one here, and whatever comes under the same id goes on from
-- it, so a change made on the removed one cannot meet the new one. Kept by triggers, so it holds for an older program that
-- still runs, too. A repeated request is answered with the version its thing was stored with.
create table former_version (
    region_code text collate "C" not null constraint former_version_region references region (region_code),
    noun text collate "C" not null,
    former_id text collate "C" not null,
    version bigint not null,
    constraint former_version_key primary key (region_code, noun, former_id)
);

alter table remembered add column version bigint not null default 1;

create function household_version_delete() returns trigger language plpgsql as $$
begin
    insert into former_version as f (region_code, noun, former_id, version)
    select region_code, 'household', household_id, version from gone
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
    return null;
end $$;

create trigger household_version_delete after delete on household
referencing old table as gone for each statement execute function household_version_delete();

create function household_version_insert() returns trigger language plpgsql as $$
begin
    update household t
    set version = f.version + 1
    from fresh n
    join former_version f on f.region_code = n.region_code and f.noun = 'household' and f.former_id = n.household_id
    where t.region_code = n.region_code and t.household_id = n.household_id;
    return null;
end $$;

create trigger household_version_insert after insert on household
referencing new table as fresh for each statement execute function household_version_insert();

create function holder_version_delete() returns trigger language plpgsql as $$
begin
    insert into former_version as f (region_code, noun, former_id, version)
    select region_code, 'holder', holder_id, version from gone
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
    return null;
end $$;

create trigger holder_version_delete after delete on holder
referencing old table as gone for each statement execute function holder_version_delete();

create function holder_version_insert() returns trigger language plpgsql as $$
begin
    update holder t
    set version = f.version + 1
    from fresh n
    join former_version f on f.region_code = n.region_code and f.noun = 'holder' and f.former_id = n.holder_id
    where t.region_code = n.region_code and t.holder_id = n.holder_id;
    return null;
end $$;

create trigger holder_version_insert after insert on holder
referencing new table as fresh for each statement execute function holder_version_insert();

create function duty_version_delete() returns trigger language plpgsql as $$
begin
    insert into former_version as f (region_code, noun, former_id, version)
    select region_code, 'duty', duty_id, version from gone
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
    return null;
end $$;

create trigger duty_version_delete after delete on duty
referencing old table as gone for each statement execute function duty_version_delete();

create function duty_version_insert() returns trigger language plpgsql as $$
begin
    update duty t
    set version = f.version + 1
    from fresh n
    join former_version f on f.region_code = n.region_code and f.noun = 'duty' and f.former_id = n.duty_id
    where t.region_code = n.region_code and t.duty_id = n.duty_id;
    return null;
end $$;

create trigger duty_version_insert after insert on duty
referencing new table as fresh for each statement execute function duty_version_insert();

create function service_point_version_delete() returns trigger language plpgsql as $$
begin
    insert into former_version as f (region_code, noun, former_id, version)
    select region_code, 'service_point', service_point_id, version from gone
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
    return null;
end $$;

create trigger service_point_version_delete after delete on service_point
referencing old table as gone for each statement execute function service_point_version_delete();

create function service_point_version_insert() returns trigger language plpgsql as $$
begin
    update service_point t
    set version = f.version + 1
    from fresh n
    join former_version f on f.region_code = n.region_code and f.noun = 'service_point' and f.former_id = n.service_point_id
    where t.region_code = n.region_code and t.service_point_id = n.service_point_id;
    return null;
end $$;

create trigger service_point_version_insert after insert on service_point
referencing new table as fresh for each statement execute function service_point_version_insert();

create function incident_version_delete() returns trigger language plpgsql as $$
begin
    insert into former_version as f (region_code, noun, former_id, version)
    select region_code, 'incident', incident_id, version from gone
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
    return null;
end $$;

create trigger incident_version_delete after delete on incident
referencing old table as gone for each statement execute function incident_version_delete();

create function incident_version_insert() returns trigger language plpgsql as $$
begin
    update incident t
    set version = f.version + 1
    from fresh n
    join former_version f on f.region_code = n.region_code and f.noun = 'incident' and f.former_id = n.incident_id
    where t.region_code = n.region_code and t.incident_id = n.incident_id;
    return null;
end $$;

create trigger incident_version_insert after insert on incident
referencing new table as fresh for each statement execute function incident_version_insert();

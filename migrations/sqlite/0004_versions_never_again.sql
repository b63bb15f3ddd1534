-- Versions never come again: what is removed leaves its last one here, and whatever comes under the same id goes on from
-- it, so a change made on the removed one cannot meet the new one. Kept by triggers, so it holds for an older program that
-- still runs, too. A repeated request is answered with the version its thing was stored with.
create table former_version (
    region_code text not null constraint former_version_region references region (region_code),
    noun text not null,
    former_id text not null,
    version integer not null,
    constraint former_version_key primary key (region_code, noun, former_id)
) strict, without rowid;

alter table remembered add column version integer not null default 1;

create trigger household_version_delete after delete on household begin
    insert into former_version (region_code, noun, former_id, version)
    values (old.region_code, 'household', old.household_id, old.version)
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
end;

create trigger household_version_insert after insert on household
when exists (
    select 1 from former_version f
    where f.region_code = new.region_code and f.noun = 'household' and f.former_id = new.household_id
) begin
    update household
    set version = 1 + (
        select f.version from former_version f
        where f.region_code = new.region_code and f.noun = 'household' and f.former_id = new.household_id
    )
    where row_id = new.row_id;
end;

create trigger holder_version_delete after delete on holder begin
    insert into former_version (region_code, noun, former_id, version)
    values (old.region_code, 'holder', old.holder_id, old.version)
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
end;

create trigger holder_version_insert after insert on holder
when exists (
    select 1 from former_version f
    where f.region_code = new.region_code and f.noun = 'holder' and f.former_id = new.holder_id
) begin
    update holder
    set version = 1 + (
        select f.version from former_version f
        where f.region_code = new.region_code and f.noun = 'holder' and f.former_id = new.holder_id
    )
    where row_id = new.row_id;
end;

create trigger duty_version_delete after delete on duty begin
    insert into former_version (region_code, noun, former_id, version)
    values (old.region_code, 'duty', old.duty_id, old.version)
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
end;

create trigger duty_version_insert after insert on duty
when exists (
    select 1 from former_version f
    where f.region_code = new.region_code and f.noun = 'duty' and f.former_id = new.duty_id
) begin
    update duty
    set version = 1 + (
        select f.version from former_version f
        where f.region_code = new.region_code and f.noun = 'duty' and f.former_id = new.duty_id
    )
    where row_id = new.row_id;
end;

create trigger service_point_version_delete after delete on service_point begin
    insert into former_version (region_code, noun, former_id, version)
    values (old.region_code, 'service_point', old.service_point_id, old.version)
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
end;

create trigger service_point_version_insert after insert on service_point
when exists (
    select 1 from former_version f
    where f.region_code = new.region_code and f.noun = 'service_point' and f.former_id = new.service_point_id
) begin
    update service_point
    set version = 1 + (
        select f.version from former_version f
        where f.region_code = new.region_code and f.noun = 'service_point' and f.former_id = new.service_point_id
    )
    where row_id = new.row_id;
end;

create trigger incident_version_delete after delete on incident begin
    insert into former_version (region_code, noun, former_id, version)
    values (old.region_code, 'incident', old.incident_id, old.version)
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
end;

create trigger incident_version_insert after insert on incident
when exists (
    select 1 from former_version f
    where f.region_code = new.region_code and f.noun = 'incident' and f.former_id = new.incident_id
) begin
    update incident
    set version = 1 + (
        select f.version from former_version f
        where f.region_code = new.region_code and f.noun = 'incident' and f.former_id = new.incident_id
    )
    where row_id = new.row_id;
end;

-- The whole of one county: its ladder, its ground by generations, homes, holders, duties, points, incidents, the feed.
--
-- Every key starts with the region code. Where a box index or a trigger needs a row number, `row_id` is that number: an
-- explicit integer key, because `vacuum` may renumber implicit ones. Instants are ISO 8601 text in UTC, at most
-- microseconds, so they sort as text. Text sorts by its bytes (`binary`, the default here), as in PostgreSQL's "C".

create table region (
    region_code text not null constraint region_key primary key,
    name_zh text not null,
    name_en text not null,
    utc_offset_s integer not null,
    -- Levels and roles, read and written as a whole.
    ladder text not null,
    fallback_id text not null,
    fallback_name text not null,
    revision integer not null default 0
) strict, without rowid;

create table change (
    region_code text not null constraint change_region references region (region_code),
    revision integer not null,
    noun text not null,
    n_changed integer not null,
    constraint change_key primary key (region_code, revision, noun)
) strict, without rowid;

create table generation (
    region_code text not null constraint generation_region references region (region_code),
    number integer not null,
    plan text not null,
    recorded text not null,
    in_force text not null,
    constraint generation_key primary key (region_code, number)
) strict, without rowid;

create table acknowledged_gap (
    region_code text not null,
    number integer not null,
    place integer not null,
    parent_id text,
    -- Lattice steps of 1e-7 degree.
    x integer not null,
    y integer not null,
    area_m2 real not null,
    constraint acknowledged_gap_key primary key (region_code, number, place),
    constraint acknowledged_gap_generation foreign key (region_code, number)
        references generation (region_code, number)
) strict, without rowid;

-- One state of one grid, true from generation `since_generation` up to but not in `until_generation`.
create table grid (
    region_code text not null constraint grid_region references region (region_code),
    grid_id text not null,
    since_generation integer not null,
    until_generation integer,
    code text not null,
    name text,
    depth integer not null,
    parent_id text,
    -- WKB multipolygon, EPSG:4326.
    boundary blob not null,
    constraint grid_key primary key (region_code, grid_id, since_generation)
) strict;

create unique index grid_code_unique on grid (region_code, code) where until_generation is null;
create index grid_by_depth on grid (region_code, depth, code);
create index grid_by_parent on grid (region_code, parent_id) where until_generation is null;

create table household (
    row_id integer primary key,
    region_code text not null constraint household_region references region (region_code),
    household_id text not null,
    version integer not null,
    lon real not null,
    lat real not null,
    n_residents integer,
    stated_grid text,
    -- The way down to its grid: `/623021/623021100/`, so that "in this grid or below" is a range.
    grid_path text,
    address text,
    phone text,
    constraint household_key unique (region_code, household_id)
) strict;

create index household_by_grid on household (region_code, grid_path);

create virtual table household_box using rtree (row_id, west, east, south, north);

create trigger household_box_insert after insert on household begin
    insert into household_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

create trigger household_box_update after update of lon, lat on household
when old.lon is not new.lon or old.lat is not new.lat begin
    update household_box set west = new.lon, east = new.lon, south = new.lat, north = new.lat where row_id = new.row_id;
end;

create trigger household_box_delete after delete on household begin
    delete from household_box where row_id = old.row_id;
end;

create table holder (
    row_id integer primary key,
    region_code text not null constraint holder_region references region (region_code),
    holder_id text not null,
    version integer not null,
    kind text not null,
    name text not null,
    body_id text,
    lon real,
    lat real,
    phone text,
    constraint holder_key unique (region_code, holder_id),
    constraint holder_body foreign key (region_code, body_id)
        references holder (region_code, holder_id) deferrable initially deferred
) strict;

create index holder_by_body on holder (region_code, body_id) where body_id is not null;

create virtual table holder_box using rtree (row_id, west, east, south, north);

create trigger holder_box_insert after insert on holder when new.lon is not null begin
    insert into holder_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

create trigger holder_box_update after update of lon, lat on holder
when old.lon is not new.lon or old.lat is not new.lat begin
    delete from holder_box where row_id = new.row_id;
    insert into holder_box select new.row_id, new.lon, new.lon, new.lat, new.lat where new.lon is not null;
end;

create trigger holder_box_delete after delete on holder begin
    delete from holder_box where row_id = old.row_id;
end;

create table duty (
    row_id integer primary key,
    region_code text not null constraint duty_region references region (region_code),
    duty_id text not null,
    version integer not null,
    holder_id text not null,
    role text not null,
    -- Either a grid of any level, or a polygon of its own with its box.
    grid_id text,
    boundary blob,
    west real,
    east real,
    south real,
    north real,
    deputy_id text,
    -- A JSON list of words; empty means all.
    categories text not null,
    from_at text,
    to_at text,
    constraint duty_key unique (region_code, duty_id),
    constraint duty_area check ((grid_id is null) <> (boundary is null)),
    constraint duty_holder foreign key (region_code, holder_id)
        references holder (region_code, holder_id) deferrable initially deferred,
    constraint duty_deputy foreign key (region_code, deputy_id)
        references holder (region_code, holder_id) deferrable initially deferred
) strict;

create index duty_by_holder on duty (region_code, holder_id);
create index duty_by_deputy on duty (region_code, deputy_id) where deputy_id is not null;
create index duty_by_grid on duty (region_code, grid_id) where grid_id is not null;

create virtual table duty_box using rtree (row_id, west, east, south, north);

create trigger duty_box_insert after insert on duty when new.west is not null begin
    insert into duty_box values (new.row_id, new.west, new.east, new.south, new.north);
end;

create trigger duty_box_update after update of west, east, south, north on duty begin
    delete from duty_box where row_id = new.row_id;
    insert into duty_box select new.row_id, new.west, new.east, new.south, new.north where new.west is not null;
end;

create trigger duty_box_delete after delete on duty begin
    delete from duty_box where row_id = old.row_id;
end;

create table service_point (
    row_id integer primary key,
    region_code text not null constraint service_point_region references region (region_code),
    service_point_id text not null,
    version integer not null,
    kind text not null,
    name text not null,
    lon real not null,
    lat real not null,
    stated_grid text,
    grid_path text,
    constraint service_point_key unique (region_code, service_point_id)
) strict;

create index service_point_by_grid on service_point (region_code, grid_path);

create virtual table service_point_box using rtree (row_id, west, east, south, north);

create trigger service_point_box_insert after insert on service_point begin
    insert into service_point_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

create trigger service_point_box_update after update of lon, lat on service_point
when old.lon is not new.lon or old.lat is not new.lat begin
    update service_point_box set west = new.lon, east = new.lon, south = new.lat, north = new.lat
    where row_id = new.row_id;
end;

create trigger service_point_box_delete after delete on service_point begin
    delete from service_point_box where row_id = old.row_id;
end;

create table incident (
    row_id integer primary key,
    region_code text not null constraint incident_region references region (region_code),
    incident_id text not null,
    version integer not null,
    kind text not null,
    category text,
    tier text,
    -- These two follow from the steps; kept as columns to be asked for.
    status text not null,
    reported_at text not null,
    lon real not null,
    lat real not null,
    stated_grid text,
    grid_path text,
    text text,
    -- A JSON list of [kind, at, by]; `incident_step_by` repeats who took them, so that a holder named there stays.
    steps text not null,
    constraint incident_key unique (region_code, incident_id)
) strict;

create index incident_by_grid on incident (region_code, grid_path);
create index incident_by_time on incident (region_code, reported_at);

create table incident_step_by (
    region_code text not null,
    incident_id text not null,
    holder_id text not null,
    constraint incident_step_by_key primary key (region_code, incident_id, holder_id),
    constraint incident_step_by_incident foreign key (region_code, incident_id)
        references incident (region_code, incident_id) on delete cascade deferrable initially deferred,
    constraint incident_step_by_holder foreign key (region_code, holder_id)
        references holder (region_code, holder_id) deferrable initially deferred
) strict, without rowid;

create index incident_step_by_holder_index on incident_step_by (region_code, holder_id);

create virtual table incident_box using rtree (row_id, west, east, south, north);

create trigger incident_box_insert after insert on incident begin
    insert into incident_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

create trigger incident_box_update after update of lon, lat on incident
when old.lon is not new.lon or old.lat is not new.lat begin
    update incident_box set west = new.lon, east = new.lon, south = new.lat, north = new.lat where row_id = new.row_id;
end;

create trigger incident_box_delete after delete on incident begin
    delete from incident_box where row_id = old.row_id;
end;

-- The answers to requests that carried an Idempotency-Key.
create table remembered (
    region_code text not null constraint remembered_region references region (region_code),
    idempotency_key text not null,
    fingerprint text not null,
    status integer not null,
    location text,
    body blob not null,
    remembered_at text not null,
    constraint remembered_key primary key (region_code, idempotency_key)
) strict, without rowid;

create index remembered_by_time on remembered (region_code, remembered_at);

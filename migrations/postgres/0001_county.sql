-- The whole of one county: its ladder, its ground by generations, homes, holders, duties, points, incidents, the feed.
--
-- Every key starts with the region code, so tables can be partitioned by county. Identifiers, codes and paths collate
-- "C": they sort by their bytes, as in SQLite, and a prefix of a path is a range of the index. The creator of the
-- database must be allowed to create the extension, or find it there.

create extension if not exists postgis;

create table region (
    region_code text collate "C" not null constraint region_key primary key,
    name_zh text not null,
    name_en text not null,
    utc_offset_s integer not null,
    -- Levels and roles, read and written as a whole.
    ladder text not null,
    fallback_id text not null,
    fallback_name text not null,
    revision bigint not null default 0
);

create table change (
    region_code text collate "C" not null constraint change_region references region (region_code),
    revision bigint not null,
    noun text collate "C" not null,
    n_changed bigint not null,
    constraint change_key primary key (region_code, revision, noun)
);

create table generation (
    region_code text collate "C" not null constraint generation_region references region (region_code),
    number bigint not null,
    plan text not null,
    recorded timestamptz not null,
    in_force timestamptz not null,
    constraint generation_key primary key (region_code, number)
);

create table acknowledged_gap (
    region_code text collate "C" not null,
    number bigint not null,
    place bigint not null,
    parent_id text collate "C",
    -- Lattice steps of 1e-7 degree.
    x bigint not null,
    y bigint not null,
    area_m2 double precision not null,
    constraint acknowledged_gap_key primary key (region_code, number, place),
    constraint acknowledged_gap_generation foreign key (region_code, number)
        references generation (region_code, number)
);

-- One state of one grid, true from generation `since_generation` up to but not in `until_generation`.
create table grid (
    region_code text collate "C" not null constraint grid_region references region (region_code),
    grid_id text collate "C" not null,
    since_generation bigint not null,
    until_generation bigint,
    code text collate "C" not null,
    name text,
    depth bigint not null,
    parent_id text collate "C",
    boundary geometry(multipolygon, 4326) not null,
    constraint grid_key primary key (region_code, grid_id, since_generation)
);

create unique index grid_code_unique on grid (region_code, code) where until_generation is null;
create index grid_by_depth on grid (region_code, depth, code);
create index grid_by_parent on grid (region_code, parent_id) where until_generation is null;
create index grid_boundary on grid using gist (boundary);

create table household (
    region_code text collate "C" not null constraint household_region references region (region_code),
    household_id text collate "C" not null,
    version bigint not null,
    position geometry(point, 4326) not null,
    n_residents bigint,
    stated_grid text collate "C",
    -- The way down to its grid: `/623021/623021100/`, so that "in this grid or below" is a range.
    grid_path text collate "C",
    address text,
    phone text,
    constraint household_key primary key (region_code, household_id)
);

create index household_position on household using gist (position);
create index household_by_grid on household (region_code, grid_path);

create table holder (
    region_code text collate "C" not null constraint holder_region references region (region_code),
    holder_id text collate "C" not null,
    version bigint not null,
    kind text collate "C" not null,
    name text not null,
    body_id text collate "C",
    position geometry(point, 4326),
    phone text,
    constraint holder_key primary key (region_code, holder_id),
    constraint holder_body foreign key (region_code, body_id)
        references holder (region_code, holder_id) deferrable initially deferred
);

create index holder_by_body on holder (region_code, body_id) where body_id is not null;
create index holder_position on holder using gist (position);

create table duty (
    region_code text collate "C" not null constraint duty_region references region (region_code),
    duty_id text collate "C" not null,
    version bigint not null,
    holder_id text collate "C" not null,
    role text collate "C" not null,
    -- Either a grid of any level, or a polygon of its own.
    grid_id text collate "C",
    boundary geometry(multipolygon, 4326),
    deputy_id text collate "C",
    -- A JSON list of words; empty means all.
    categories text not null,
    from_at timestamptz,
    to_at timestamptz,
    constraint duty_key primary key (region_code, duty_id),
    constraint duty_area check ((grid_id is null) <> (boundary is null)),
    constraint duty_holder foreign key (region_code, holder_id)
        references holder (region_code, holder_id) deferrable initially deferred,
    constraint duty_deputy foreign key (region_code, deputy_id)
        references holder (region_code, holder_id) deferrable initially deferred
);

create index duty_by_holder on duty (region_code, holder_id);
create index duty_by_deputy on duty (region_code, deputy_id) where deputy_id is not null;
create index duty_by_grid on duty (region_code, grid_id) where grid_id is not null;
create index duty_boundary on duty using gist (boundary);

create table service_point (
    region_code text collate "C" not null constraint service_point_region references region (region_code),
    service_point_id text collate "C" not null,
    version bigint not null,
    kind text collate "C" not null,
    name text not null,
    position geometry(point, 4326) not null,
    stated_grid text collate "C",
    grid_path text collate "C",
    constraint service_point_key primary key (region_code, service_point_id)
);

create index service_point_position on service_point using gist (position);
create index service_point_by_grid on service_point (region_code, grid_path);

create table incident (
    region_code text collate "C" not null constraint incident_region references region (region_code),
    incident_id text collate "C" not null,
    version bigint not null,
    kind text collate "C" not null,
    category text collate "C",
    tier text collate "C",
    -- These two follow from the steps; kept as columns to be asked for.
    status text collate "C" not null,
    reported_at timestamptz not null,
    position geometry(point, 4326) not null,
    stated_grid text collate "C",
    grid_path text collate "C",
    text text,
    -- A JSON list of [kind, at, by]; `incident_step_by` repeats who took them, so that a holder named there stays.
    steps text not null,
    constraint incident_key primary key (region_code, incident_id)
);

create index incident_position on incident using gist (position);
create index incident_by_grid on incident (region_code, grid_path);
create index incident_by_time on incident (region_code, reported_at);

create table incident_step_by (
    region_code text collate "C" not null,
    incident_id text collate "C" not null,
    holder_id text collate "C" not null,
    constraint incident_step_by_key primary key (region_code, incident_id, holder_id),
    constraint incident_step_by_incident foreign key (region_code, incident_id)
        references incident (region_code, incident_id) on delete cascade deferrable initially deferred,
    constraint incident_step_by_holder foreign key (region_code, holder_id)
        references holder (region_code, holder_id) deferrable initially deferred
);

create index incident_step_by_holder_index on incident_step_by (region_code, holder_id);

-- The answers to requests that carried an Idempotency-Key.
create table remembered (
    region_code text collate "C" not null constraint remembered_region references region (region_code),
    idempotency_key text collate "C" not null,
    fingerprint text not null,
    status bigint not null,
    location text,
    body bytea not null,
    remembered_at timestamptz not null,
    constraint remembered_key primary key (region_code, idempotency_key)
);

create index remembered_by_time on remembered (region_code, remembered_at);

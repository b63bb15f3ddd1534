create table visit (
    row_id integer primary key,
    region_code text not null constraint visit_region references region (region_code),
    visit_id text not null,
    version integer not null,
    edited integer not null,
    kind text not null,
    lon real not null,
    lat real not null,
    from_at text not null,
    to_at text,
    grid_path text,
    note text,
    constraint visit_key unique (region_code, visit_id)
) strict;

create index visit_by_grid on visit (region_code, grid_path);

create virtual table visit_box using rtree (row_id, west, east, south, north);

create trigger visit_box_insert after insert on visit begin
    insert into visit_box values (new.row_id, new.lon, new.lon, new.lat, new.lat);
end;

create trigger visit_box_update after update of lon, lat on visit when old.lon is not new.lon or old.lat is not new.lat begin
    update visit_box set west = new.lon, east = new.lon, south = new.lat, north = new.lat where row_id = new.row_id;
end;

create trigger visit_box_delete after delete on visit begin
    delete from visit_box where row_id = old.row_id;
end;

create trigger visit_version_delete after delete on visit begin
    insert into former_version (region_code, noun, former_id, version)
    values (old.region_code, 'visit', old.visit_id, old.version)
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
end;

create trigger visit_version_insert after insert on visit
when exists (
    select 1 from former_version f
    where f.region_code = new.region_code and f.noun = 'visit' and f.former_id = new.visit_id
) begin
    update visit
    set version = 1 + (
        select f.version from former_version f
        where f.region_code = new.region_code and f.noun = 'visit' and f.former_id = new.visit_id
    )
    where row_id = new.row_id;
end;

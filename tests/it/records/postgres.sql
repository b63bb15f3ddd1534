create table visit (
    region_code text collate "C" not null constraint visit_region references region (region_code),
    visit_id text collate "C" not null,
    version bigint not null,
    edited boolean not null,
    kind text collate "C" not null,
    position geometry(point, 4326) not null,
    from_at timestamptz not null,
    to_at timestamptz,
    grid_path text collate "C",
    note text,
    constraint visit_key primary key (region_code, visit_id)
);

create index visit_position on visit using gist (position);
create index visit_by_grid on visit (region_code, grid_path);

create function visit_version_delete() returns trigger language plpgsql as $$
begin
    insert into former_version as f (region_code, noun, former_id, version)
    select region_code, 'visit', visit_id, version from gone
    on conflict (region_code, noun, former_id) do update set version = excluded.version;
    return null;
end $$;

create trigger visit_version_delete after delete on visit
referencing old table as gone for each statement execute function visit_version_delete();

create function visit_version_insert() returns trigger language plpgsql as $$
begin
    update visit t
    set version = f.version + 1
    from fresh n
    join former_version f on f.region_code = n.region_code and f.noun = 'visit' and f.former_id = n.visit_id
    where t.region_code = n.region_code and t.visit_id = n.visit_id;
    return null;
end $$;

create trigger visit_version_insert after insert on visit
referencing new table as fresh for each statement execute function visit_version_insert();

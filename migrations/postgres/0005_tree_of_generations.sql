-- Generations become a tree of versions: each names the one that its rows are the difference to (`base`), so that a change
-- can be made on the ground of its own date while others wait for theirs, and those are stored anew by the difference
-- alone. A row of `grid` is a state that its generation put; a row of `removed_grid` ends one. Of a grid in generation N
-- counts the row with the greatest `since_generation` among N, its base, the base of that, and so on.
alter table generation add column base bigint;
-- plan; rebased: the generation `origin` with a change of an earlier date merged into it; withdrawal of the plan `origin`.
alter table generation add column kind text not null default 'plan'
    constraint generation_kind check (kind in ('plan', 'rebased', 'withdrawal'));
alter table generation add column origin bigint;

update generation set base = number - 1 where number > 1;

create table removed_grid (
    region_code text collate "C" not null,
    grid_id text collate "C" not null,
    since_generation bigint not null,
    constraint removed_grid_key primary key (region_code, grid_id, since_generation),
    constraint removed_grid_generation foreign key (region_code, since_generation)
        references generation (region_code, number)
);

insert into removed_grid (region_code, grid_id, since_generation)
select g.region_code, g.grid_id, g.until_generation
from grid g
where
    g.until_generation is not null
    and not exists (
        select 1 from grid n
        where n.region_code = g.region_code and n.grid_id = g.grid_id and n.since_generation = g.until_generation
    );

create index removed_grid_by_since on removed_grid (region_code, since_generation);

-- The end of a state is no longer in its row. The column goes, so that an older program that still runs stops here
-- instead of answering from a line that is none.
drop index grid_code_unique;
drop index grid_by_parent;
drop index grid_by_until;
alter table grid drop column until_generation;
create index grid_by_code on grid (region_code, code);
create index grid_by_parent on grid (region_code, parent_id);

-- The generation whose ground `grid_path` of homes, incidents and service points tells; null until the first comes into
-- force. Where a generation was published for a later date it is not known, and is found out at the next start.
alter table region add column settled_generation bigint;

update region
set settled_generation = (
    select g.number from generation g
    where g.region_code = region.region_code
    order by g.in_force desc, g.number desc limit 1
)
where not exists (
    select 1 from generation g where g.region_code = region.region_code and g.in_force > g.recorded
);

-- What a waiting generation will make of the grid of a stored thing, where that is another than in the ground of the
-- date before. Taken over by key on its day.
create table pending_grid (
    region_code text collate "C" not null constraint pending_grid_region references region (region_code),
    generation bigint not null,
    noun text collate "C" not null,
    thing_id text collate "C" not null,
    grid_path text collate "C",
    constraint pending_grid_key primary key (region_code, generation, noun, thing_id)
);

create index pending_grid_by_thing on pending_grid (region_code, noun, thing_id);

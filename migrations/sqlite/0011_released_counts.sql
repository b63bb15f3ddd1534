-- What the public is told of counts, from one release to the next: rounded ones only, as a JSON text. One row for each region;
-- the next release takes its place.
create table released_counts (
    region_code text not null constraint released_counts_region references region (region_code),
    made_at text not null,
    generation integer not null,
    counts text not null,
    constraint released_counts_key primary key (region_code)
) strict, without rowid;

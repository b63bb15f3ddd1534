-- Who changed what is kept, and why: one row for each revision from here on. What an older program commits has none.
create table journal (
    region_code text not null constraint journal_region references region (region_code),
    revision integer not null,
    -- An id that says nothing of a person.
    actor text not null,
    reason text not null,
    committed_at text not null,
    request text,
    constraint journal_key primary key (region_code, revision)
) strict, without rowid;

-- Which things a change touched while they are few, as a JSON list of [id, grid path]; null where it is not told.
alter table change add column things text;

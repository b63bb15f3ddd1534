-- Who changed what is kept, and why: one row for each revision from here on. What an older program commits has none.
create table journal (
    region_code text collate "C" not null constraint journal_region references region (region_code),
    revision bigint not null,
    -- An id that says nothing of a person.
    actor text collate "C" not null,
    reason text not null,
    committed_at timestamptz not null,
    request text,
    constraint journal_key primary key (region_code, revision)
);

-- Which things a change touched while they are few, as a JSON list of [id, grid path]; null where it is not told.
alter table change add column things text;

//! The statements about a region: itself, its revisions, its feed and its journal.

use super::journal::Reason;
use super::row::{self, path};
use super::table::{Cells, Dialect};
use super::{Result, StoreError};
use crate::domain::{Noun, Parts, Region, Revision, Which};

/// The codes of the regions kept; more than a message would name are left out.
pub(super) fn codes(sql: &mut impl Dialect) {
    sql.text("select region_code from region order by region_code limit 100");
}

pub(super) fn read(sql: &mut impl Dialect, region: &str) {
    sql.text(
        "select region_code, name_zh, name_en, cast(utc_offset_s as bigint) as utc_offset_s, ladder, fallback_id,",
    );
    sql.text(" fallback_name, revision from region where region_code = ").bind_text(region);
}

pub(super) fn revision(sql: &mut impl Dialect, region: &str) {
    sql.text("select revision from region where region_code = ").bind_text(region);
}

/// Reads which revision changed each part last. A trigger of the database raises them with each change of the feed.
pub(super) fn parts(sql: &mut impl Dialect, region: &str) {
    sql.text(
        "select r.revision, r.ground_revision, r.people_revision, r.homes_revision, r.cases_revision,
            r.settled_generation, j.committed_at
        from region r left join journal j on j.region_code = r.region_code and j.revision = r.revision
        where r.region_code = ",
    );
    sql.bind_text(region);
}

pub(super) fn read_parts(row: &dyn Cells) -> Result<Parts> {
    let revision = |column| Ok::<_, StoreError>(Revision(row.whole(column)?));
    Ok(Parts {
        revision: revision("revision")?,
        ground: revision("ground_revision")?,
        people: revision("people_revision")?,
        households: revision("homes_revision")?,
        incidents: revision("cases_revision")?,
        settled: row.whole_or_null("settled_generation")?,
        committed_at: row.instant_or_null("committed_at")?,
    })
}

/// Stores the region, or replaces what differs of it.
pub(super) fn put(sql: &mut impl Dialect, region: &Region) {
    sql.text(
        "insert into region as t (region_code, name_zh, name_en, utc_offset_s, ladder, fallback_id, fallback_name)",
    );
    sql.text(" values (").bind_text(&region.code);
    sql.text(", ").bind_text(&region.names.zh).text(", ").bind_text(&region.names.en);
    sql.text(", ").bind_integer(region.utc_offset.local_minus_utc().into());
    sql.text(", ").bind_text(&row::region::write_ladder(region));
    sql.text(", ").bind_text(region.fallback.holder.as_str()).text(", ").bind_text(&region.fallback.name);
    sql.text(
        ") on conflict (region_code) do update
        set name_zh = excluded.name_zh, name_en = excluded.name_en, utc_offset_s = excluded.utc_offset_s,
            ladder = excluded.ladder, fallback_id = excluded.fallback_id, fallback_name = excluded.fallback_name
        where (t.name_zh, t.name_en, t.utc_offset_s, t.ladder, t.fallback_id, t.fallback_name)
            is distinct from (excluded.name_zh, excluded.name_en, excluded.utc_offset_s, excluded.ladder,
                              excluded.fallback_id, excluded.fallback_name)",
    );
}

/// Takes the next revision, and tells on what ground.
pub(super) fn advance(sql: &mut impl Dialect, region: &str) {
    sql.text("update region set revision = revision + 1 where region_code = ").bind_text(region);
    sql.text(" returning revision, settled_generation, (select max(g.number) from generation g where g.region_code = ");
    sql.bind_text(region).text(") as newest_generation");
}

/// Writes what a revision changed of one noun.
pub(super) fn put_change(sql: &mut impl Dialect, region: &str, revision: Revision, noun: Noun, which: &Which) {
    let things = match which {
        Which::Few(things) => {
            let things: Vec<_> = things.iter().map(|(id, at)| (id, at.as_ref().map(path::write))).collect();
            Some(serde_json::to_string(&things).expect("a list of texts always has a JSON form"))
        }
        Which::Many(_) => None,
    };
    sql.text("insert into change (region_code, revision, noun, n_changed, things) values (").bind_text(region);
    sql.text(", ").bind_integer(revision.0.cast_signed()).text(", ").bind_text(noun.as_str());
    sql.text(", ").bind_integer(i64::try_from(which.n_changed()).unwrap_or(i64::MAX));
    sql.text(", ").bind_text_or_null(things.as_deref()).text(")");
}

pub(super) fn changes(sql: &mut impl Dialect, region: &str, after: Revision, limit: u32) {
    sql.text("select revision, noun, n_changed, things from change where region_code = ").bind_text(region);
    sql.text(" and revision > ").bind_integer(i64::try_from(after.0).unwrap_or(i64::MAX));
    sql.text(" order by revision, noun limit ").bind_integer(limit.into());
}

/// Reads one revision after `after` that has changed things of `noun`, if any has.
pub(super) fn changed(sql: &mut impl Dialect, region: &str, noun: Noun, after: Revision) {
    sql.text("select revision from change where region_code = ").bind_text(region);
    sql.text(" and revision > ").bind_integer(i64::try_from(after.0).unwrap_or(i64::MAX));
    sql.text(" and noun = ").bind_text(noun.as_str()).text(" limit 1");
}

/// Writes who made a revision, and why.
pub(super) fn put_journal<S: Dialect>(sql: &mut S, region: &str, revision: Revision, why: &Reason) {
    sql.text("insert into journal (region_code, revision, actor, reason, committed_at, request) values (");
    sql.bind_text(region).text(", ").bind_integer(revision.0.cast_signed());
    sql.text(", ").bind_text(why.actor.as_str()).text(", ").bind_text(&why.text);
    sql.text(", ").text(S::NOW).text(", ").bind_text_or_null(why.request.as_deref()).text(")");
}

pub(super) fn journal(sql: &mut impl Dialect, region: &str, after: Revision, limit: u32) {
    sql.text("select revision, actor, reason, committed_at, request from journal where region_code = ");
    sql.bind_text(region).text(" and revision > ").bind_integer(i64::try_from(after.0).unwrap_or(i64::MAX));
    sql.text(" order by revision limit ").bind_integer(limit.into());
}

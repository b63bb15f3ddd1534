//! The grids of stored things: where they go, and what generations that wait for their date will make of them.
//!
//! Whatever moves is listed by key (in a statement, or in `pending_grid`), and each of it finds its thing by key: the cost
//! grows with what moves.

use super::Result;
use super::record::TABLES;
use super::row::grid::whole_or_null;
use super::table::{Cells, Dialect, GridRelation, TableSpec};
use crate::domain::{GenerationNumber, Noun};

/// The tables whose things keep their grid.
pub(super) fn tables() -> impl Iterator<Item = &'static TableSpec> {
    TABLES.into_iter().filter(|table| table.grid == GridRelation::Path)
}

/// The table of `noun`, if its things keep their grid.
pub(super) fn table_of(noun: Noun) -> Option<&'static TableSpec> {
    tables().find(|table| table.noun == noun)
}

/// Reads the generation that the grids of stored things are those of.
pub(super) fn settled(sql: &mut impl Dialect, region: &str) {
    sql.text("select settled_generation from region where region_code = ").bind_text(region);
}

pub(super) fn read_settled<R: Cells>(rows: &[R]) -> Result<Option<GenerationNumber>> {
    rows.first().map_or(Ok(None), |row| whole_or_null(row, "settled_generation"))
}

pub(super) fn settle(sql: &mut impl Dialect, region: &str, generation: GenerationNumber) {
    sql.text("update region set settled_generation = ").bind_integer(generation.into());
    sql.text(" where region_code = ").bind_text(region);
}

/// Forgets what is pending for the things of these ids, whatever the generation.
pub(super) fn forget_records(sql: &mut impl Dialect, region: &str, noun: Noun, ids: &[&str]) {
    sql.text("delete from pending_grid where region_code = ").bind_text(region);
    sql.text(" and noun = ").bind_text(noun.as_str()).text(" and thing_id in ").texts(ids);
}

/// Forgets what is pending for a generation.
pub(super) fn forget(sql: &mut impl Dialect, region: &str, generation: GenerationNumber) {
    sql.text("delete from pending_grid where region_code = ").bind_text(region);
    sql.text(" and generation = ").bind_integer(generation.into());
}

/// Keeps what is pending for one generation as that of another.
pub(super) fn renumber(sql: &mut impl Dialect, region: &str, from: GenerationNumber, to: GenerationNumber) {
    sql.text("update pending_grid set generation = ").bind_integer(to.into());
    sql.text(" where region_code = ").bind_text(region).text(" and generation = ").bind_integer(from.into());
}

/// Reads of which generations something is pending, and for how many things.
pub(super) fn pending(sql: &mut impl Dialect, region: &str) {
    sql.text("select generation, count(*) as n from pending_grid where region_code = ").bind_text(region);
    sql.text(" group by generation order by generation");
}

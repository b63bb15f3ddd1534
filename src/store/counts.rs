//! Counts of incidents, grouped by the database: what a county's figures are added up from.
//!
//! Its cost is one pass over the incidents that pass the filter; what comes back grows with grids and weeks, not with
//! incidents.

use chrono::{DateTime, FixedOffset, Utc};

use super::error::inconsistent;
use super::list::narrow;
use super::table::{Cells, Column, Dialect, Record};
use super::{Filter, Result};
use crate::domain::{GridId, Household, Incident, IncidentKind, Status, Week};
use crate::geometry::Position;

/// How many incidents share a place, a kind, a tier, a status and perhaps a week.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentCount<P> {
    pub place: P,
    pub kind: IncidentKind,
    /// The code of the level that settles them.
    pub tier: Option<String>,
    pub status: Status,
    /// `None` where weeks were not asked for.
    pub week: Option<Week>,
    pub n: u64,
    /// When the first and the last one of them were reported.
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
}

/// Writes the counts by grid, kind, tier, status and week.
pub(super) fn by_grid<S: Dialect>(sql: &mut S, region: &str, filter: &Filter, weeks: Option<FixedOffset>) {
    sql.text("select t.grid_path");
    sums(sql, weeks);
    narrow(sql, Incident::TABLE, region, filter);
    sql.text(" group by 1, 2, 3, 4, 5 order by 1 nulls first, 2, 3 nulls first, 4, 5 nulls first");
}

/// Writes the counts by position, kind, tier, status and week.
pub(super) fn by_position<S: Dialect>(sql: &mut S, region: &str, filter: &Filter, weeks: Option<FixedOffset>) {
    sql.text("select ").column(&Column::position());
    sums(sql, weeks);
    narrow(sql, Incident::TABLE, region, filter);
    sql.text(" group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4 nulls first, 5, 6 nulls first");
}

/// Writes what is counted of each place, up to the conditions.
fn sums<S: Dialect>(sql: &mut S, weeks: Option<FixedOffset>) {
    sql.text(", t.kind, t.tier, t.status, ");
    match weeks {
        Some(offset) => sql.week("t.reported_at", offset.local_minus_utc().into()),
        None => sql.text(S::NO_WEEK),
    };
    sql.text(" as week, count(*) as n, min(t.reported_at) as first, max(t.reported_at) as last from incident t");
}

/// Writes the positions that at least so many share.
pub(super) fn shared(sql: &mut impl Dialect, region: &str, filter: &Filter, at_least: u64) {
    sql.text("select ").column(&Column::position()).text(", count(*) as n from incident t");
    narrow(sql, Incident::TABLE, region, filter);
    sql.text(" group by 1, 2 having count(*) >= ").bind_integer(i64::try_from(at_least).unwrap_or(i64::MAX));
    sql.text(" order by 3 desc, 1, 2");
    if let Some(limit) = filter.limit {
        sql.text(" limit ").bind_integer(limit.into());
    }
}

/// Writes how many households lie in each grid.
pub(super) fn households(sql: &mut impl Dialect, region: &str, filter: &Filter) {
    sql.text("select t.grid_path, count(*) as n from ").text(Household::TABLE.name).text(" t");
    narrow(sql, Household::TABLE, region, filter);
    sql.text(" group by t.grid_path order by t.grid_path nulls first");
}

pub(super) fn read_households(row: &dyn Cells) -> Result<(Option<GridId>, u64)> {
    Ok((row.grid_path()?.map(|path| path.leaf().clone()), row.integer("n")?.unsigned_abs()))
}

pub(super) fn read_by_grid(row: &dyn Cells) -> Result<IncidentCount<Option<GridId>>> {
    let grid = row.grid_path()?.map(|path| path.leaf().clone());
    read(row, grid)
}

pub(super) fn read_by_position(row: &dyn Cells) -> Result<IncidentCount<Position>> {
    read(row, row.position()?)
}

pub(super) fn read_shared(row: &dyn Cells) -> Result<(Position, u64)> {
    Ok((row.position()?, row.integer("n")?.unsigned_abs()))
}

fn read<P>(row: &dyn Cells, place: P) -> Result<IncidentCount<P>> {
    let (kind, status) = (row.text("kind")?, row.text("status")?);
    Ok(IncidentCount {
        place,
        kind: IncidentKind::parse(&kind).ok_or_else(|| inconsistent("kind", kind))?,
        tier: row.text_or_null("tier")?,
        status: Status::parse(&status).ok_or_else(|| inconsistent("status", status))?,
        week: row.integer_or_null("week")?.map(Week),
        n: row.integer("n")?.unsigned_abs(),
        first: row.instant("first")?,
        last: row.instant("last")?,
    })
}

//! Counts of incidents, grouped by the database: what a county's figures are added up from.
//!
//! The statement is the same on both backends but for the words each has for a week and for a position. Its cost is one
//! pass over the incidents that pass the filter; what comes back grows with grids and weeks, not with incidents.

use chrono::{DateTime, FixedOffset, Utc};

use super::list::Sql;
use super::row::{Cells, inconsistent, path, position};
use super::{Filter, Result};
use crate::domain::{GridId, Status, Week};
use crate::geometry::Position;

/// How many incidents share a place, a tier, a status and perhaps a week.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally<P> {
    pub place: P,
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

/// The words of one backend.
#[derive(Debug)]
pub(super) struct Words {
    /// `select PLACE, t.tier, t.status, `, by the grid and by the position.
    pub(super) by_grid: &'static str,
    pub(super) by_position: &'static str,
    /// Around the offset in seconds: the number of the week, see [`Week`].
    pub(super) week: [&'static str; 2],
    pub(super) no_week: &'static str,
    /// Up to ` where `, of positions and how many stand on each.
    pub(super) shared: &'static str,
}

/// Writes the head of the statement, up to its conditions.
pub(super) fn head(sql: &mut impl Sql, words: &Words, place: &'static str, weeks: Option<FixedOffset>) {
    sql.text(place);
    match weeks {
        Some(offset) => sql.text(words.week[0]).bind_integer(offset.local_minus_utc().into()).text(words.week[1]),
        None => sql.text(words.no_week),
    };
    sql.text(" as week, count(*) as n, min(t.reported_at) as first, max(t.reported_at) as last from incident t");
}

/// What groups and orders the rows, after the conditions.
pub(super) const BY_GRID: &str = " group by 1, 2, 3, 4 order by 1 nulls first, 2 nulls first, 3, 4 nulls first";
pub(super) const BY_POSITION: &str = " group by 1, 2, 3, 4, 5 order by 1, 2, 3 nulls first, 4, 5 nulls first";

/// What groups and orders positions, after the conditions.
pub(super) fn shared_tail(sql: &mut impl Sql, filter: &Filter, at_least: u64) {
    sql.text(" group by 1, 2 having count(*) >= ").bind_integer(i64::try_from(at_least).unwrap_or(i64::MAX));
    sql.text(" order by 3 desc, 1, 2");
    if let Some(limit) = filter.limit {
        sql.text(" limit ").bind_integer(limit.into());
    }
}

pub(super) fn read_by_grid(row: &impl Cells) -> Result<Tally<Option<GridId>>> {
    let grid = path::read_or_null(row)?.map(|path| path.leaf().clone());
    read(row, grid)
}

pub(super) fn read_by_position(row: &impl Cells) -> Result<Tally<Position>> {
    read(row, position(row)?)
}

pub(super) fn read_shared(row: &impl Cells) -> Result<(Position, u64)> {
    Ok((position(row)?, row.integer("n")?.unsigned_abs()))
}

fn read<P>(row: &impl Cells, place: P) -> Result<Tally<P>> {
    let status = row.text("status")?;
    Ok(Tally {
        place,
        tier: row.text_or_null("tier")?,
        status: Status::parse(&status).ok_or_else(|| inconsistent("status", status))?,
        week: row.integer_or_null("week")?.map(Week),
        n: row.integer("n")?.unsigned_abs(),
        first: row.instant("first")?,
        last: row.instant("last")?,
    })
}

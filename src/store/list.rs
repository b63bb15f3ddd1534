//! Lists: a filter turned into SQL the indexes serve, and long answers read page by page.
//!
//! Both backends speak through [`Sql`], which takes constant text only: what a user wrote is always a bound value.

use std::future::Future;

use chrono::{DateTime, Utc};
use futures::stream::{self, StreamExt, TryStreamExt};

use super::filter::Within;
use super::row::{Keyed, path};
use super::{Filter, Property, Result, Rows, StoreError, Stored, TimeSpan};
use crate::geometry::Bbox;

/// A statement being written: constant text and bound values.
pub(super) trait Sql {
    fn text(&mut self, sql: &'static str) -> &mut Self;
    fn bind_text(&mut self, value: &str) -> &mut Self;
    /// An identifier that is a column of its own: typed and collated as the columns of ids are.
    fn bind_id(&mut self, value: &str) -> &mut Self;
    fn bind_integer(&mut self, value: i64) -> &mut Self;
    fn bind_real(&mut self, value: f64) -> &mut Self;
    fn bind_instant(&mut self, value: DateTime<Utc>) -> &mut Self;
}

/// What can be asked of one noun's table, which every select calls `t`.
#[derive(Debug)]
pub(super) struct Shape {
    /// ` and t.x_id = `, ` and t.x_id > `, ` order by t.x_id`.
    pub(super) id_is: &'static str,
    pub(super) id_after: &'static str,
    pub(super) order: &'static str,
    pub(super) time: Time,
    pub(super) grid: InGrid,
    /// Each property with its ` and t.column = `.
    pub(super) equals: &'static [(Property, &'static str)],
}

/// How a noun lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Timeless,
    /// By `t.reported_at`.
    Reported,
    /// From `t.from_at` up to but not at `t.to_at`.
    Span,
}

/// How a noun stands in the tree of grids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InGrid {
    Nowhere,
    /// By its derived `t.grid_path`.
    Path,
    /// It names one grid, `t.grid_id`.
    Named,
}

/// Writes every condition of `filter` but the box, which each backend's index wants in its own words.
///
/// Things are asked for by the path kept with them, which is that of the ground in force; duties by the tree of the
/// filter's own generation.
pub(super) fn narrow(sql: &mut impl Sql, shape: &Shape, region: &str, filter: &Filter) {
    if has_nul(filter) {
        sql.text(" and 1 = 0");
        return;
    }
    if let Some(id) = &filter.id {
        sql.text(shape.id_is).bind_text(id);
    }
    for (property, value) in &filter.equals {
        match shape.equals.iter().find(|(known, _)| known == property) {
            Some((_, column_is)) => sql.text(column_is).bind_text(value),
            None => sql.text(" and 1 = 0"),
        };
    }
    if let Some(span) = &filter.time {
        narrow_time(sql, shape.time, span);
    }
    if let Some(within) = &filter.grid {
        match shape.grid {
            InGrid::Path => {
                let path = path::write(&within.path);
                sql.text(" and t.grid_path >= ").bind_text(&path);
                sql.text(" and t.grid_path < ").bind_text(&end_of_prefix(&path));
            }
            InGrid::Named => narrow_to_subtree(sql, region, within),
            InGrid::Nowhere => {
                sql.text(" and 1 = 0");
            }
        }
    }
}

/// Writes that `t.grid_id` is the grid or one below it, as the tree is in the generation: see `ground.rs` of either backend
/// for which rows count there.
fn narrow_to_subtree(sql: &mut impl Sql, region: &str, within: &Within) {
    let number = i64::from(within.generation);
    sql.text(" and t.grid_id in (with recursive lineage (number) as (");
    sql.text("select number from generation where region_code = ").bind_text(region);
    sql.text(" and number = ").bind_integer(number);
    sql.text(" union all select g.base from lineage l join generation g on g.number = l.number and g.region_code = ");
    sql.bind_text(region).text(" where g.base is not null), below (grid_id) as (select ");
    sql.bind_id(within.path.leaf().as_str());
    sql.text(" union select g.grid_id from below join grid g on g.parent_id = below.grid_id and g.region_code = ");
    sql.bind_text(region).text(" where g.since_generation in (select number from lineage)");
    sql.text(" and not exists (select 1 from grid n where n.region_code = g.region_code and n.grid_id = g.grid_id");
    sql.text(" and n.since_generation > g.since_generation and n.since_generation in (select number from lineage))");
    sql.text(" and not exists (select 1 from removed_grid r where r.region_code = g.region_code");
    sql.text(" and r.grid_id = g.grid_id and r.since_generation > g.since_generation");
    sql.text(" and r.since_generation in (select number from lineage))) select grid_id from below)");
}

fn narrow_time(sql: &mut impl Sql, time: Time, span: &TimeSpan) {
    match time {
        Time::Timeless => {}
        Time::Reported => {
            if let Some(from) = span.from {
                sql.text(" and t.reported_at >= ").bind_instant(from);
            }
            if let Some(to) = span.to {
                sql.text(" and t.reported_at <= ").bind_instant(to);
            }
        }
        Time::Span => {
            if let Some(from) = span.from {
                sql.text(" and (t.to_at is null or t.to_at > ").bind_instant(from).text(")");
            }
            if let Some(to) = span.to {
                sql.text(" and (t.from_at is null or t.from_at <= ").bind_instant(to).text(")");
            }
        }
    }
}

/// Tells whether a text asked for holds the one character no stored text has, and PostgreSQL refuses to look for.
fn has_nul(filter: &Filter) -> bool {
    let values = filter.equals.iter().map(|(_, value)| value);
    values.chain(&filter.id).chain(&filter.after).any(|text| text.contains('\0'))
}

/// Writes which page: ids after the last one, in order, so many.
pub(super) fn page(sql: &mut impl Sql, shape: &Shape, filter: &Filter) {
    if let Some(after) = filter.after.as_ref().filter(|_| !has_nul(filter)) {
        sql.text(shape.id_after).bind_text(after);
    }
    sql.text(shape.order);
    if let Some(limit) = filter.limit {
        sql.text(" limit ").bind_integer(i64::from(limit));
    }
}

/// The columns a box is compared with: the same ones twice for a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Box2d {
    pub(super) west: &'static str,
    pub(super) east: &'static str,
    pub(super) south: &'static str,
    pub(super) north: &'static str,
}

/// Writes the exact comparison of `columns` with any of `boxes`, edges included.
///
/// The spatial indexes of both backends round to 32-bit floats, up to 0.7 m off; this re-checks what they let through.
pub(super) fn exact_box(sql: &mut impl Sql, columns: Box2d, boxes: &[Bbox]) {
    for (place, plain) in boxes.iter().enumerate() {
        sql.text(if place == 0 { " and (" } else { " or " });
        sql.text("(").text(columns.west).text(" <= ").bind_real(plain.east);
        sql.text(" and ").text(columns.east).text(" >= ").bind_real(plain.west);
        sql.text(" and ").text(columns.south).text(" <= ").bind_real(plain.north);
        sql.text(" and ").text(columns.north).text(" >= ").bind_real(plain.south).text(")");
    }
    sql.text(")");
}

/// The first text after every text that begins with `path`, which ends in `/`: `0` is the next character.
fn end_of_prefix(path: &str) -> String {
    format!("{}0", path.strip_suffix('/').unwrap_or(path))
}

const FIRST_PAGE: u32 = 1_000;
const LAST_PAGE: u32 = 16_000;

/// Reads everything `filter` asks for in pages of growing size, each by a statement of its own.
///
/// So a slow reader holds neither a connection nor a snapshot, and memory stays bounded. Since pages go by id, nothing
/// that is there all the time is lost or doubled, whatever is written meanwhile.
pub(super) fn pages<'a, T, F, Answer>(filter: Filter, fetch: F) -> Rows<'a, T>
where
    T: Keyed + Send + 'a,
    F: Fn(Filter) -> Answer + Send + 'a,
    Answer: Future<Output = Result<Vec<Stored<T>>>> + Send + 'a,
{
    let start = (fetch, filter.limit, FIRST_PAGE, Some(filter));
    stream::try_unfold(start, |(fetch, left, size, filter)| async move {
        let Some(filter) = filter.filter(|_| left != Some(0)) else { return Ok::<_, StoreError>(None) };
        let asked = left.unwrap_or(size).min(size);
        let things = fetch(Filter { limit: Some(asked), ..filter.clone() }).await?;
        let n = u32::try_from(things.len()).unwrap_or(asked);
        let next =
            things.last().filter(|_| n == asked).map(|last| Filter { after: Some(last.thing.key().into()), ..filter });
        let left = left.map(|left| left - n);
        Ok(Some((stream::iter(things.into_iter().map(Ok)), (fetch, left, (size * 2).min(LAST_PAGE), next))))
    })
    .try_flatten()
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_its_sisters() {
        let end = end_of_prefix("/1/12/");
        assert!("/1/12/5/" < end.as_str() && "/1/12/" < end.as_str());
        assert!("/1/120/" > end.as_str() || "/1/120/" < "/1/12/", "another grid is outside the range");
        assert!(!("/1/12/".."/1/120").contains(&"/1/120/"));
    }
}

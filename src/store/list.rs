//! Lists: a filter turned into SQL the indexes serve, and long answers read page by page.

use std::future::Future;

use futures::stream::{self, StreamExt, TryStreamExt};

use super::error::inconsistent;
use super::row::path;
use super::table::{Cells, Dialect, GridRelation, Record, TableSpec, Time};
use super::{Filter, Location, Result, Rows, StoreError, Stored, TimeSpan};
use crate::domain::{GenerationNumber, GridId, Version};
use crate::geometry::Bbox;

/// Writes ` where` and every condition of `filter`.
///
/// Things are asked for by the path kept with them, which is that of the ground in force; what names a grid by the tree of
/// the filter's own generation.
pub(super) fn narrow(sql: &mut impl Dialect, table: &TableSpec, region: &str, filter: &Filter) {
    let boxes = filter.bbox.map(Bbox::plain).unwrap_or_default();
    sql.narrow_place(table, region, &boxes);
    if has_nul(filter) {
        sql.text(" and 1 = 0");
        return;
    }
    if let Some(id) = &filter.id {
        sql.text(" and t.").text(table.id).text(" = ").bind_text(id);
    }
    for (property, value) in &filter.equals {
        match table.filterable(*property) {
            Some(column) => sql.text(" and t.").text(column).text(" = ").bind_text(value),
            None => sql.text(" and 1 = 0"),
        };
    }
    if let Some(span) = &filter.time {
        narrow_time(sql, table.time, span);
    }
    if let Some(within) = &filter.grid {
        sql.text(" and ");
        match table.grid {
            GridRelation::Path => within_path(sql, &path::write(&within.path)),
            GridRelation::Named => named_below(sql, region, within.path.leaf(), Some(within.generation)),
            GridRelation::None => {
                sql.text("1 = 0");
            }
        }
    }
    if let Some(location) = &filter.location {
        located_in(sql, table.grid, location);
    }
    if let Some(areas) = filter.scope.areas().filter(|_| table.grid != GridRelation::None) {
        sql.text(if areas.is_empty() { " and (1 = 0" } else { " and (" });
        for (place, area) in areas.iter().enumerate() {
            sql.text(if place == 0 { "" } else { " or " });
            match table.grid {
                GridRelation::Named => named_below(sql, region, area.leaf(), None),
                GridRelation::Path | GridRelation::None => within_path(sql, &path::write(area)),
            }
        }
        sql.text(")");
    }
}

/// Writes that the derived path begins with `path`.
fn within_path(sql: &mut impl Dialect, path: &str) {
    sql.text("(t.grid_path >= ").bind_text(path);
    sql.text(" and t.grid_path < ").bind_text(&end_of_prefix(path)).text(")");
}

/// Writes where the derived path ends, or that there is none.
fn located_in(sql: &mut impl Dialect, relation: GridRelation, location: &Location) {
    match (relation, location) {
        (GridRelation::Named | GridRelation::None, _) => {
            sql.text(" and 1 = 0");
        }
        (GridRelation::Path, Location::Outside) => {
            sql.text(" and t.grid_path is null");
        }
        (GridRelation::Path, Location::In(grids)) => {
            let paths: Vec<String> = grids.iter().map(path::write).collect();
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            sql.text(" and t.grid_path in ").texts(&paths);
        }
    }
}

/// Writes that the named grid is `grid` or one below it, as the tree is in `generation`, else in the one that stored things are
/// located on: see `ground.rs` of either backend for which rows count there.
fn named_below(sql: &mut impl Dialect, region: &str, grid: &GridId, generation: Option<GenerationNumber>) {
    sql.text("t.grid_id in (with recursive lineage (number) as (");
    sql.text("select number from generation where region_code = ").bind_text(region).text(" and number = ");
    match generation {
        Some(number) => sql.bind_integer(number.into()),
        None => sql.text("(select settled_generation from region where region_code = ").bind_text(region).text(")"),
    };
    sql.text(" union all select g.base from lineage l join generation g on g.number = l.number and g.region_code = ");
    sql.bind_text(region).text(" where g.base is not null), below (grid_id) as (select ").bind_id(grid.as_str());
    // By a cross join SQLite looks for the few below one, and not through all grids of a generation for each.
    sql.text(" union select g.grid_id from below cross join grid g where g.parent_id = below.grid_id");
    sql.text(" and g.region_code = ").bind_text(region);
    sql.text(" and g.since_generation in (select number from lineage)");
    sql.text(" and not exists (select 1 from grid n where n.region_code = g.region_code and n.grid_id = g.grid_id");
    sql.text(" and n.since_generation > g.since_generation and n.since_generation in (select number from lineage))");
    sql.text(" and not exists (select 1 from removed_grid r where r.region_code = g.region_code");
    sql.text(" and r.grid_id = g.grid_id and r.since_generation > g.since_generation");
    sql.text(" and r.since_generation in (select number from lineage))) select grid_id from below)");
}

fn narrow_time(sql: &mut impl Dialect, time: Time, span: &TimeSpan) {
    match time {
        Time::Timeless => {}
        Time::Instant(at) => {
            if let Some(from) = span.from {
                sql.text(" and t.").text(at).text(" >= ").bind_instant(from);
            }
            if let Some(to) = span.to {
                sql.text(" and t.").text(at).text(" <= ").bind_instant(to);
            }
        }
        Time::Period { from: begins, to: ends } => {
            if let Some(from) = span.from {
                sql.text(" and (t.").text(ends).text(" is null or t.").text(ends).text(" > ");
                sql.bind_instant(from).text(")");
            }
            if let Some(to) = span.to {
                sql.text(" and (t.").text(begins).text(" is null or t.").text(begins).text(" <= ");
                sql.bind_instant(to).text(")");
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
pub(super) fn page(sql: &mut impl Dialect, table: &TableSpec, filter: &Filter) {
    if let Some(after) = filter.after.as_ref().filter(|_| !has_nul(filter)) {
        sql.text(" and t.").text(table.id).text(" > ").bind_text(after);
    }
    sql.text(" order by t.").text(table.id);
    if let Some(limit) = filter.limit {
        sql.text(" limit ").bind_integer(i64::from(limit));
    }
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
    T: Record,
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
            things.last().filter(|_| n == asked).map(|last| Filter { after: Some(last.thing.id().into()), ..filter });
        let left = left.map(|left| left - n);
        Ok(Some((stream::iter(things.into_iter().map(Ok)), (fetch, left, (size * 2).min(LAST_PAGE), next))))
    })
    .try_flatten()
    .boxed()
}

/// Reads a thing and its version.
pub(super) fn stored<R: Record>(row: &dyn Cells) -> Result<Stored<R>> {
    let thing = R::read(row)?;
    let version = u64::try_from(row.integer("version")?).map_err(|_| inconsistent("version", "it is negative"))?;
    Ok(Stored { thing, version: Version(version) })
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

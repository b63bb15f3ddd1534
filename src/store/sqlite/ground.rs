//! Generations of the ground, a tree of versions: each holds what differs from its base.
//!
//! Of a grid in generation N counts the row with the greatest `since_generation` among N, its base, the base of that, and so
//! on: its lineage. A base has a smaller number always, so a lineage goes down.

use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt};
use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use super::SqliteWriter;
use super::dialect::json;
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, GridId, NewGeneration, Noun};
use crate::store::backend::Connection as _;
use crate::store::row::{grid, kept_instant, wkb};
use crate::store::table::Cells;
use crate::store::{GenerationDiff, Result, StoreError};

/// The lineage of a generation as a table `$name` of numbers.
macro_rules! lineage {
    ($name:literal, $number:literal) => {
        concat!(
            $name,
            " (number) as (
                 select number from generation where region_code = ?1 and number = ",
            $number,
            " union all
                 select g.base from ",
            $name,
            " l join generation g on g.region_code = ?1 and g.number = l.number
                 where g.base is not null)"
        )
    };
}

/// Tells that the row `$row` of `grid` counts in the lineage `$lineage`. The plus signs hold the planner to the few rows that a
/// grid has: it would rather look up every number of the lineage.
macro_rules! counts_in {
    ($row:literal, $lineage:literal) => {
        concat!(
            $row,
            ".region_code = ?1 and ",
            $row,
            ".since_generation in (select number from ",
            $lineage,
            ")
             and not exists (
                 select 1 from grid n where n.region_code = ?1 and n.grid_id = ",
            $row,
            ".grid_id
                 and n.since_generation > ",
            $row,
            ".since_generation
                 and +n.since_generation in (select number from ",
            $lineage,
            "))
             and not exists (
                 select 1 from removed_grid r where r.region_code = ?1 and r.grid_id = ",
            $row,
            ".grid_id
                 and r.since_generation > ",
            $row,
            ".since_generation
                 and +r.since_generation in (select number from ",
            $lineage,
            "))"
        )
    };
}

/// Up to where the temporary table says which of the grids `state` that two lineages may have otherwise are asked for: `was` is
/// what counts of each in the lineage of generation `?2`, `now` in that of `?3`, by the number of the row and 0 for none.
macro_rules! between {
    ($columns:literal) => {
        concat!(
            "with recursive ",
            lineage!("before", "?2"),
            ", ",
            lineage!("after", "?3"),
            ",
             touched (number) as (
                 select number from before where number not in (select number from after)
                 union select number from after where number not in (select number from before)),
             candidate (grid_id) as (
                 select g.grid_id from touched t cross join grid g indexed by grid_by_since
                 on g.region_code = ?1 and g.since_generation = t.number
                 union select r.grid_id from touched t cross join removed_grid r
                 on r.region_code = ?1 and r.since_generation = t.number),
             state (grid_id, was, now) as (
                 select c.grid_id,
                     max(
                         coalesce((select s.since_generation from grid s where s.region_code = ?1
                             and s.grid_id = c.grid_id and +s.since_generation in (select number from before)
                             order by s.since_generation desc limit 1), 0),
                         coalesce((select s.since_generation from removed_grid s where s.region_code = ?1
                             and s.grid_id = c.grid_id and +s.since_generation in (select number from before)
                             order by s.since_generation desc limit 1), 0)),
                     max(
                         coalesce((select s.since_generation from grid s where s.region_code = ?1
                             and s.grid_id = c.grid_id and +s.since_generation in (select number from after)
                             order by s.since_generation desc limit 1), 0),
                         coalesce((select s.since_generation from removed_grid s where s.region_code = ?1
                             and s.grid_id = c.grid_id and +s.since_generation in (select number from after)
                             order by s.since_generation desc limit 1), 0))
                 from candidate c)
             select ",
            $columns
        )
    };
}

pub(super) async fn generations(pool: &SqlitePool, region: &str) -> Result<Vec<Generation>> {
    let rows = sqlx::query(
        "select number, plan, kind, origin, base, recorded, in_force,
             (select count(*) from acknowledged_gap a where a.region_code = g.region_code and a.number = g.number)
                 as n_acknowledged_gaps
         from generation g where region_code = ?1 order by number",
    )
    .bind(region)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| grid::read_generation(row)).collect()
}

pub(super) async fn gaps(pool: &SqlitePool, region: &str, number: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
    let rows = sqlx::query(
        "select parent_id, x, y, area_m2 from acknowledged_gap where region_code = ?1 and number = ?2 order by place",
    )
    .bind(region)
    .bind(number)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| grid::read_gap(row)).collect()
}

pub(super) fn grids<'a>(
    pool: &'a SqlitePool,
    region: &'a str,
    number: GenerationNumber,
) -> BoxStream<'a, Result<Grid>> {
    sqlx::query(concat!(
        "with recursive ",
        lineage!("lineage", "?2"),
        "
         select g.grid_id, g.code, g.name, g.depth, g.parent_id, g.boundary from grid g
         where ",
        counts_in!("g", "lineage"),
        " order by g.depth, g.code",
    ))
    .bind(region)
    .bind(number)
    .fetch(pool)
    .map(|row| grid::read(&row?))
    .boxed()
}

/// The grids that two lineages have otherwise. A `cross join` holds the planner to the order, and it would rather read a whole
/// index that has every column than look up another.
const PUT_BETWEEN: &str = concat!(
    between!("g.grid_id, g.code, g.name, g.depth, g.parent_id, g.boundary"),
    " from state t cross join grid g on g.region_code = ?1 and g.grid_id = t.grid_id and g.since_generation = t.now
      where t.was <> t.now order by g.depth, g.code",
);

/// Those that only the first has.
const REMOVED_BETWEEN: &str = concat!(
    between!("t.grid_id"),
    " from state t cross join grid g on g.region_code = ?1 and g.grid_id = t.grid_id and g.since_generation = t.was
      where not exists (
          select 1 from grid n where n.region_code = ?1 and n.grid_id = t.grid_id and n.since_generation = t.now)
      order by t.grid_id",
);

/// A code of those that generation `?2` puts which another grid of it has, too.
const CODE_CLASH: &str = concat!(
    "with recursive ",
    lineage!("lineage", "?2"),
    "
     select g.code from grid p cross join grid g indexed by grid_by_code
         on g.region_code = ?1 and g.code = p.code and g.grid_id <> p.grid_id
     where p.region_code = ?1 and p.since_generation = ?2 and ",
    counts_in!("g", "lineage"),
    " limit 1",
);

/// What is asked about a generation that differs little from another, for the planner's test.
#[cfg(test)]
pub(super) const OF_WHAT_DIFFERS: [&str; 3] = [PUT_BETWEEN, REMOVED_BETWEEN, CODE_CLASH];

/// Only rows of generations that are in one lineage and not in the other are looked at: a range of an index for each.
pub(super) async fn grids_between(
    pool: &SqlitePool,
    region: &str,
    from: GenerationNumber,
    to: GenerationNumber,
) -> Result<GenerationDiff> {
    let rows = async |sql| sqlx::query(sql).bind(region).bind(from).bind(to).fetch_all(pool).await;
    let (put, removed) = (rows(PUT_BETWEEN).await?, rows(REMOVED_BETWEEN).await?);
    Ok(GenerationDiff {
        put: put.iter().map(|row| grid::read(row)).collect::<Result<_>>()?,
        removed: removed.iter().map(|row| (row as &dyn Cells).id("grid_id")).collect::<Result<_>>()?,
    })
}

/// The number of the newest generation.
pub(super) async fn newest(connection: &mut SqliteConnection, region: &str) -> Result<Option<GenerationNumber>> {
    let row = sqlx::query("select max(number) as number from generation where region_code = ?1")
        .bind(region)
        .fetch_one(connection)
        .await?;
    Ok(row.integer_or_null("number")?.and_then(|number| GenerationNumber::try_from(number).ok()))
}

/// Publishes the next generation. What was recorded never runs backwards, whatever a clock says.
pub(super) async fn publish(
    connection: &mut SqliteConnection,
    region: &str,
    new: &NewGeneration,
    recorded: DateTime<Utc>,
) -> Result<GenerationNumber> {
    let newest = newest(connection, region).await?;
    if newest != new.newest {
        return Err(StoreError::GenerationMoved { known: new.newest, newest });
    }
    let number = newest.unwrap_or(0) + 1;
    let (kind, origin) = grid::write_kind(new.kind);
    sqlx::query(
        "insert into generation (region_code, number, plan, kind, origin, base, recorded, in_force)
         values (?1, ?2, ?3, ?4, ?5, ?6, max(?7, coalesce(
             (select max(recorded) from generation where region_code = ?1), ?7)), ?8)",
    )
    .bind(region)
    .bind(number)
    .bind(&new.plan)
    .bind(kind)
    .bind(origin)
    .bind(new.base)
    .bind(kept_instant(recorded))
    .bind(kept_instant(new.in_force))
    .execute(&mut *connection)
    .await?;
    remove_grids(connection, region, new, number).await?;
    put_grids(connection, region, &new.put, number).await?;
    for (place, gap) in (0_i64..).zip(&new.acknowledged_gaps) {
        put_gap(connection, region, gap, number, place).await?;
    }
    check_codes(connection, region, number).await?;
    Ok(number)
}

/// Ends the states of grids that are removed; they are there in the base.
async fn remove_grids(
    connection: &mut SqliteConnection,
    region: &str,
    new: &NewGeneration,
    number: GenerationNumber,
) -> Result<()> {
    let removed: Vec<&str> = new.removed.iter().map(GridId::as_str).collect();
    let missing = sqlx::query(concat!(
        "with recursive ",
        lineage!("lineage", "?2"),
        "
         select o.grid_id from (select value as grid_id from json_each(?3)) o
         where not exists (
             select 1 from grid g where g.grid_id = o.grid_id and ",
        counts_in!("g", "lineage"),
        ")
         order by o.grid_id limit 1",
    ));
    let missing = missing.bind(region).bind(new.base.unwrap_or(0)).bind(json(&removed));
    if let Some(row) = missing.fetch_optional(&mut *connection).await? {
        return Err(StoreError::Absent { noun: Noun::Grids, id: row.text("grid_id")? });
    }
    sqlx::query(
        "insert into removed_grid (region_code, grid_id, since_generation)
         select ?1, o.grid_id, ?2 from (select value as grid_id from json_each(?3)) o",
    )
    .bind(region)
    .bind(number)
    .bind(json(&removed))
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses a code that another grid of the same generation has: one of the two was put now.
async fn check_codes(connection: &mut SqliteConnection, region: &str, number: GenerationNumber) -> Result<()> {
    match sqlx::query(CODE_CLASH).bind(region).bind(number).fetch_optional(connection).await? {
        Some(_) => Err(StoreError::Clash { constraint: "grid_code_unique".to_owned() }),
        None => Ok(()),
    }
}

async fn put_grids(
    connection: &mut SqliteConnection,
    region: &str,
    grids: &[Grid],
    since: GenerationNumber,
) -> Result<()> {
    for batch in grids.chunks(SqliteWriter::BATCH) {
        let mut insert = QueryBuilder::new(
            "insert into grid (region_code, grid_id, since_generation, code, name, depth, parent_id, boundary) ",
        );
        insert.push_values(batch, |mut row, grid| {
            row.push_bind(region).push_bind(grid.id.as_str()).push_bind(since).push_bind(&grid.code);
            row.push_bind(&grid.name).push_bind(grid.depth).push_bind(grid.parent.as_ref().map(GridId::as_str));
            row.push_bind(wkb::write(&grid.boundary));
        });
        insert.build().execute(&mut *connection).await?;
    }
    Ok(())
}

async fn put_gap(
    connection: &mut SqliteConnection,
    region: &str,
    gap: &AcknowledgedGap,
    number: GenerationNumber,
    place: i64,
) -> Result<()> {
    sqlx::query(
        "insert into acknowledged_gap (region_code, number, place, parent_id, x, y, area_m2)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(region)
    .bind(number)
    .bind(place)
    .bind(gap.parent.as_ref().map(GridId::as_str))
    .bind(gap.at.x)
    .bind(gap.at.y)
    .bind(gap.area_m2)
    .execute(connection)
    .await?;
    Ok(())
}

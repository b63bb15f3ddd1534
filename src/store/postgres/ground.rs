//! Generations of the ground, a tree of versions: each holds what differs from its base.
//!
//! Of a grid in generation N counts the row with the greatest `since_generation` among N, its base, the base of that, and so
//! on: its lineage. A base has a smaller number always, so a lineage goes down.

use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt};
use sqlx::postgres::{PgConnection, PgPool};

use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, GridId, NewGeneration, Noun};
use crate::store::row::{grid, kept_instant, wkb};
use crate::store::table::Cells;
use crate::store::{GenerationDiff, Result, StoreError};

/// How many grids go into one statement: a grid has about a hundred vertices, a few kilobytes.
const BATCH: usize = 500;

/// The lineage of a generation as a table `$name` of numbers.
macro_rules! lineage {
    ($name:literal, $number:literal) => {
        concat!(
            $name,
            " (number) as (
                 select number from generation where region_code = $1 and number = ",
            $number,
            " union all
                 select g.base from ",
            $name,
            " l join generation g on g.region_code = $1 and g.number = l.number
                 where g.base is not null)"
        )
    };
}

/// Tells that the row `$row` of `grid` counts in the lineage `$lineage`.
macro_rules! counts_in {
    ($row:literal, $lineage:literal) => {
        concat!(
            $row,
            ".region_code = $1 and ",
            $row,
            ".since_generation in (select number from ",
            $lineage,
            ")
             and not exists (
                 select 1 from grid n where n.region_code = $1 and n.grid_id = ",
            $row,
            ".grid_id
                 and n.since_generation > ",
            $row,
            ".since_generation
                 and n.since_generation in (select number from ",
            $lineage,
            "))
             and not exists (
                 select 1 from removed_grid r where r.region_code = $1 and r.grid_id = ",
            $row,
            ".grid_id
                 and r.since_generation > ",
            $row,
            ".since_generation
                 and r.since_generation in (select number from ",
            $lineage,
            "))"
        )
    };
}

/// Up to where the temporary table says which of the grids `state` that two lineages may have otherwise are asked for: `was` is
/// what counts of each in the lineage of generation `$2`, `now` in that of `$3`, by the number of the row and 0 for none.
macro_rules! between {
    ($columns:literal) => {
        concat!(
            "with recursive ", lineage!("before", "$2"), ", ", lineage!("after", "$3"), ",
             touched (number) as (
                 select number from before where number not in (select number from after)
                 union select number from after where number not in (select number from before)),
             candidate (grid_id) as (
                 select grid_id from grid where region_code = $1 and since_generation in (select number from touched)
                 union select grid_id from removed_grid
                 where region_code = $1 and since_generation in (select number from touched)),
             state (grid_id, was, now) as (
                 select c.grid_id,
                     greatest(
                         coalesce((select max(s.since_generation) from grid s where s.region_code = $1
                             and s.grid_id = c.grid_id and s.since_generation in (select number from before)), 0),
                         coalesce((select max(s.since_generation) from removed_grid s where s.region_code = $1
                             and s.grid_id = c.grid_id and s.since_generation in (select number from before)), 0)),
                     greatest(
                         coalesce((select max(s.since_generation) from grid s where s.region_code = $1
                             and s.grid_id = c.grid_id and s.since_generation in (select number from after)), 0),
                         coalesce((select max(s.since_generation) from removed_grid s where s.region_code = $1
                             and s.grid_id = c.grid_id and s.since_generation in (select number from after)), 0))
                 from candidate c)
             select ", $columns
        )
    };
}

pub(super) async fn generations(pool: &PgPool, region: &str) -> Result<Vec<Generation>> {
    let rows = sqlx::query(
        "select number, plan, kind, origin, base, recorded, in_force,
             (select count(*) from acknowledged_gap a where a.region_code = g.region_code and a.number = g.number)
                 as n_acknowledged_gaps
         from generation g where region_code = $1 order by number",
    )
    .bind(region)
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| grid::read_generation(row)).collect()
}

pub(super) async fn gaps(pool: &PgPool, region: &str, number: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
    let rows = sqlx::query(
        "select parent_id, x, y, area_m2 from acknowledged_gap where region_code = $1 and number = $2 order by place",
    )
    .bind(region)
    .bind(i64::from(number))
    .fetch_all(pool)
    .await?;
    rows.iter().map(|row| grid::read_gap(row)).collect()
}

pub(super) fn grids<'a>(pool: &'a PgPool, region: &'a str, number: GenerationNumber) -> BoxStream<'a, Result<Grid>> {
    sqlx::query(concat!(
        "with recursive ",
        lineage!("lineage", "$2"),
        "
         select g.grid_id, g.code, g.name, g.depth, g.parent_id, st_asbinary(g.boundary, 'NDR') as boundary from grid g
         where ",
        counts_in!("g", "lineage"),
        " order by g.depth, g.code",
    ))
    .bind(region)
    .bind(i64::from(number))
    .fetch(pool)
    .map(|row| grid::read(&row?))
    .boxed()
}

/// Only rows of generations that are in one lineage and not in the other are looked at: a range of an index for each.
pub(super) async fn grids_between(
    pool: &PgPool,
    region: &str,
    from: GenerationNumber,
    to: GenerationNumber,
) -> Result<GenerationDiff> {
    let put = sqlx::query(concat!(
        between!("g.grid_id, g.code, g.name, g.depth, g.parent_id, st_asbinary(g.boundary, 'NDR') as boundary"),
        " from state t join grid g on g.region_code = $1 and g.grid_id = t.grid_id and g.since_generation = t.now
          where t.was <> t.now order by g.depth, g.code",
    ))
    .bind(region)
    .bind(i64::from(from))
    .bind(i64::from(to))
    .fetch_all(pool)
    .await?;
    let removed = sqlx::query(concat!(
        between!("t.grid_id"),
        " from state t join grid g on g.region_code = $1 and g.grid_id = t.grid_id and g.since_generation = t.was
          where not exists (
              select 1 from grid n where n.region_code = $1 and n.grid_id = t.grid_id and n.since_generation = t.now)
          order by t.grid_id",
    ))
    .bind(region)
    .bind(i64::from(from))
    .bind(i64::from(to))
    .fetch_all(pool)
    .await?;
    Ok(GenerationDiff {
        put: put.iter().map(|row| grid::read(row)).collect::<Result<_>>()?,
        removed: removed.iter().map(|row| (row as &dyn Cells).id("grid_id")).collect::<Result<_>>()?,
    })
}

/// The number of the newest generation.
pub(super) async fn newest(connection: &mut PgConnection, region: &str) -> Result<Option<GenerationNumber>> {
    let row = sqlx::query("select max(number) as number from generation where region_code = $1")
        .bind(region)
        .fetch_one(connection)
        .await?;
    Ok(row.integer_or_null("number")?.and_then(|number| GenerationNumber::try_from(number).ok()))
}

/// Publishes the next generation. What was recorded never runs backwards, whatever a clock says.
pub(super) async fn publish(
    connection: &mut PgConnection,
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
         values ($1, $2, $3, $4, $5, $6, greatest($7, coalesce(
             (select max(recorded) from generation where region_code = $1), $7)), $8)",
    )
    .bind(region)
    .bind(i64::from(number))
    .bind(&new.plan)
    .bind(kind)
    .bind(origin.map(i64::from))
    .bind(new.base.map(i64::from))
    .bind(kept_instant(recorded))
    .bind(kept_instant(new.in_force))
    .execute(&mut *connection)
    .await?;
    remove_grids(connection, region, new, number).await?;
    for grids in new.put.chunks(BATCH) {
        put_grids(connection, region, grids, number).await?;
    }
    put_gaps(connection, region, &new.acknowledged_gaps, number).await?;
    check_codes(connection, region, number).await?;
    Ok(number)
}

/// Ends the states of grids that are removed; they are there in the base.
async fn remove_grids(
    connection: &mut PgConnection,
    region: &str,
    new: &NewGeneration,
    number: GenerationNumber,
) -> Result<()> {
    let removed: Vec<&str> = new.removed.iter().map(GridId::as_str).collect();
    let missing = sqlx::query(concat!(
        "with recursive ",
        lineage!("lineage", "$2"),
        "
         select o.grid_id from unnest($3::text[]) as o (grid_id)
         where not exists (
             select 1 from (
                 select g.region_code, g.grid_id, g.since_generation from grid g
                 where g.region_code = $1 and g.grid_id = o.grid_id offset 0
             ) g where ",
        counts_in!("g", "lineage"),
        ")
         order by o.grid_id limit 1",
    ));
    let missing = missing.bind(region).bind(i64::from(new.base.unwrap_or(0))).bind(&removed);
    if let Some(row) = missing.fetch_optional(&mut *connection).await? {
        return Err(StoreError::Absent { noun: Noun::Grids, id: row.text("grid_id")? });
    }
    sqlx::query(
        "insert into removed_grid (region_code, grid_id, since_generation)
         select $1, o.grid_id, $2 from unnest($3::text[]) as o (grid_id)",
    )
    .bind(region)
    .bind(i64::from(number))
    .bind(&removed)
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses a code that another grid of the same generation has: one of the two was put now.
///
/// `offset 0` holds the planner to looking for each code by its index: of a table that was filled just now it knows nothing,
/// and else goes through the whole generation once for each of its grids.
async fn check_codes(connection: &mut PgConnection, region: &str, number: GenerationNumber) -> Result<()> {
    let clash = sqlx::query(concat!(
        "with recursive ",
        lineage!("lineage", "$2"),
        "
         select g.code from grid p cross join lateral (
             select g.region_code, g.grid_id, g.code, g.since_generation from grid g
             where g.region_code = $1 and g.code = p.code offset 0
         ) g
         where p.region_code = $1 and p.since_generation = $2 and g.grid_id <> p.grid_id and ",
        counts_in!("g", "lineage"),
        " limit 1",
    ));
    match clash.bind(region).bind(i64::from(number)).fetch_optional(connection).await? {
        Some(_) => Err(StoreError::Clash { constraint: "grid_code_unique".to_owned() }),
        None => Ok(()),
    }
}

async fn put_grids(connection: &mut PgConnection, region: &str, grids: &[Grid], since: GenerationNumber) -> Result<()> {
    sqlx::query(
        "insert into grid (region_code, grid_id, since_generation, code, name, depth, parent_id, boundary)
         select $1, new.grid_id, $2, new.code, new.name, new.depth, new.parent_id,
             st_geomfromwkb(new.boundary, 4326)
         from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bytea[])
             as new (grid_id, code, name, depth, parent_id, boundary)",
    )
    .bind(region)
    .bind(i64::from(since))
    .bind(grids.iter().map(|grid| grid.id.as_str()).collect::<Vec<_>>())
    .bind(grids.iter().map(|grid| grid.code.as_str()).collect::<Vec<_>>())
    .bind(grids.iter().map(|grid| grid.name.as_deref()).collect::<Vec<_>>())
    .bind(grids.iter().map(|grid| i64::from(grid.depth)).collect::<Vec<_>>())
    .bind(grids.iter().map(|grid| grid.parent.as_ref().map(GridId::as_str)).collect::<Vec<_>>())
    .bind(grids.iter().map(|grid| wkb::write(&grid.boundary)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

async fn put_gaps(
    connection: &mut PgConnection,
    region: &str,
    gaps: &[AcknowledgedGap],
    number: GenerationNumber,
) -> Result<()> {
    sqlx::query(
        "insert into acknowledged_gap (region_code, number, place, parent_id, x, y, area_m2)
         select $1, $2, new.place, new.parent_id, new.x, new.y, new.area_m2
         from unnest($3::text[], $4::bigint[], $5::bigint[], $6::double precision[])
             with ordinality as new (parent_id, x, y, area_m2, place)",
    )
    .bind(region)
    .bind(i64::from(number))
    .bind(gaps.iter().map(|gap| gap.parent.as_ref().map(GridId::as_str)).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| i64::from(gap.at.x)).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| i64::from(gap.at.y)).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| gap.area_m2).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

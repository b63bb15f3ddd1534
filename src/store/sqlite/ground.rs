//! Generations of the ground: each grid row is true over a range of them.

use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt};
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use super::dialect::json;
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, GridId, NewGeneration, Noun};
use crate::store::row::{grid, id, kept_instant, wkb};
use crate::store::table::Cells;
use crate::store::{Differing, Result, StoreError};

pub(super) async fn generations(pool: &SqlitePool, region: &str) -> Result<Vec<Generation>> {
    let rows = sqlx::query(
        "select number, plan, recorded, in_force,
             (select count(*) from acknowledged_gap a where a.region_code = g.region_code and a.number = g.number)
                 as n_acknowledged_gaps
         from generation g where region_code = ?1 order by number",
    )
    .bind(region)
    .fetch_all(pool)
    .await?;
    rows.iter().map(grid::read_generation).collect()
}

pub(super) async fn gaps(pool: &SqlitePool, region: &str, number: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
    let rows = sqlx::query(
        "select parent_id, x, y, area_m2 from acknowledged_gap where region_code = ?1 and number = ?2 order by place",
    )
    .bind(region)
    .bind(number)
    .fetch_all(pool)
    .await?;
    rows.iter().map(grid::read_gap).collect()
}

pub(super) fn grids<'a>(
    pool: &'a SqlitePool,
    region: &'a str,
    number: GenerationNumber,
) -> BoxStream<'a, Result<Grid>> {
    sqlx::query(
        "select grid_id, code, name, depth, parent_id, boundary from grid
         where region_code = ?1 and since_generation <= ?2 and (until_generation is null or ?2 < until_generation)
         order by depth, code",
    )
    .bind(region)
    .bind(number)
    .fetch(pool)
    .map(|row| grid::read(&row?))
    .boxed()
}

/// Each of the two ways in which a row that counts in `to` does not in `from` is a range of an index.
pub(super) async fn grids_between(
    pool: &SqlitePool,
    region: &str,
    from: GenerationNumber,
    to: GenerationNumber,
) -> Result<Differing> {
    let put = sqlx::query(
        "select grid_id, code, name, depth, parent_id, boundary from grid
         where region_code = ?1 and since_generation <= ?3 and (until_generation is null or ?3 < until_generation)
             and (since_generation > ?2 or until_generation <= ?2)
         order by depth, code",
    )
    .bind(region)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    let removed = sqlx::query(
        "select grid_id from grid g
         where region_code = ?1 and since_generation <= ?2 and (until_generation is null or ?2 < until_generation)
             and (since_generation > ?3 or until_generation <= ?3)
             and not exists (
                 select 1 from grid n where n.region_code = g.region_code and n.grid_id = g.grid_id
                 and n.since_generation <= ?3 and (n.until_generation is null or ?3 < n.until_generation))
         order by grid_id",
    )
    .bind(region)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    Ok(Differing {
        put: put.iter().map(grid::read).collect::<Result<_>>()?,
        removed: removed.iter().map(|row| id(row, "grid_id")).collect::<Result<_>>()?,
    })
}

/// Returns the way down to `id` in the newest generation, as the text kept with what stands in it.
pub(super) async fn path_of(pool: &SqlitePool, region: &str, id: &GridId) -> Result<Option<String>> {
    let path = sqlx::query_scalar(
        "with recursive up (parent_id, path) as (
             select parent_id, '/' || grid_id || '/' from grid
             where region_code = ?1 and grid_id = ?2 and until_generation is null
             union
             select g.parent_id, '/' || g.grid_id || up.path from up
             join grid g on g.region_code = ?1 and g.grid_id = up.parent_id and g.until_generation is null)
         select path from up where parent_id is null",
    );
    Ok(path.bind(region).bind(id.as_str()).fetch_optional(pool).await?)
}

pub(super) async fn publish(
    connection: &mut SqliteConnection,
    region: &str,
    new: &NewGeneration,
    recorded: DateTime<Utc>,
) -> Result<GenerationNumber> {
    let newest: Option<GenerationNumber> =
        sqlx::query_scalar("select max(number) from generation where region_code = ?1")
            .bind(region)
            .fetch_one(&mut *connection)
            .await?;
    if newest != new.made_on {
        return Err(StoreError::GenerationMoved { made_on: new.made_on, newest });
    }
    let number = newest.unwrap_or(0) + 1;
    sqlx::query("insert into generation (region_code, number, plan, recorded, in_force) values (?1, ?2, ?3, ?4, ?5)")
        .bind(region)
        .bind(number)
        .bind(&new.plan)
        .bind(kept_instant(recorded))
        .bind(kept_instant(new.in_force))
        .execute(&mut *connection)
        .await?;
    end_states(connection, region, new, number).await?;
    for grid in &new.put {
        put_grid(connection, region, grid, number).await?;
    }
    for (place, gap) in (0_i64..).zip(&new.acknowledged_gaps) {
        put_gap(connection, region, gap, number, place).await?;
    }
    Ok(number)
}

/// Ends the states of grids that are removed or replaced.
async fn end_states(
    connection: &mut SqliteConnection,
    region: &str,
    new: &NewGeneration,
    number: GenerationNumber,
) -> Result<()> {
    let removed: Vec<&str> = new.removed.iter().map(GridId::as_str).collect();
    let missing = sqlx::query(
        "select value as grid_id from json_each(?2) where not exists (
             select 1 from grid where region_code = ?1 and grid_id = value and until_generation is null)
         order by value limit 1",
    );
    if let Some(row) = missing.bind(region).bind(json(&removed)).fetch_optional(&mut *connection).await? {
        return Err(StoreError::Absent { noun: Noun::Grids, id: row.text("grid_id")? });
    }
    let ended: Vec<&str> = new.put.iter().map(|grid| grid.id.as_str()).chain(removed).collect();
    sqlx::query(
        "update grid set until_generation = ?3 where region_code = ?1 and until_generation is null
         and grid_id in (select value from json_each(?2))",
    )
    .bind(region)
    .bind(json(&ended))
    .bind(number)
    .execute(connection)
    .await?;
    Ok(())
}

async fn put_grid(connection: &mut SqliteConnection, region: &str, grid: &Grid, since: GenerationNumber) -> Result<()> {
    sqlx::query(
        "insert into grid (region_code, grid_id, since_generation, code, name, depth, parent_id, boundary)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(region)
    .bind(grid.id.as_str())
    .bind(since)
    .bind(&grid.code)
    .bind(&grid.name)
    .bind(grid.depth)
    .bind(grid.parent.as_ref().map(GridId::as_str))
    .bind(wkb::write(&grid.boundary))
    .execute(connection)
    .await?;
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

//! Generations of the ground: each grid row is true over a range of them.

use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt};
use sqlx::postgres::{PgConnection, PgPool};

use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, GridId, NewGeneration, Noun};
use crate::store::row::{grid, id, kept_instant, wkb};
use crate::store::table::Cells;
use crate::store::{Differing, Result, StoreError};

/// How many grids go into one statement: a grid has about a hundred vertices, a few kilobytes.
const BATCH: usize = 500;

pub(super) async fn generations(pool: &PgPool, region: &str) -> Result<Vec<Generation>> {
    let rows = sqlx::query(
        "select number, plan, recorded, in_force,
             (select count(*) from acknowledged_gap a where a.region_code = g.region_code and a.number = g.number)
                 as n_acknowledged_gaps
         from generation g where region_code = $1 order by number",
    )
    .bind(region)
    .fetch_all(pool)
    .await?;
    rows.iter().map(grid::read_generation).collect()
}

pub(super) async fn gaps(pool: &PgPool, region: &str, number: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
    let rows = sqlx::query(
        "select parent_id, x, y, area_m2 from acknowledged_gap where region_code = $1 and number = $2 order by place",
    )
    .bind(region)
    .bind(i64::from(number))
    .fetch_all(pool)
    .await?;
    rows.iter().map(grid::read_gap).collect()
}

pub(super) fn grids<'a>(pool: &'a PgPool, region: &'a str, number: GenerationNumber) -> BoxStream<'a, Result<Grid>> {
    sqlx::query(
        "select grid_id, code, name, depth, parent_id, st_asbinary(boundary, 'NDR') as boundary from grid
         where region_code = $1 and since_generation <= $2 and (until_generation is null or $2 < until_generation)
         order by depth, code",
    )
    .bind(region)
    .bind(i64::from(number))
    .fetch(pool)
    .map(|row| grid::read(&row?))
    .boxed()
}

/// Each of the two ways in which a row that counts in `to` does not in `from` is a range of an index.
pub(super) async fn grids_between(
    pool: &PgPool,
    region: &str,
    from: GenerationNumber,
    to: GenerationNumber,
) -> Result<Differing> {
    let put = sqlx::query(
        "select grid_id, code, name, depth, parent_id, st_asbinary(boundary, 'NDR') as boundary from grid
         where region_code = $1 and since_generation <= $3 and (until_generation is null or $3 < until_generation)
             and (since_generation > $2 or until_generation <= $2)
         order by depth, code",
    )
    .bind(region)
    .bind(i64::from(from))
    .bind(i64::from(to))
    .fetch_all(pool)
    .await?;
    let removed = sqlx::query(
        "select grid_id from grid g
         where region_code = $1 and since_generation <= $2 and (until_generation is null or $2 < until_generation)
             and (since_generation > $3 or until_generation <= $3)
             and not exists (
                 select 1 from grid n where n.region_code = g.region_code and n.grid_id = g.grid_id
                 and n.since_generation <= $3 and (n.until_generation is null or $3 < n.until_generation))
         order by grid_id",
    )
    .bind(region)
    .bind(i64::from(from))
    .bind(i64::from(to))
    .fetch_all(pool)
    .await?;
    Ok(Differing {
        put: put.iter().map(grid::read).collect::<Result<_>>()?,
        removed: removed.iter().map(|row| id(row, "grid_id")).collect::<Result<_>>()?,
    })
}

/// Returns the way down to `id` in the newest generation, as the text kept with what stands in it.
pub(super) async fn path_of(pool: &PgPool, region: &str, id: &GridId) -> Result<Option<String>> {
    let path = sqlx::query_scalar(
        "with recursive up (parent_id, path) as (
             select parent_id, '/' || grid_id || '/' from grid
             where region_code = $1 and grid_id = $2 and until_generation is null
             union
             select g.parent_id, '/' || g.grid_id || up.path from up
             join grid g on g.region_code = $1 and g.grid_id = up.parent_id and g.until_generation is null)
         select path from up where parent_id is null",
    );
    Ok(path.bind(region).bind(id.as_str()).fetch_optional(pool).await?)
}

pub(super) async fn publish(
    connection: &mut PgConnection,
    region: &str,
    new: &NewGeneration,
    recorded: DateTime<Utc>,
) -> Result<GenerationNumber> {
    let newest = sqlx::query("select max(number) as number from generation where region_code = $1")
        .bind(region)
        .fetch_one(&mut *connection)
        .await?;
    let newest = newest.integer_or_null("number")?.and_then(|number| GenerationNumber::try_from(number).ok());
    if newest != new.made_on {
        return Err(StoreError::GenerationMoved { made_on: new.made_on, newest });
    }
    let number = newest.unwrap_or(0) + 1;
    sqlx::query("insert into generation (region_code, number, plan, recorded, in_force) values ($1, $2, $3, $4, $5)")
        .bind(region)
        .bind(i64::from(number))
        .bind(&new.plan)
        .bind(kept_instant(recorded))
        .bind(kept_instant(new.in_force))
        .execute(&mut *connection)
        .await?;
    end_states(connection, region, new, number).await?;
    for grids in new.put.chunks(BATCH) {
        put_grids(connection, region, grids, number).await?;
    }
    put_gaps(connection, region, &new.acknowledged_gaps, number).await?;
    Ok(number)
}

/// Ends the states of grids that are removed or replaced.
async fn end_states(
    connection: &mut PgConnection,
    region: &str,
    new: &NewGeneration,
    number: GenerationNumber,
) -> Result<()> {
    let removed: Vec<&str> = new.removed.iter().map(GridId::as_str).collect();
    let missing = sqlx::query(
        "select removed.grid_id from unnest($2::text[]) as removed (grid_id) where not exists (
             select 1 from grid where region_code = $1 and grid_id = removed.grid_id and until_generation is null)
         order by removed.grid_id limit 1",
    );
    if let Some(row) = missing.bind(region).bind(&removed).fetch_optional(&mut *connection).await? {
        return Err(StoreError::Absent { noun: Noun::Grids, id: row.text("grid_id")? });
    }
    let ended: Vec<&str> = new.put.iter().map(|grid| grid.id.as_str()).chain(removed).collect();
    sqlx::query(
        "update grid set until_generation = $3
         where region_code = $1 and grid_id = any($2) and until_generation is null",
    )
    .bind(region)
    .bind(ended)
    .bind(i64::from(number))
    .execute(connection)
    .await?;
    Ok(())
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

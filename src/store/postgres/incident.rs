//! Incidents.

use chrono::FixedOffset;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Postgres, QueryBuilder};

use super::table::{POINT, Table};
use crate::domain::{GridId, Incident, Noun};
use crate::geometry::Position;
use crate::store::row::{incident, kept, kept_instant, path};
use crate::store::tally::{self, Tally, Words};
use crate::store::{Filter, Result};

pub(super) const TABLE: Table<Incident> = Table {
    noun: Noun::Incidents,
    select: "select t.incident_id, t.version, t.kind, t.category, t.tier, st_x(t.position) as lon,
             st_y(t.position) as lat, t.stated_grid, t.grid_path, t.text, t.steps from incident t",
    count: "select count(*) from incident t",
    shape: &incident::SHAPE,
    meets: "t.position && ",
    boxed: POINT,
    read: incident::read,
    versions: "select incident_id as id, version from incident where region_code = $1 and incident_id = any($2)",
    delete: "delete from incident where region_code = $1 and incident_id = $2",
};

const WORDS: Words = Words {
    by_grid: "select t.grid_path, t.tier, t.status, ",
    by_position: "select st_x(t.position) as lon, st_y(t.position) as lat, t.tier, t.status, ",
    week: ["floor((extract(epoch from t.reported_at) + ", " + 259200) / 604800)::bigint"],
    no_week: "null::bigint",
    shared: "select st_x(t.position) as lon, st_y(t.position) as lat, count(*) as n from incident t",
};

pub(super) async fn by_grid(
    pool: &PgPool,
    region: &str,
    filter: &Filter,
    weeks: Option<FixedOffset>,
) -> Result<Vec<Tally<Option<GridId>>>> {
    let mut sql = QueryBuilder::<Postgres>::new("");
    tally::head(&mut sql, &WORDS, WORDS.by_grid, weeks);
    TABLE.narrow(&mut sql, region, filter);
    let rows = sql.push(tally::BY_GRID).build().fetch_all(pool).await?;
    rows.iter().map(tally::read_by_grid).collect()
}

pub(super) async fn by_position(
    pool: &PgPool,
    region: &str,
    filter: &Filter,
    weeks: Option<FixedOffset>,
) -> Result<Vec<Tally<Position>>> {
    let mut sql = QueryBuilder::<Postgres>::new("");
    tally::head(&mut sql, &WORDS, WORDS.by_position, weeks);
    TABLE.narrow(&mut sql, region, filter);
    let rows = sql.push(tally::BY_POSITION).build().fetch_all(pool).await?;
    rows.iter().map(tally::read_by_position).collect()
}

pub(super) async fn shared_positions(
    pool: &PgPool,
    region: &str,
    filter: &Filter,
    at_least: u64,
) -> Result<Vec<(Position, u64)>> {
    let mut sql = QueryBuilder::<Postgres>::new(WORDS.shared);
    TABLE.narrow(&mut sql, region, filter);
    tally::shared_tail(&mut sql, filter, at_least);
    let rows = sql.build().fetch_all(pool).await?;
    rows.iter().map(tally::read_shared).collect()
}

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut PgConnection, region: &str, incidents: &[Incident]) -> Result<u64> {
    let done = sqlx::query(
        "insert into incident as t (region_code, incident_id, version, kind, category, tier, status, reported_at,
             position, stated_grid, grid_path, text, steps)
         select $1, new.incident_id, 1, new.kind, new.category, new.tier, new.status, new.reported_at,
             st_setsrid(st_makepoint(new.lon, new.lat), 4326), new.stated_grid, new.grid_path, new.text, new.steps
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                     $8::double precision[], $9::double precision[], $10::text[], $11::text[], $12::text[],
                     $13::text[])
             as new (incident_id, kind, category, tier, status, reported_at, lon, lat, stated_grid, grid_path, text,
                     steps)
         on conflict (region_code, incident_id) do update
         set version = t.version + ((t.kind, t.category, t.tier, t.position, t.stated_grid, t.text, t.steps)
                 is distinct from (excluded.kind, excluded.category, excluded.tier, excluded.position,
                                   excluded.stated_grid, excluded.text, excluded.steps))::int,
             kind = excluded.kind, category = excluded.category, tier = excluded.tier, status = excluded.status,
             reported_at = excluded.reported_at, position = excluded.position, stated_grid = excluded.stated_grid,
             grid_path = excluded.grid_path, text = excluded.text, steps = excluded.steps
         where (t.kind, t.category, t.tier, t.position, t.stated_grid, t.grid_path, t.text, t.steps)
             is distinct from (excluded.kind, excluded.category, excluded.tier, excluded.position,
                               excluded.stated_grid, excluded.grid_path, excluded.text, excluded.steps)",
    )
    .bind(region)
    .bind(incidents.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.category.as_deref()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.tier.as_deref()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.status().as_str()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| kept_instant(one.reported_at())).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.position.lon()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.position.lat()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.stated_grid.as_deref()).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| one.grid.as_ref().map(path::write)).collect::<Vec<_>>())
    .bind(incidents.iter().map(|one| kept(&one.text)).collect::<Vec<_>>())
    .bind(incidents.iter().map(incident::write_steps).collect::<Vec<_>>())
    .execute(&mut *connection)
    .await?;
    put_step_holders(connection, region, incidents).await?;
    Ok(done.rows_affected())
}

/// Repeats who took the steps, for the guard on holders.
async fn put_step_holders(connection: &mut PgConnection, region: &str, incidents: &[Incident]) -> Result<()> {
    sqlx::query("delete from incident_step_by where region_code = $1 and incident_id = any($2)")
        .bind(region)
        .bind(incidents.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    let (ids, holders): (Vec<&str>, Vec<&str>) = incident::step_holders(incidents).into_iter().unzip();
    sqlx::query(
        "insert into incident_step_by (region_code, incident_id, holder_id)
         select distinct $1, new.incident_id, new.holder_id
         from unnest($2::text[], $3::text[]) as new (incident_id, holder_id)",
    )
    .bind(region)
    .bind(ids)
    .bind(holders)
    .execute(connection)
    .await?;
    Ok(())
}

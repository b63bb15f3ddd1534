//! Incidents.

use chrono::FixedOffset;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{QueryBuilder, Sqlite};

use super::table::{POINT, Table, json};
use crate::domain::{GridId, Incident, Noun};
use crate::geometry::Position;
use crate::store::row::{incident, kept, kept_instant, path};
use crate::store::tally::{self, Tally, Words};
use crate::store::{Filter, Result};

pub(super) const TABLE: Table<Incident> = Table {
    noun: Noun::Incidents,
    select: "select t.incident_id, t.version, t.kind, t.category, t.tier, t.lon, t.lat, t.stated_grid, t.grid_path,
             t.text, t.steps from incident t",
    count: "select count(*) from incident t",
    shape: &incident::SHAPE,
    box_index: "select b.row_id from incident_box b where true",
    boxed: POINT,
    read: incident::read,
    versions: "select incident_id as id, version from incident
               where region_code = ?1 and incident_id in (select value from json_each(?2))",
    delete: "delete from incident where region_code = ?1 and incident_id = ?2",
};

/// Division rounds towards zero there, so weeks are counted from ten million before week 0.
const WORDS: Words = Words {
    by_grid: "select t.grid_path, t.tier, t.status, ",
    by_position: "select t.lon as lon, t.lat as lat, t.tier, t.status, ",
    week: ["(unixepoch(t.reported_at) + ", " + 6048000259200) / 604800 - 10000000"],
    no_week: "null",
    shared: "select t.lon as lon, t.lat as lat, count(*) as n from incident t",
};

pub(super) async fn by_grid(
    pool: &SqlitePool,
    region: &str,
    filter: &Filter,
    weeks: Option<FixedOffset>,
) -> Result<Vec<Tally<Option<GridId>>>> {
    let mut sql = QueryBuilder::<Sqlite>::new("");
    tally::head(&mut sql, &WORDS, WORDS.by_grid, weeks);
    TABLE.narrow(&mut sql, region, filter);
    let rows = sql.push(tally::BY_GRID).build().fetch_all(pool).await?;
    rows.iter().map(tally::read_by_grid).collect()
}

pub(super) async fn by_position(
    pool: &SqlitePool,
    region: &str,
    filter: &Filter,
    weeks: Option<FixedOffset>,
) -> Result<Vec<Tally<Position>>> {
    let mut sql = QueryBuilder::<Sqlite>::new("");
    tally::head(&mut sql, &WORDS, WORDS.by_position, weeks);
    TABLE.narrow(&mut sql, region, filter);
    let rows = sql.push(tally::BY_POSITION).build().fetch_all(pool).await?;
    rows.iter().map(tally::read_by_position).collect()
}

pub(super) async fn shared_positions(
    pool: &SqlitePool,
    region: &str,
    filter: &Filter,
    at_least: u64,
) -> Result<Vec<(Position, u64)>> {
    let mut sql = QueryBuilder::<Sqlite>::new(WORDS.shared);
    TABLE.narrow(&mut sql, region, filter);
    tally::shared_tail(&mut sql, filter, at_least);
    let rows = sql.build().fetch_all(pool).await?;
    rows.iter().map(tally::read_shared).collect()
}

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut SqliteConnection, region: &str, incidents: &[Incident]) -> Result<u64> {
    let mut sql = QueryBuilder::new(
        "insert into incident (region_code, incident_id, version, kind, category, tier, status, reported_at, lon, lat,
             stated_grid, grid_path, text, steps) ",
    );
    sql.push_values(incidents, |mut row, one| {
        row.push_bind(region)
            .push_bind(one.id.as_str())
            .push_bind(1_i64)
            .push_bind(one.kind.as_str())
            .push_bind(&one.category)
            .push_bind(&one.tier)
            .push_bind(one.status().as_str())
            .push_bind(kept_instant(one.reported_at()))
            .push_bind(one.position.lon())
            .push_bind(one.position.lat())
            .push_bind(&one.stated_grid)
            .push_bind(one.grid.as_ref().map(path::write))
            .push_bind(kept(&one.text))
            .push_bind(incident::write_steps(one));
    });
    sql.push(
        " on conflict (region_code, incident_id) do update
          set version = version + ((kind, category, tier, lon, lat, stated_grid, text, steps)
                  is not (excluded.kind, excluded.category, excluded.tier, excluded.lon, excluded.lat,
                          excluded.stated_grid, excluded.text, excluded.steps)),
              kind = excluded.kind, category = excluded.category, tier = excluded.tier, status = excluded.status,
              reported_at = excluded.reported_at, lon = excluded.lon, lat = excluded.lat,
              stated_grid = excluded.stated_grid, grid_path = excluded.grid_path, text = excluded.text,
              steps = excluded.steps
          where (kind, category, tier, lon, lat, stated_grid, grid_path, text, steps)
              is not (excluded.kind, excluded.category, excluded.tier, excluded.lon, excluded.lat,
                      excluded.stated_grid, excluded.grid_path, excluded.text, excluded.steps)",
    );
    let n_changed = sql.build().execute(&mut *connection).await?.rows_affected();
    put_step_holders(connection, region, incidents).await?;
    Ok(n_changed)
}

/// Repeats who took the steps, for the guard on holders.
async fn put_step_holders(connection: &mut SqliteConnection, region: &str, incidents: &[Incident]) -> Result<()> {
    let ids: Vec<&str> = incidents.iter().map(|one| one.id.as_str()).collect();
    sqlx::query(
        "delete from incident_step_by where region_code = ?1 and incident_id in (select value from json_each(?2))",
    )
    .bind(region)
    .bind(json(&ids))
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "insert or ignore into incident_step_by (region_code, incident_id, holder_id)
         select ?1, value ->> 0, value ->> 1 from json_each(?2)",
    )
    .bind(region)
    .bind(json(&incident::step_holders(incidents)))
    .execute(connection)
    .await?;
    Ok(())
}

//! Households.

use sqlx::QueryBuilder;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};

use super::table::{POINT, Table};
use crate::domain::{GridId, Household, Noun};
use crate::store::Result;
use crate::store::row::{Cells, household, kept, path};

pub(super) const TABLE: Table<Household> = Table {
    noun: Noun::Households,
    select: "select t.household_id, t.version, t.lon, t.lat, t.n_residents, t.stated_grid, t.grid_path, t.address,
             t.phone from household t",
    count: "select count(*) from household t",
    shape: &household::SHAPE,
    box_index: "select b.row_id from household_box b where true",
    boxed: POINT,
    read: household::read,
    versions: "select household_id as id, version from household
               where region_code = ?1 and household_id in (select value from json_each(?2))",
    delete: "delete from household where region_code = ?1 and household_id = ?2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut SqliteConnection, region: &str, households: &[Household]) -> Result<u64> {
    let mut sql = QueryBuilder::new(
        "insert into household (region_code, household_id, version, lon, lat, n_residents, stated_grid, grid_path,
             address, phone) ",
    );
    sql.push_values(households, |mut row, household| {
        row.push_bind(region)
            .push_bind(household.id.as_str())
            .push_bind(1_i64)
            .push_bind(household.position.lon())
            .push_bind(household.position.lat())
            .push_bind(household.n_residents)
            .push_bind(&household.stated_grid)
            .push_bind(household.grid.as_ref().map(path::write))
            .push_bind(kept(&household.address))
            .push_bind(kept(&household.phone));
    });
    sql.push(
        " on conflict (region_code, household_id) do update
          set version = version + ((lon, lat, n_residents, stated_grid, address, phone)
                  is not (excluded.lon, excluded.lat, excluded.n_residents, excluded.stated_grid, excluded.address,
                          excluded.phone)),
              lon = excluded.lon, lat = excluded.lat, n_residents = excluded.n_residents,
              stated_grid = excluded.stated_grid, grid_path = excluded.grid_path, address = excluded.address,
              phone = excluded.phone
          where (lon, lat, n_residents, stated_grid, grid_path, address, phone)
              is not (excluded.lon, excluded.lat, excluded.n_residents, excluded.stated_grid, excluded.grid_path,
                      excluded.address, excluded.phone)",
    );
    Ok(sql.build().execute(connection).await?.rows_affected())
}

pub(super) async fn by_grid(pool: &SqlitePool, region: &str) -> Result<Vec<(Option<GridId>, u64)>> {
    let rows = sqlx::query(
        "select grid_path, count(*) as n from household where region_code = ?1 group by grid_path order by grid_path",
    )
    .bind(region)
    .fetch_all(pool)
    .await?;
    let count = |row: &SqliteRow| {
        let path = path::read_or_null(row)?;
        Ok((path.map(|path| path.leaf().clone()), row.integer("n")?.unsigned_abs()))
    };
    rows.iter().map(count).collect()
}

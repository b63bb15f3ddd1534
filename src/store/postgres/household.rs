//! Households.

use sqlx::postgres::{PgConnection, PgPool, PgRow};

use super::table::{POINT, Table};
use crate::domain::{GridId, Household, Noun};
use crate::store::Result;
use crate::store::row::{Cells, household, kept, path};

pub(super) const TABLE: Table<Household> = Table {
    noun: Noun::Households,
    select: "select t.household_id, t.version, st_x(t.position) as lon, st_y(t.position) as lat, t.n_residents,
             t.stated_grid, t.grid_path, t.address, t.phone from household t",
    count: "select count(*) from household t",
    shape: &household::SHAPE,
    meets: "t.position && ",
    boxed: POINT,
    read: household::read,
    versions: "select household_id as id, version from household where region_code = $1 and household_id = any($2)",
    delete: "delete from household where region_code = $1 and household_id = $2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut PgConnection, region: &str, households: &[Household]) -> Result<u64> {
    let done = sqlx::query(
        "insert into household as t (region_code, household_id, version, position, n_residents, stated_grid, grid_path,
             address, phone)
         select $1, new.household_id, 1, st_setsrid(st_makepoint(new.lon, new.lat), 4326), new.n_residents,
             new.stated_grid, new.grid_path, new.address, new.phone
         from unnest($2::text[], $3::double precision[], $4::double precision[], $5::bigint[], $6::text[], $7::text[],
                     $8::text[], $9::text[])
             as new (household_id, lon, lat, n_residents, stated_grid, grid_path, address, phone)
         on conflict (region_code, household_id) do update
         set version = t.version + ((t.position, t.n_residents, t.stated_grid, t.address, t.phone)
                 is distinct from (excluded.position, excluded.n_residents, excluded.stated_grid, excluded.address,
                                   excluded.phone))::int,
             position = excluded.position, n_residents = excluded.n_residents, stated_grid = excluded.stated_grid,
             grid_path = excluded.grid_path, address = excluded.address, phone = excluded.phone
         where (t.position, t.n_residents, t.stated_grid, t.grid_path, t.address, t.phone)
             is distinct from (excluded.position, excluded.n_residents, excluded.stated_grid, excluded.grid_path,
                               excluded.address, excluded.phone)",
    )
    .bind(region)
    .bind(households.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
    .bind(households.iter().map(|one| one.position.lon()).collect::<Vec<_>>())
    .bind(households.iter().map(|one| one.position.lat()).collect::<Vec<_>>())
    .bind(households.iter().map(|one| one.n_residents.map(i64::from)).collect::<Vec<_>>())
    .bind(households.iter().map(|one| one.stated_grid.as_deref()).collect::<Vec<_>>())
    .bind(households.iter().map(|one| one.grid.as_ref().map(path::write)).collect::<Vec<_>>())
    .bind(households.iter().map(|one| kept(&one.address)).collect::<Vec<_>>())
    .bind(households.iter().map(|one| kept(&one.phone)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn by_grid(pool: &PgPool, region: &str) -> Result<Vec<(Option<GridId>, u64)>> {
    let rows = sqlx::query(
        "select grid_path, count(*) as n from household where region_code = $1
         group by grid_path order by grid_path nulls first",
    )
    .bind(region)
    .fetch_all(pool)
    .await?;
    let count = |row: &PgRow| {
        let path = path::read_or_null(row)?;
        Ok((path.map(|path| path.leaf().clone()), row.integer("n")?.unsigned_abs()))
    };
    rows.iter().map(count).collect()
}

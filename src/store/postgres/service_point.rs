//! Service points.

use sqlx::postgres::PgConnection;

use super::table::{POINT, Table};
use crate::domain::{Noun, ServicePoint};
use crate::store::Result;
use crate::store::row::{path, service_point};

pub(super) const TABLE: Table<ServicePoint> = Table {
    noun: Noun::ServicePoints,
    select: "select t.service_point_id, t.version, t.kind, t.name, st_x(t.position) as lon, st_y(t.position) as lat,
             t.stated_grid, t.grid_path from service_point t",
    count: "select count(*) from service_point t",
    shape: &service_point::SHAPE,
    meets: "t.position && ",
    boxed: POINT,
    read: service_point::read,
    versions: "select service_point_id as id, version from service_point
               where region_code = $1 and service_point_id = any($2)",
    delete: "delete from service_point where region_code = $1 and service_point_id = $2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut PgConnection, region: &str, points: &[ServicePoint]) -> Result<u64> {
    let done = sqlx::query(
        "insert into service_point as t (region_code, service_point_id, version, kind, name, position, stated_grid,
             grid_path)
         select $1, new.service_point_id, 1, new.kind, new.name, st_setsrid(st_makepoint(new.lon, new.lat), 4326),
             new.stated_grid, new.grid_path
         from unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $6::double precision[], $7::text[],
                     $8::text[])
             as new (service_point_id, kind, name, lon, lat, stated_grid, grid_path)
         on conflict (region_code, service_point_id) do update
         set version = t.version + ((t.kind, t.name, t.position, t.stated_grid)
                 is distinct from (excluded.kind, excluded.name, excluded.position, excluded.stated_grid))::int,
             kind = excluded.kind, name = excluded.name, position = excluded.position,
             stated_grid = excluded.stated_grid, grid_path = excluded.grid_path
         where (t.kind, t.name, t.position, t.stated_grid, t.grid_path)
             is distinct from (excluded.kind, excluded.name, excluded.position, excluded.stated_grid,
                               excluded.grid_path)",
    )
    .bind(region)
    .bind(points.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
    .bind(points.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>())
    .bind(points.iter().map(|one| one.name.as_str()).collect::<Vec<_>>())
    .bind(points.iter().map(|one| one.position.lon()).collect::<Vec<_>>())
    .bind(points.iter().map(|one| one.position.lat()).collect::<Vec<_>>())
    .bind(points.iter().map(|one| one.stated_grid.as_deref()).collect::<Vec<_>>())
    .bind(points.iter().map(|one| one.grid.as_ref().map(path::write)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

//! Service points.

use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;

use super::table::{POINT, Table};
use crate::domain::{Noun, ServicePoint};
use crate::store::Result;
use crate::store::row::{path, service_point};

pub(super) const TABLE: Table<ServicePoint> = Table {
    noun: Noun::ServicePoints,
    select: "select t.service_point_id, t.version, t.kind, t.name, t.lon, t.lat, t.stated_grid, t.grid_path
             from service_point t",
    count: "select count(*) from service_point t",
    shape: &service_point::SHAPE,
    box_index: "select b.row_id from service_point_box b where true",
    boxed: POINT,
    read: service_point::read,
    versions: "select service_point_id as id, version from service_point
               where region_code = ?1 and service_point_id in (select value from json_each(?2))",
    delete: "delete from service_point where region_code = ?1 and service_point_id = ?2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut SqliteConnection, region: &str, points: &[ServicePoint]) -> Result<u64> {
    let mut sql = QueryBuilder::new(
        "insert into service_point (region_code, service_point_id, version, kind, name, lon, lat, stated_grid,
             grid_path) ",
    );
    sql.push_values(points, |mut row, point| {
        row.push_bind(region)
            .push_bind(point.id.as_str())
            .push_bind(1_i64)
            .push_bind(&point.kind)
            .push_bind(&point.name)
            .push_bind(point.position.lon())
            .push_bind(point.position.lat())
            .push_bind(&point.stated_grid)
            .push_bind(point.grid.as_ref().map(path::write));
    });
    sql.push(
        " on conflict (region_code, service_point_id) do update
          set version = version + ((kind, name, lon, lat, stated_grid)
                  is not (excluded.kind, excluded.name, excluded.lon, excluded.lat, excluded.stated_grid)),
              kind = excluded.kind, name = excluded.name, lon = excluded.lon, lat = excluded.lat,
              stated_grid = excluded.stated_grid, grid_path = excluded.grid_path
          where (kind, name, lon, lat, stated_grid, grid_path)
              is not (excluded.kind, excluded.name, excluded.lon, excluded.lat, excluded.stated_grid,
                      excluded.grid_path)",
    );
    Ok(sql.build().execute(connection).await?.rows_affected())
}

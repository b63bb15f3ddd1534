//! Duties.

use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;

use super::table::Table;
use crate::domain::{Duty, DutyArea, HolderId, Noun};
use crate::geometry::Boundary;
use crate::store::Result;
use crate::store::list::Box2d;
use crate::store::row::{duty, kept_instant, wkb};

pub(super) const TABLE: Table<Duty> = Table {
    noun: Noun::Duties,
    select: "select t.duty_id, t.version, t.holder_id, t.role, t.grid_id, t.boundary, t.deputy_id, t.categories,
             t.from_at, t.to_at from duty t",
    count: "select count(*) from duty t",
    shape: &duty::SHAPE,
    box_index: "select b.row_id from duty_box b where true",
    boxed: Box2d { west: "t.west", east: "t.east", south: "t.south", north: "t.north" },
    read: duty::read,
    versions: "select duty_id as id, version from duty
               where region_code = ?1 and duty_id in (select value from json_each(?2))",
    delete: "delete from duty where region_code = ?1 and duty_id = ?2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut SqliteConnection, region: &str, duties: &[Duty]) -> Result<u64> {
    let mut sql = QueryBuilder::new(
        "insert into duty (region_code, duty_id, version, holder_id, role, grid_id, boundary, west, east, south, north,
             deputy_id, categories, from_at, to_at) ",
    );
    sql.push_values(duties, |mut row, one| {
        let (grid, boundary) = match &one.area {
            DutyArea::Grid(grid) => (Some(grid.as_str()), None),
            DutyArea::Polygon(boundary) => (None, Some(boundary)),
        };
        let bbox = boundary.map(Boundary::bbox);
        row.push_bind(region)
            .push_bind(one.id.as_str())
            .push_bind(1_i64)
            .push_bind(one.holder.as_str())
            .push_bind(&one.role)
            .push_bind(grid)
            .push_bind(boundary.map(wkb::write))
            .push_bind(bbox.map(|b| b.west))
            .push_bind(bbox.map(|b| b.east))
            .push_bind(bbox.map(|b| b.south))
            .push_bind(bbox.map(|b| b.north))
            .push_bind(one.deputy.as_ref().map(HolderId::as_str))
            .push_bind(duty::write_categories(one))
            .push_bind(one.from.map(kept_instant))
            .push_bind(one.to.map(kept_instant));
    });
    sql.push(
        " on conflict (region_code, duty_id) do update
          set version = version + 1, holder_id = excluded.holder_id, role = excluded.role, grid_id = excluded.grid_id,
              boundary = excluded.boundary, west = excluded.west, east = excluded.east, south = excluded.south,
              north = excluded.north, deputy_id = excluded.deputy_id, categories = excluded.categories,
              from_at = excluded.from_at, to_at = excluded.to_at
          where (holder_id, role, grid_id, boundary, deputy_id, categories, from_at, to_at)
              is not (excluded.holder_id, excluded.role, excluded.grid_id, excluded.boundary, excluded.deputy_id,
                      excluded.categories, excluded.from_at, excluded.to_at)",
    );
    Ok(sql.build().execute(connection).await?.rows_affected())
}

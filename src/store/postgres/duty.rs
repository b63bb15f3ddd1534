//! Duties.

use sqlx::postgres::PgConnection;

use super::table::Table;
use crate::domain::{Duty, DutyArea, HolderId, Noun};
use crate::store::Result;
use crate::store::list::Box2d;
use crate::store::row::{duty, kept_instant, wkb};

pub(super) const TABLE: Table<Duty> = Table {
    noun: Noun::Duties,
    select: "select t.duty_id, t.version, t.holder_id, t.role, t.grid_id, st_asbinary(t.boundary, 'NDR') as boundary,
             t.deputy_id, t.categories, t.from_at, t.to_at from duty t",
    count: "select count(*) from duty t",
    shape: &duty::SHAPE,
    meets: "t.boundary && ",
    boxed: Box2d {
        west: "st_xmin(t.boundary)",
        east: "st_xmax(t.boundary)",
        south: "st_ymin(t.boundary)",
        north: "st_ymax(t.boundary)",
    },
    read: duty::read,
    versions: "select duty_id as id, version from duty where region_code = $1 and duty_id = any($2)",
    delete: "delete from duty where region_code = $1 and duty_id = $2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut PgConnection, region: &str, duties: &[Duty]) -> Result<u64> {
    let done = sqlx::query(
        "insert into duty as t (region_code, duty_id, version, holder_id, role, grid_id, boundary, deputy_id,
             categories, from_at, to_at)
         select $1, new.duty_id, 1, new.holder_id, new.role, new.grid_id, st_geomfromwkb(new.boundary, 4326),
             new.deputy_id, new.categories, new.from_at, new.to_at
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[],
                     $9::timestamptz[], $10::timestamptz[])
             as new (duty_id, holder_id, role, grid_id, boundary, deputy_id, categories, from_at, to_at)
         on conflict (region_code, duty_id) do update
         set version = t.version + 1, holder_id = excluded.holder_id, role = excluded.role,
             grid_id = excluded.grid_id, boundary = excluded.boundary, deputy_id = excluded.deputy_id,
             categories = excluded.categories, from_at = excluded.from_at, to_at = excluded.to_at
         where (t.holder_id, t.role, t.grid_id, t.boundary, t.deputy_id, t.categories, t.from_at, t.to_at)
             is distinct from (excluded.holder_id, excluded.role, excluded.grid_id, excluded.boundary,
                               excluded.deputy_id, excluded.categories, excluded.from_at, excluded.to_at)",
    )
    .bind(region)
    .bind(duties.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| one.holder.as_str()).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| one.role.as_str()).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| grid_of(&one.area)).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| boundary_of(&one.area)).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| one.deputy.as_ref().map(HolderId::as_str)).collect::<Vec<_>>())
    .bind(duties.iter().map(duty::write_categories).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| one.from.map(kept_instant)).collect::<Vec<_>>())
    .bind(duties.iter().map(|one| one.to.map(kept_instant)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

fn grid_of(area: &DutyArea) -> Option<&str> {
    match area {
        DutyArea::Grid(grid) => Some(grid.as_str()),
        DutyArea::Polygon(_) => None,
    }
}

fn boundary_of(area: &DutyArea) -> Option<Vec<u8>> {
    match area {
        DutyArea::Grid(_) => None,
        DutyArea::Polygon(boundary) => Some(wkb::write(boundary)),
    }
}

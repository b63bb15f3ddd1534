//! Holders.

use sqlx::postgres::PgConnection;

use super::table::{POINT, Table};
use crate::domain::{Holder, HolderId, Noun};
use crate::geometry::Position;
use crate::store::Result;
use crate::store::row::{holder, kept};

pub(super) const TABLE: Table<Holder> = Table {
    noun: Noun::Holders,
    select: "select t.holder_id, t.version, t.kind, t.name, t.body_id, st_x(t.position) as lon,
             st_y(t.position) as lat, t.phone from holder t",
    count: "select count(*) from holder t",
    shape: &holder::SHAPE,
    meets: "t.position && ",
    boxed: POINT,
    read: holder::read,
    versions: "select holder_id as id, version from holder where region_code = $1 and holder_id = any($2)",
    delete: "delete from holder where region_code = $1 and holder_id = $2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut PgConnection, region: &str, holders: &[Holder]) -> Result<u64> {
    // A point of two nulls is null: whoever has no position keeps none.
    let done = sqlx::query(
        "insert into holder as t (region_code, holder_id, version, kind, name, body_id, position, phone)
         select $1, new.holder_id, 1, new.kind, new.name, new.body_id,
             st_setsrid(st_makepoint(new.lon, new.lat), 4326), new.phone
         from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::double precision[], $7::double precision[],
                     $8::text[])
             as new (holder_id, kind, name, body_id, lon, lat, phone)
         on conflict (region_code, holder_id) do update
         set version = t.version + 1, kind = excluded.kind, name = excluded.name, body_id = excluded.body_id,
             position = excluded.position, phone = excluded.phone
         where (t.kind, t.name, t.body_id, t.position, t.phone)
             is distinct from (excluded.kind, excluded.name, excluded.body_id, excluded.position, excluded.phone)",
    )
    .bind(region)
    .bind(holders.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
    .bind(holders.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>())
    .bind(holders.iter().map(|one| one.name.as_str()).collect::<Vec<_>>())
    .bind(holders.iter().map(|one| one.body.as_ref().map(HolderId::as_str)).collect::<Vec<_>>())
    .bind(holders.iter().map(|one| one.position.map(Position::lon)).collect::<Vec<_>>())
    .bind(holders.iter().map(|one| one.position.map(Position::lat)).collect::<Vec<_>>())
    .bind(holders.iter().map(|one| kept(&one.phone)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

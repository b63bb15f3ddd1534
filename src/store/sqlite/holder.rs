//! Holders.

use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;

use super::table::{POINT, Table};
use crate::domain::{Holder, HolderId, Noun};
use crate::geometry::Position;
use crate::store::Result;
use crate::store::row::{holder, kept};

pub(super) const TABLE: Table<Holder> = Table {
    noun: Noun::Holders,
    select: "select t.holder_id, t.version, t.kind, t.name, t.body_id, t.lon, t.lat, t.phone from holder t",
    count: "select count(*) from holder t",
    shape: &holder::SHAPE,
    box_index: "select b.row_id from holder_box b where true",
    boxed: POINT,
    read: holder::read,
    versions: "select holder_id as id, version from holder
               where region_code = ?1 and holder_id in (select value from json_each(?2))",
    delete: "delete from holder where region_code = ?1 and holder_id = ?2",
};

/// Returns how many of them are new or differ from what was there.
pub(super) async fn put(connection: &mut SqliteConnection, region: &str, holders: &[Holder]) -> Result<u64> {
    let mut sql = QueryBuilder::new(
        "insert into holder (region_code, holder_id, version, kind, name, body_id, lon, lat, phone) ",
    );
    sql.push_values(holders, |mut row, holder| {
        row.push_bind(region)
            .push_bind(holder.id.as_str())
            .push_bind(1_i64)
            .push_bind(holder.kind.as_str())
            .push_bind(&holder.name)
            .push_bind(holder.body.as_ref().map(HolderId::as_str))
            .push_bind(holder.position.map(Position::lon))
            .push_bind(holder.position.map(Position::lat))
            .push_bind(kept(&holder.phone));
    });
    sql.push(
        " on conflict (region_code, holder_id) do update
          set version = version + 1, kind = excluded.kind, name = excluded.name, body_id = excluded.body_id,
              lon = excluded.lon, lat = excluded.lat, phone = excluded.phone
          where (kind, name, body_id, lon, lat, phone)
              is not (excluded.kind, excluded.name, excluded.body_id, excluded.lon, excluded.lat, excluded.phone)",
    );
    Ok(sql.build().execute(connection).await?.rows_affected())
}

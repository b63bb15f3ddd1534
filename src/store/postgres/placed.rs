//! Where things are, read row by row and nothing more of them.

use futures::stream::{self, BoxStream, StreamExt};
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgPool, PgRow};

use crate::geometry::Bbox;

use crate::store::table::TableSpec;
use crate::store::{Placed, Result};

/// Those of region `$1`.
fn all(table: &TableSpec) -> String {
    let TableSpec { id, name, .. } = table;
    format!(
        "select t.{id} as id, st_x(t.position) as lon, st_y(t.position) as lat, t.grid_path
         from {name} t where t.region_code = $1"
    )
}

/// Those in the box from `$2` to `$3` and `$4` to `$5`.
fn in_box(table: &TableSpec) -> String {
    all(table) + " and t.position && st_makeenvelope($2, $4, $3, $5, 4326)"
}

pub(super) fn placed<'a>(
    pool: &'a PgPool,
    region: &'a str,
    table: &'static TableSpec,
    boxes: Option<Vec<Bbox>>,
) -> BoxStream<'a, Result<Placed>> {
    let read = |row: std::result::Result<PgRow, sqlx::Error>| -> Result<Placed> {
        let row = row?;
        Placed::read(&row)
    };
    let Some(boxes) = boxes else {
        return sqlx::query(AssertSqlSafe(all(table))).bind(region).fetch(pool).map(read).boxed();
    };
    let in_box = move |b: Bbox| {
        let query = sqlx::query(AssertSqlSafe(in_box(table))).bind(region);
        query.bind(b.west).bind(b.east).bind(b.south).bind(b.north).fetch(pool)
    };
    stream::iter(boxes).map(in_box).flatten().map(read).boxed()
}

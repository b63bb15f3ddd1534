//! The boxes of what an import is about to store, written beforehand in short transactions between which others write: to
//! grow the R*Tree takes longer than to store the rows.
//!
//! They have row numbers far beyond those in use, so nothing finds them before the rows are there: every statement goes
//! from a box to its row. What an import that was killed has left of them is removed by the next.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row as _};

use super::dialect::WORTH_WHILE;
use crate::store::Result;
use crate::store::table::{Place, TableSpec};

/// How many boxes are written in one transaction.
const BATCH: i64 = 25_000;
/// How long others are let in after each: who waits for SQLite's lock looks again after a tenth of a second.
const PAUSE: Duration = Duration::from_millis(110);
/// How far beyond the row numbers in use the new ones begin, some times over: nobody else stores so many rows meanwhile.
const BEYOND: i64 = 1_000_000_000;
/// Two imports at once begin at the same number once in so many times, and one of them is refused then.
const N_BEGINNINGS: u64 = 10_000;

/// Gives the staged rows that are new their row numbers, and writes their boxes.
pub(super) async fn write_boxes(
    connection: &mut SqliteConnection,
    table: &TableSpec,
    region: &str,
    n_rows: usize,
) -> Result<()> {
    let TableSpec { name, id, .. } = table;
    if n_rows < WORTH_WHILE || table.place() != Place::Point {
        return Ok(());
    }
    forget_orphans(connection, table).await?;
    let beginning = (RandomState::new().build_hasher().finish() % N_BEGINNINGS).cast_signed() + 1;
    let number = format!(
        "update staged set row_id = rowid + {BEYOND} * {beginning} + max(
             coalesce((select max(row_id) from {name}), 0), coalesce((select max(rowid) from {name}_box_rowid), 0))
         where not exists (select 1 from {name} t where t.region_code = ?1 and t.{id} = staged.{id})"
    );
    sqlx::query(AssertSqlSafe(number)).bind(region).execute(&mut *connection).await?;
    let write = format!(
        "insert into {name}_box select row_id, lon, lon, lat, lat from staged
         where rowid > ?1 and rowid <= ?2 and row_id is not null"
    );
    let n_rows = i64::try_from(n_rows).unwrap_or(i64::MAX);
    for after in (0..n_rows).step_by(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
        let batch = sqlx::query(AssertSqlSafe(write.clone())).bind(after).bind(after + BATCH);
        batch.execute(&mut *connection).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// Removes boxes without a row.
async fn forget_orphans(connection: &mut SqliteConnection, table: &TableSpec) -> Result<()> {
    let name = table.name;
    let orphans = format!(
        "select b.rowid as row_id from {name}_box_rowid b
         where not exists (select 1 from {name} t where t.row_id = b.rowid) limit {BATCH}"
    );
    let forget = format!(
        "delete from {name}_box where row_id in (select value from json_each(?1))
         and not exists (select 1 from {name} t where t.row_id = {name}_box.row_id)"
    );
    loop {
        let orphans = sqlx::query(AssertSqlSafe(orphans.clone())).fetch_all(&mut *connection).await?;
        let ids = orphans.iter().map(|row| row.try_get("row_id")).collect::<std::result::Result<Vec<i64>, _>>()?;
        if ids.is_empty() {
            return Ok(());
        }
        let ids = super::dialect::json(&ids);
        sqlx::query(AssertSqlSafe(forget.clone())).bind(ids).execute(&mut *connection).await?;
        tokio::time::sleep(PAUSE).await;
    }
}

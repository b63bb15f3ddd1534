//! Where things are, read row by row and nothing more of them.

use futures::stream::{self, BoxStream, StreamExt};
use sqlx::AssertSqlSafe;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use crate::geometry::Bbox;

use crate::store::table::TableSpec;
use crate::store::{Placed, Result};

/// Those of region `?1`.
fn all(table: &TableSpec) -> String {
    format!("select t.{} as id, t.lon, t.lat, t.grid_path from {} t where t.region_code = ?1", table.id, table.name)
}

/// Those in the box from `?2` to `?3` and `?4` to `?5`, and a few around it.
fn in_box(table: &TableSpec) -> String {
    let TableSpec { id, name, .. } = table;
    format!(
        "select t.{id} as id, t.lon, t.lat, t.grid_path from {name}_box b cross join {name} t on t.row_id = b.row_id
         where b.west <= ?3 and b.east >= ?2 and b.south <= ?5 and b.north >= ?4 and t.region_code = ?1"
    )
}

pub(super) fn placed<'a>(
    pool: &'a SqlitePool,
    region: &'a str,
    table: &'static TableSpec,
    boxes: Option<Vec<Bbox>>,
) -> BoxStream<'a, Result<Placed>> {
    let read = |row: std::result::Result<SqliteRow, sqlx::Error>| -> Result<Placed> {
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

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteConnection;
    use sqlx::{Connection as _, QueryBuilder, Sqlite};

    use super::super::SqliteDatabase;
    use super::*;
    use crate::store::table::{Cells, Dialect};
    use crate::store::{Missing, relocate};

    async fn plan(connection: &mut SqliteConnection, sql: &str) -> String {
        let explain = AssertSqlSafe(format!("explain query plan {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut *connection).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect::<Vec<_>>().join("; ")
    }

    /// Nothing is scanned but the list of what moves, and that is read once.
    #[tokio::test]
    async fn every_relocating_statement_finds_things_by_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gridmap.db");
        let _made = SqliteDatabase::open(file.to_str().unwrap(), Missing::Create).await.unwrap();
        let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
        let mut n_tables = 0;
        for table in relocate::tables() {
            let mut statements = QueryBuilder::<Sqlite>::relocations(table, "623021", &[("x", None)]);
            let relocate = statements.pop().unwrap().sql().as_str().to_owned();
            sqlx::query(AssertSqlSafe(statements[0].sql().as_str().to_owned())).execute(&mut connection).await.unwrap();
            let mut take_over = QueryBuilder::<Sqlite>::empty();
            take_over.take_over(table, "623021", 2);
            let by_row = format!("SEARCH {} USING INTEGER PRIMARY KEY (rowid=?)", table.name);
            let by_id = format!("(region_code=? AND {}=?)", table.id);
            for (sql, scanned) in [(relocate, vec!["SCAN m"]), (take_over.sql().as_str().to_owned(), vec![])] {
                let plan = plan(&mut connection, &sql).await;
                assert!(plan.contains(&by_row) && plan.contains(&by_id), "{plan}");
                let scans: Vec<&str> = plan.split("; ").filter(|step| step.starts_with("SCAN")).collect();
                assert_eq!(scans, scanned, "{plan}");
            }
            let plan = plan(&mut connection, &in_box(table)).await;
            assert!(plan.contains("SCAN b VIRTUAL TABLE INDEX 2:"), "{plan}");
            assert!(plan.contains("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"), "{plan}");
            n_tables += 1;
        }
        assert_eq!(n_tables, 3, "homes, service points, incidents");
    }
}

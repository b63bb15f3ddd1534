//! The grids of stored things: where they are now, where they go, and what waiting generations will make of them.
//!
//! Whatever moves is first listed in a table with a key (a temporary one, or `pending_grid`), and each row of that finds its
//! thing by key: the cost grows with what moves. The `cross join` holds the planner to that order.

use futures::stream::{self, BoxStream, StreamExt};
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use super::table::json;
use crate::domain::{GenerationNumber, GridPath, Noun};
use crate::geometry::Bbox;
use crate::store::row::grid::{whole, whole_or_null};
use crate::store::row::{Cells, path, position};
use crate::store::{Pending, Placed, Result};

/// How many things go into one statement, as one JSON text.
const BATCH: usize = 5_000;

/// The statements of one noun.
pub(super) struct Located {
    /// Those in the box from `?2` to `?3` and `?4` to `?5`, and a few around it.
    in_box: &'static str,
    all: &'static str,
    /// Sets the grid of each of the temporary table where it is another.
    relocate: &'static str,
    /// The same from what is pending for generation `?2`.
    take_over: &'static str,
}

macro_rules! located {
    ($table:literal, $id:literal, $noun:literal) => {
        Located {
            in_box: concat!(
                "select t.",
                $id,
                " as id, t.lon, t.lat, t.grid_path from ",
                $table,
                "_box b
                 cross join ",
                $table,
                " t on t.row_id = b.row_id
                 where b.west <= ?3 and b.east >= ?2 and b.south <= ?5 and b.north >= ?4 and t.region_code = ?1"
            ),
            all: concat!(
                "select t.",
                $id,
                " as id, t.lon, t.lat, t.grid_path from ",
                $table,
                " t where t.region_code = ?1"
            ),
            relocate: concat!(
                "update ",
                $table,
                "
                 set grid_path = (select m.grid_path from temp.moved_thing m where m.thing_id = ",
                $table,
                ".",
                $id,
                ")
                 where row_id in (
                     select t.row_id from temp.moved_thing m
                     cross join ",
                $table,
                " t on t.region_code = ?1 and t.",
                $id,
                " = m.thing_id
                     where t.grid_path is not m.grid_path)"
            ),
            take_over: concat!(
                "update ",
                $table,
                "
                 set grid_path = (
                     select p.grid_path from pending_grid p where p.region_code = ?1 and p.generation = ?2
                     and p.noun = '",
                $noun,
                "' and p.thing_id = ",
                $table,
                ".",
                $id,
                ")
                 where row_id in (
                     select t.row_id from pending_grid p
                     cross join ",
                $table,
                " t on t.region_code = ?1 and t.",
                $id,
                " = p.thing_id
                     where p.region_code = ?1 and p.generation = ?2 and p.noun = '",
                $noun,
                "'
                         and t.grid_path is not p.grid_path)"
            ),
        }
    };
}

/// The statements of `noun`, if its things keep their grid.
pub(super) fn located(noun: Noun) -> Option<&'static Located> {
    const HOUSEHOLDS: Located = located!("household", "household_id", "households");
    const INCIDENTS: Located = located!("incident", "incident_id", "incidents");
    const SERVICE_POINTS: Located = located!("service_point", "service_point_id", "service_points");
    match noun {
        Noun::Households => Some(&HOUSEHOLDS),
        Noun::Incidents => Some(&INCIDENTS),
        Noun::ServicePoints => Some(&SERVICE_POINTS),
        Noun::Grids | Noun::Holders | Noun::Duties => None,
    }
}

pub(super) fn placed<'a>(
    pool: &'a SqlitePool,
    region: &'a str,
    noun: Noun,
    boxes: Option<Vec<Bbox>>,
) -> BoxStream<'a, Result<Placed>> {
    let Some(located) = located(noun) else { return stream::empty().boxed() };
    let read = |row: std::result::Result<sqlx::sqlite::SqliteRow, sqlx::Error>| -> Result<Placed> {
        let row = row?;
        Ok(Placed { id: row.text("id")?, position: position(&row)?, grid: path::read_or_null(&row)? })
    };
    let Some(boxes) = boxes else { return sqlx::query(located.all).bind(region).fetch(pool).map(read).boxed() };
    let in_box = move |b: Bbox| {
        let query = sqlx::query(located.in_box).bind(region);
        query.bind(b.west).bind(b.east).bind(b.south).bind(b.north).fetch(pool)
    };
    stream::iter(boxes).map(in_box).flatten().map(read).boxed()
}

pub(super) async fn settled<'c>(
    executor: impl sqlx::SqliteExecutor<'c>,
    region: &str,
) -> Result<Option<GenerationNumber>> {
    let row = sqlx::query("select settled_generation from region where region_code = ?1").bind(region);
    row.fetch_optional(executor).await?.map_or(Ok(None), |row| whole_or_null(&row, "settled_generation"))
}

pub(super) async fn settle(
    connection: &mut SqliteConnection,
    region: &str,
    generation: GenerationNumber,
) -> Result<()> {
    let set = sqlx::query("update region set settled_generation = ?2 where region_code = ?1");
    set.bind(region).bind(generation).execute(connection).await?;
    Ok(())
}

/// Returns how many stand in another grid than before.
pub(super) async fn relocate(
    connection: &mut SqliteConnection,
    region: &str,
    located: &Located,
    moved: &[(String, Option<GridPath>)],
) -> Result<u64> {
    sqlx::query(
        "create temporary table if not exists moved_thing (thing_id text primary key, grid_path text)
         strict, without rowid",
    )
    .execute(&mut *connection)
    .await?;
    let mut n = 0;
    for batch in moved.chunks(BATCH) {
        let batch: Vec<_> = batch.iter().map(|(id, to)| (id.as_str(), to.as_ref().map(path::write))).collect();
        sqlx::query("delete from temp.moved_thing").execute(&mut *connection).await?;
        sqlx::query(
            "insert into temp.moved_thing (thing_id, grid_path) select value ->> 0, value ->> 1 from json_each(?1)",
        )
        .bind(json(&batch))
        .execute(&mut *connection)
        .await?;
        n += sqlx::query(located.relocate).bind(region).execute(&mut *connection).await?.rows_affected();
    }
    Ok(n)
}

/// Returns how many stand in another grid than before.
pub(super) async fn take_over(
    connection: &mut SqliteConnection,
    region: &str,
    located: &Located,
    generation: GenerationNumber,
) -> Result<u64> {
    let update = sqlx::query(located.take_over).bind(region).bind(generation);
    Ok(update.execute(connection).await?.rows_affected())
}

/// Forgets what is pending for the things of these ids, whatever the generation.
pub(super) async fn forget_things(
    connection: &mut SqliteConnection,
    region: &str,
    noun: Noun,
    ids: &[&str],
) -> Result<()> {
    for ids in ids.chunks(BATCH) {
        sqlx::query(
            "delete from pending_grid
             where region_code = ?1 and noun = ?2 and thing_id in (select value from json_each(?3))",
        )
        .bind(region)
        .bind(noun.as_str())
        .bind(json(ids))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(super) async fn put_pending(
    connection: &mut SqliteConnection,
    region: &str,
    noun: Noun,
    pending: &[Pending],
) -> Result<()> {
    for batch in pending.chunks(BATCH) {
        let row = |one: &Pending| (one.generation, one.id.clone(), one.grid.as_ref().map(path::write));
        let batch: Vec<_> = batch.iter().map(row).collect();
        sqlx::query(
            "insert into pending_grid (region_code, noun, generation, thing_id, grid_path)
             select ?1, ?2, value ->> 0, value ->> 1, value ->> 2 from json_each(?3)",
        )
        .bind(region)
        .bind(noun.as_str())
        .bind(json(&batch))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Forgets what is pending for a generation.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    region: &str,
    generation: GenerationNumber,
) -> Result<()> {
    let delete = sqlx::query("delete from pending_grid where region_code = ?1 and generation = ?2");
    delete.bind(region).bind(generation).execute(connection).await?;
    Ok(())
}

pub(super) async fn renumber(
    connection: &mut SqliteConnection,
    region: &str,
    from: GenerationNumber,
    to: GenerationNumber,
) -> Result<()> {
    let update = sqlx::query("update pending_grid set generation = ?3 where region_code = ?1 and generation = ?2");
    update.bind(region).bind(from).bind(to).execute(connection).await?;
    Ok(())
}

/// Of which generations something is pending, and how many things.
pub(super) async fn pending(pool: &SqlitePool, region: &str) -> Result<Vec<(GenerationNumber, u64)>> {
    let rows = sqlx::query(
        "select generation, count(*) as n from pending_grid where region_code = ?1 group by generation order by generation",
    );
    let rows = rows.bind(region).fetch_all(pool).await?;
    rows.iter().map(|row| Ok((whole(row, "generation")?, whole(row, "n")?))).collect()
}

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;

    use super::super::SqliteStore;
    use super::*;
    use crate::store::Missing;

    async fn plan(sql: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gridmap.db");
        let store = SqliteStore::open(file.to_str().unwrap(), Missing::Create).await.unwrap();
        let mut connection = store.writer.acquire().await.unwrap();
        relocate(&mut connection, "623021", located(Noun::Households).unwrap(), &[]).await.unwrap();
        let explain = AssertSqlSafe(format!("explain query plan {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut *connection).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect::<Vec<_>>().join("; ")
    }

    /// Nothing is scanned but the list of what moves, and that is read once.
    #[tokio::test]
    async fn every_relocating_statement_finds_things_by_key() {
        for (noun, table) in
            [(Noun::Households, "household"), (Noun::Incidents, "incident"), (Noun::ServicePoints, "service_point")]
        {
            let located = located(noun).unwrap();
            let by_row = format!("SEARCH {table} USING INTEGER PRIMARY KEY (rowid=?)");
            let by_id = format!("(region_code=? AND {table}_id=?)");
            for sql in [located.relocate, located.take_over] {
                let plan = plan(sql).await;
                assert!(plan.contains(&by_row) && plan.contains(&by_id), "{plan}");
                let scans: Vec<&str> = plan.split("; ").filter(|step| step.starts_with("SCAN")).collect();
                let of_moved = usize::from(sql == located.relocate);
                assert_eq!(scans, vec!["SCAN m"; of_moved], "{plan}");
            }
            let plan = plan(located.in_box).await;
            assert!(plan.contains("SCAN b VIRTUAL TABLE INDEX 2:"), "{plan}");
            assert!(plan.contains("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"), "{plan}");
        }
    }
}

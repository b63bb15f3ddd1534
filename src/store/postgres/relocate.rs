//! The grids of stored things: where they are now, where they go, and what waiting generations will make of them.
//!
//! Whatever moves comes as arrays or stands in `pending_grid`, and each of it finds its thing by key: the cost grows with
//! what moves.

use futures::stream::{self, BoxStream, StreamExt};
use sqlx::postgres::{PgConnection, PgPool, PgRow};

use crate::domain::{GenerationNumber, GridPath, Noun};
use crate::geometry::Bbox;
use crate::store::row::grid::{whole, whole_or_null};
use crate::store::row::{Cells, path, position};
use crate::store::{Pending, Placed, Result};

/// How many things go into one statement, as arrays.
const BATCH: usize = 5_000;

/// The statements of one noun.
pub(super) struct Located {
    /// Those in the box from `$2` to `$3` and `$4` to `$5`.
    in_box: &'static str,
    all: &'static str,
    /// Sets the grid of each id of the array `$2` to that of the array `$3` where it is another.
    relocate: &'static str,
    /// The same from what is pending for generation `$2`.
    take_over: &'static str,
}

macro_rules! located {
    ($table:literal, $id:literal, $noun:literal) => {
        Located {
            in_box: concat!(
                "select t.",
                $id,
                " as id, st_x(t.position) as lon, st_y(t.position) as lat, t.grid_path
                 from ",
                $table,
                " t
                 where t.region_code = $1 and t.position && st_makeenvelope($2, $4, $3, $5, 4326)"
            ),
            all: concat!(
                "select t.",
                $id,
                " as id, st_x(t.position) as lon, st_y(t.position) as lat, t.grid_path
                 from ",
                $table,
                " t where t.region_code = $1"
            ),
            relocate: concat!(
                "update ",
                $table,
                " t set grid_path = new.grid_path
                 from unnest($2::text[], $3::text[]) as new (id, grid_path)
                 where t.region_code = $1 and t.",
                $id,
                " = new.id and t.grid_path is distinct from new.grid_path"
            ),
            take_over: concat!(
                "update ",
                $table,
                " t set grid_path = p.grid_path from pending_grid p
                 where p.region_code = $1 and p.generation = $2 and p.noun = '",
                $noun,
                "'
                     and t.region_code = $1 and t.",
                $id,
                " = p.thing_id
                     and t.grid_path is distinct from p.grid_path"
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
    pool: &'a PgPool,
    region: &'a str,
    noun: Noun,
    boxes: Option<Vec<Bbox>>,
) -> BoxStream<'a, Result<Placed>> {
    let Some(located) = located(noun) else { return stream::empty().boxed() };
    let read = |row: std::result::Result<PgRow, sqlx::Error>| -> Result<Placed> {
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

pub(super) async fn settled<'c>(executor: impl sqlx::PgExecutor<'c>, region: &str) -> Result<Option<GenerationNumber>> {
    let row = sqlx::query("select settled_generation from region where region_code = $1").bind(region);
    row.fetch_optional(executor).await?.map_or(Ok(None), |row| whole_or_null(&row, "settled_generation"))
}

pub(super) async fn settle(connection: &mut PgConnection, region: &str, generation: GenerationNumber) -> Result<()> {
    let set = sqlx::query("update region set settled_generation = $2 where region_code = $1");
    set.bind(region).bind(i64::from(generation)).execute(connection).await?;
    Ok(())
}

/// Returns how many stand in another grid than before.
pub(super) async fn relocate(
    connection: &mut PgConnection,
    region: &str,
    located: &Located,
    moved: &[(String, Option<GridPath>)],
) -> Result<u64> {
    let mut n = 0;
    for batch in moved.chunks(BATCH) {
        let (ids, paths): (Vec<_>, Vec<_>) =
            batch.iter().map(|(id, to)| (id.as_str(), to.as_ref().map(path::write))).unzip();
        let update = sqlx::query(located.relocate).bind(region).bind(ids).bind(paths);
        n += update.execute(&mut *connection).await?.rows_affected();
    }
    Ok(n)
}

/// Returns how many stand in another grid than before.
pub(super) async fn take_over(
    connection: &mut PgConnection,
    region: &str,
    located: &Located,
    generation: GenerationNumber,
) -> Result<u64> {
    let update = sqlx::query(located.take_over).bind(region).bind(i64::from(generation));
    Ok(update.execute(connection).await?.rows_affected())
}

/// Forgets what is pending for the things of these ids, whatever the generation.
pub(super) async fn forget_things(connection: &mut PgConnection, region: &str, noun: Noun, ids: &[&str]) -> Result<()> {
    let delete = sqlx::query("delete from pending_grid where region_code = $1 and noun = $2 and thing_id = any($3)");
    delete.bind(region).bind(noun.as_str()).bind(ids).execute(connection).await?;
    Ok(())
}

pub(super) async fn put_pending(
    connection: &mut PgConnection,
    region: &str,
    noun: Noun,
    pending: &[Pending],
) -> Result<()> {
    for batch in pending.chunks(BATCH) {
        sqlx::query(
            "insert into pending_grid (region_code, noun, generation, thing_id, grid_path)
             select $1, $2, new.generation, new.thing_id, new.grid_path
             from unnest($3::bigint[], $4::text[], $5::text[]) as new (generation, thing_id, grid_path)",
        )
        .bind(region)
        .bind(noun.as_str())
        .bind(batch.iter().map(|one| i64::from(one.generation)).collect::<Vec<_>>())
        .bind(batch.iter().map(|one| one.id.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|one| one.grid.as_ref().map(path::write)).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Forgets what is pending for a generation.
pub(super) async fn forget(connection: &mut PgConnection, region: &str, generation: GenerationNumber) -> Result<()> {
    let delete = sqlx::query("delete from pending_grid where region_code = $1 and generation = $2");
    delete.bind(region).bind(i64::from(generation)).execute(connection).await?;
    Ok(())
}

pub(super) async fn renumber(
    connection: &mut PgConnection,
    region: &str,
    from: GenerationNumber,
    to: GenerationNumber,
) -> Result<()> {
    let update = sqlx::query("update pending_grid set generation = $3 where region_code = $1 and generation = $2");
    update.bind(region).bind(i64::from(from)).bind(i64::from(to)).execute(connection).await?;
    Ok(())
}

/// Of which generations something is pending, and how many things.
pub(super) async fn pending(pool: &PgPool, region: &str) -> Result<Vec<(GenerationNumber, u64)>> {
    let rows = sqlx::query(
        "select generation, count(*) as n from pending_grid where region_code = $1 group by generation order by generation",
    );
    let rows = rows.bind(region).fetch_all(pool).await?;
    rows.iter().map(|row| Ok((whole(row, "generation")?, whole(row, "n")?))).collect()
}

//! The region and its change feed.

use sqlx::postgres::{PgConnection, PgExecutor, PgPool};

use super::listen::CHANNEL;
use crate::domain::{Change, Noun, Region, Revision};
use crate::store::row::grid::{read_change, whole};
use crate::store::row::{self, Cells};
use crate::store::{Result, StoreError};

pub(super) async fn code<'c>(executor: impl PgExecutor<'c>) -> Result<Option<String>> {
    let code = sqlx::query_scalar("select region_code from region order by region_code limit 1");
    Ok(code.fetch_optional(executor).await?)
}

pub(super) async fn read(pool: &PgPool) -> Result<Option<Region>> {
    let row = sqlx::query(
        "select region_code, name_zh, name_en, utc_offset_s::bigint as utc_offset_s, ladder, fallback_id, fallback_name
         from region order by region_code limit 1",
    )
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(row::region::read).transpose()
}

pub(super) async fn revision<'c>(executor: impl PgExecutor<'c>, region: &str) -> Result<Revision> {
    let row = sqlx::query("select revision from region where region_code = $1");
    let row = row.bind(region).fetch_optional(executor).await?;
    row.map_or(Ok(Revision(0)), |row| Ok(Revision(whole(&row, "revision")?)))
}

pub(super) async fn changes(pool: &PgPool, region: &str, after: Revision, limit: u32) -> Result<Vec<Change>> {
    let rows = sqlx::query(
        "select revision, noun, n_changed from change
         where region_code = $1 and revision > $2 order by revision, noun limit $3",
    )
    .bind(region)
    .bind(i64::try_from(after.0).unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(pool)
    .await?;
    rows.iter().map(read_change).collect()
}

/// Returns how many rows that changed: one or none.
pub(super) async fn put(connection: &mut PgConnection, region: &Region) -> Result<u64> {
    if let Some(kept) = code(&mut *connection).await?.filter(|kept| *kept != region.code) {
        return Err(StoreError::OtherRegion { kept, given: region.code.clone() });
    }
    let done = sqlx::query(
        "insert into region as kept (region_code, name_zh, name_en, utc_offset_s, ladder, fallback_id, fallback_name)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (region_code) do update
         set name_zh = excluded.name_zh, name_en = excluded.name_en, utc_offset_s = excluded.utc_offset_s,
             ladder = excluded.ladder, fallback_id = excluded.fallback_id, fallback_name = excluded.fallback_name
         where (kept.name_zh, kept.name_en, kept.utc_offset_s, kept.ladder, kept.fallback_id, kept.fallback_name)
             is distinct from (excluded.name_zh, excluded.name_en, excluded.utc_offset_s, excluded.ladder,
                               excluded.fallback_id, excluded.fallback_name)",
    )
    .bind(&region.code)
    .bind(&region.names.zh)
    .bind(&region.names.en)
    .bind(region.utc_offset.local_minus_utc())
    .bind(row::region::write_ladder(region))
    .bind(region.fallback.holder.as_str())
    .bind(&region.fallback.name)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Takes the next revision, writes what it changed, and tells everyone at commit.
pub(super) async fn advance(
    connection: &mut PgConnection,
    region: &str,
    changed: impl Iterator<Item = (Noun, u64)> + Send,
) -> Result<Revision> {
    let (nouns, counts): (Vec<&str>, Vec<i64>) =
        changed.map(|(noun, n)| (noun.as_str(), i64::try_from(n).unwrap_or(i64::MAX))).unzip();
    let row = sqlx::query("update region set revision = revision + 1 where region_code = $1 returning revision")
        .bind(region)
        .fetch_one(&mut *connection)
        .await?;
    let revision = row.integer("revision")?;
    sqlx::query(
        "insert into change (region_code, revision, noun, n_changed)
         select $1, $2, new.noun, new.n_changed from unnest($3::text[], $4::bigint[]) as new (noun, n_changed)",
    )
    .bind(region)
    .bind(revision)
    .bind(nouns)
    .bind(counts)
    .execute(&mut *connection)
    .await?;
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(revision.to_string()).execute(connection).await?;
    Ok(Revision(revision.unsigned_abs()))
}

//! Answers to requests that may come again.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::PgConnection;

use crate::domain::Version;
use crate::store::row::grid::whole;
use crate::store::row::{Cells, kept_instant};
use crate::store::{Remembered, Result};

pub(super) async fn get(connection: &mut PgConnection, region: &str, key: &str) -> Result<Option<Remembered>> {
    let row = sqlx::query(
        "select fingerprint, status, location, body, version from remembered where region_code = $1 and idempotency_key = $2",
    )
    .bind(region)
    .bind(key)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Remembered {
            fingerprint: row.text("fingerprint")?,
            status: whole(&row, "status")?,
            location: row.text_or_null("location")?,
            body: row.bytes("body")?,
            version: Version(whole(&row, "version")?),
        })
    })
    .transpose()
}

pub(super) async fn put(
    connection: &mut PgConnection,
    region: &str,
    key: &str,
    answer: &Remembered,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("delete from remembered where region_code = $1 and remembered_at < $2")
        .bind(region)
        .bind(kept_instant(now - TimeDelta::days(1)))
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into remembered
             (region_code, idempotency_key, fingerprint, status, location, body, remembered_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(region)
    .bind(key)
    .bind(&answer.fingerprint)
    .bind(i64::from(answer.status))
    .bind(&answer.location)
    .bind(&answer.body)
    .bind(kept_instant(now))
    .bind(answer.version.0.cast_signed())
    .execute(connection)
    .await?;
    Ok(())
}

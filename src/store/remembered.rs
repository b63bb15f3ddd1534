//! Answers to requests that may come again.

use chrono::{DateTime, TimeDelta, Utc};

use super::row::kept_instant;
use super::table::{Cells, Dialect};
use super::{IdempotentResponse, Result};
use crate::domain::Version;

pub(super) fn get(sql: &mut impl Dialect, region: &str, key: &str) {
    sql.text("select fingerprint, status, location, body, version from remembered where region_code = ");
    sql.bind_text(region).text(" and idempotency_key = ").bind_text(key);
}

pub(super) fn read(row: &dyn Cells) -> Result<IdempotentResponse> {
    Ok(IdempotentResponse {
        fingerprint: row.text("fingerprint")?,
        status: row.whole("status")?,
        location: row.text_or_null("location")?,
        body: row.bytes("body")?,
        version: Version(row.whole("version")?),
    })
}

/// Forgets answers of more than a day before `now`.
pub(super) fn forget(sql: &mut impl Dialect, region: &str, now: DateTime<Utc>) {
    sql.text("delete from remembered where region_code = ").bind_text(region);
    sql.text(" and remembered_at < ").bind_instant(kept_instant(now - TimeDelta::days(1)));
}

pub(super) fn put(sql: &mut impl Dialect, region: &str, key: &str, answer: &IdempotentResponse, now: DateTime<Utc>) {
    sql.text("insert into remembered (region_code, idempotency_key, fingerprint, status, location, body,");
    sql.text(" remembered_at, version) values (").bind_text(region).text(", ").bind_text(key);
    sql.text(", ").bind_text(&answer.fingerprint).text(", ").bind_integer(answer.status.into());
    sql.text(", ").bind_text_or_null(answer.location.as_deref()).text(", ").bind_bytes(&answer.body);
    sql.text(", ").bind_instant(kept_instant(now)).text(", ").bind_integer(answer.version.0.cast_signed()).text(")");
    sql.text(" on conflict (region_code, idempotency_key) do nothing");
}

//! The release: the counts that the public sees, one row with a JSON text.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Result;
use super::error::inconsistent;
use super::row::kept_instant;
use super::table::{Cells, Dialect};
use crate::domain::{GridId, IncidentKind, Release, ReleasedKind};

/// The counts of a release as they are kept.
#[derive(Serialize, Deserialize)]
struct Counts {
    areas_m2: BTreeMap<String, f64>,
    redrawn: BTreeMap<String, i32>,
    #[serde(rename = "homes")]
    households: BTreeMap<String, u64>,
    #[serde(rename = "homes_outside")]
    households_outside: Option<u64>,
    incidents: BTreeMap<String, u64>,
    incidents_outside: Option<u64>,
    kinds: Option<BTreeMap<String, KindRow>>,
    weeks: Option<BTreeMap<i64, u64>>,
    since: Option<i32>,
    on_one_point: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
struct KindRow {
    n_reported: u64,
    resolved_by_tier: BTreeMap<String, u64>,
}

pub(super) fn get(sql: &mut impl Dialect, region: &str, after: Option<DateTime<Utc>>) {
    sql.text("select made_at, generation, counts from released_counts where region_code = ").bind_text(region);
    if let Some(after) = after {
        sql.text(" and made_at > ").bind_instant(kept_instant(after));
    }
}

pub(super) fn put(sql: &mut impl Dialect, region: &str, release: &Release) {
    sql.text("insert into released_counts as t (region_code, made_at, generation, counts) values (").bind_text(region);
    sql.text(", ").bind_instant(kept_instant(release.made)).text(", ").bind_integer(release.generation.into());
    sql.text(", ").bind_text(&write(release));
    sql.text(
        ") on conflict (region_code) do update
        set made_at = excluded.made_at, generation = excluded.generation, counts = excluded.counts
        where t.made_at < excluded.made_at",
    );
}

fn write(release: &Release) -> String {
    let kind = |(kind, of): (&IncidentKind, &ReleasedKind)| {
        let row = KindRow { n_reported: of.n_reported, resolved_by_tier: of.resolved_by_tier.clone() };
        (kind.as_str().to_owned(), row)
    };
    let counts = Counts {
        areas_m2: by_id(&release.areas_m2),
        redrawn: by_id(&release.redrawn),
        households: by_id(&release.households),
        households_outside: release.households_outside,
        incidents: by_id(&release.incidents),
        incidents_outside: release.incidents_outside,
        kinds: release.kinds.as_ref().map(|kinds| kinds.iter().map(kind).collect()),
        weeks: release.weeks.clone(),
        since: release.since,
        on_one_point: release.on_one_point.clone(),
    };
    serde_json::to_string(&counts).expect("texts and numbers always have a JSON form")
}

fn by_id<T: Copy>(of_grids: &BTreeMap<GridId, T>) -> BTreeMap<String, T> {
    of_grids.iter().map(|(id, of_grid)| (id.as_str().to_owned(), *of_grid)).collect()
}

fn by_grid<T>(by_id: BTreeMap<String, T>) -> Result<BTreeMap<GridId, T>> {
    let entry = |(id, of_grid): (String, T)| match GridId::new(&id) {
        Ok(grid) => Ok((grid, of_grid)),
        Err(_) => Err(inconsistent("counts", id)),
    };
    by_id.into_iter().map(entry).collect()
}

pub(super) fn read(row: &dyn Cells) -> Result<Release> {
    let counts: Counts = serde_json::from_str(&row.text("counts")?).map_err(|e| inconsistent("counts", e))?;
    let kind = |(kind, row): (String, KindRow)| {
        let known = IncidentKind::parse(&kind).ok_or_else(|| inconsistent("counts", kind))?;
        Ok((known, ReleasedKind { n_reported: row.n_reported, resolved_by_tier: row.resolved_by_tier }))
    };
    Ok(Release {
        made: row.instant("made_at")?,
        generation: row.whole("generation")?,
        areas_m2: by_grid(counts.areas_m2)?,
        redrawn: by_grid(counts.redrawn)?,
        households: by_grid(counts.households)?,
        households_outside: counts.households_outside,
        incidents: by_grid(counts.incidents)?,
        incidents_outside: counts.incidents_outside,
        kinds: counts.kinds.map(|kinds| kinds.into_iter().map(kind).collect::<Result<_>>()).transpose()?,
        weeks: counts.weeks,
        since: counts.since,
        on_one_point: counts.on_one_point,
    })
}

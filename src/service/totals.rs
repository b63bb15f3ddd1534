//! The county in numbers: what the first page shows.
//!
//! Grids, homes and people are counted in the snapshot; incidents are counted in the store, once per revision. The
//! public is not told a count of incidents under [`SMALLEST_PUBLIC_COUNT`].

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;

use super::Gridmap;
use crate::domain::{IncidentKind, Principal, Revision, Status};
use crate::index::Snapshot;
use crate::store::{Filter, StoreError};

/// Counts of cases or homes under this are not shown to the public.
pub const SMALLEST_PUBLIC_COUNT: u64 = 5;

/// The incidents of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    pub n_reported: u64,
    pub n_resolved: u64,
    /// Resolved cases by the level that settled them.
    pub resolved_by_tier: BTreeMap<String, u64>,
    /// When the first and the last one were reported: the period of the counts.
    pub period: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// What was counted at one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllCases {
    pub revision: Revision,
    pub by_kind: Vec<(IncidentKind, Cases)>,
}

/// The count of incidents of the newest revision it was asked for.
#[derive(Debug, Default)]
pub struct KeptCases(Mutex<Option<Arc<AllCases>>>);

impl KeptCases {
    /// Counts the incidents, or returns the count kept from before when nothing was committed since.
    ///
    /// Cost of a new count: one pass over the incidents, row by row.
    ///
    /// # Errors
    /// When the store cannot be read and nothing was counted before.
    pub async fn count(&self, gridmap: &Gridmap) -> Result<Arc<AllCases>, StoreError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let revision = match gridmap.store().revision().await {
            Ok(revision) => revision,
            Err(error) => return kept.ok_or(error),
        };
        if let Some(kept) = kept.filter(|kept| kept.revision == revision) {
            return Ok(kept);
        }
        let counted = Arc::new(AllCases { revision, by_kind: count_cases(gridmap).await? });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&counted));
        Ok(counted)
    }
}

async fn count_cases(gridmap: &Gridmap) -> Result<Vec<(IncidentKind, Cases)>, StoreError> {
    let mut by_kind: Vec<(IncidentKind, Cases)> = IncidentKind::ALL.map(|kind| (kind, Cases::default())).into();
    let mut rows = gridmap.store().incidents(Filter::default());
    while let Some(row) = rows.try_next().await? {
        let incident = row.thing;
        let Some((_, cases)) = by_kind.iter_mut().find(|(kind, _)| *kind == incident.kind) else { continue };
        let at = incident.reported_at();
        cases.n_reported += 1;
        cases.period = Some(cases.period.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        if incident.status() == Status::Resolved {
            cases.n_resolved += 1;
            let tier = incident.tier.unwrap_or_default();
            *cases.resolved_by_tier.entry(tier).or_default() += 1;
        }
    }
    by_kind.retain(|(_, cases)| cases.n_reported > 0);
    Ok(by_kind)
}

/// How many hold a role now, and how many grids they hold it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleCount {
    pub role: String,
    pub n_holders: u64,
    pub n_grids: u64,
}

/// Counts who holds each role of the region at `at`.
#[must_use]
pub fn roles(snapshot: &Snapshot, at: DateTime<Utc>) -> Vec<RoleCount> {
    let held = snapshot.people().duties().iter().filter(|duty| duty.holds_at(at));
    let mut by_role: BTreeMap<&str, (HashSet<&str>, HashSet<&str>)> = BTreeMap::new();
    for duty in held {
        let (holders, grids) = by_role.entry(&duty.role).or_default();
        holders.insert(duty.holder.as_str());
        if let crate::domain::DutyArea::Grid(grid) = &duty.area {
            grids.insert(grid.as_str());
        }
    }
    let count = |role: &crate::domain::Role| {
        let (holders, grids) = by_role.remove(role.code.as_str()).unwrap_or_default();
        RoleCount { role: role.code.clone(), n_holders: holders.len() as u64, n_grids: grids.len() as u64 }
    };
    snapshot.region().roles.iter().map(count).collect()
}

/// Counts the places of each kind where help is found.
#[must_use]
pub fn service_points(snapshot: &Snapshot) -> BTreeMap<&str, u64> {
    let mut by_kind = BTreeMap::new();
    for point in snapshot.people().service_points() {
        *by_kind.entry(point.kind.as_str()).or_default() += 1;
    }
    by_kind
}

/// The count as `to` may know it: the public is told no small one.
#[must_use]
pub fn shown(n: u64, to: Principal) -> Option<u64> {
    (to.entitlement().is_some() || n == 0 || n >= SMALLEST_PUBLIC_COUNT).then_some(n)
}

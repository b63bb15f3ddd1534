//! A question about figures, and what all its answers have in common: which ground, which rows, when and for whom.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::released::{self, ReleasedCounts};
use super::{GridCounts, IncidentFilter, RowSelection};
use crate::domain::{Action, Depth, Generation, Noun, PUBLIC_BASE, Part, Principal, Region, Revision};
use crate::geometry::Position;
use crate::index::{GridIndex, Snapshot};
use crate::service::area::Area;
use crate::service::refused::shortened;
use crate::service::{Caller, Refused, Validator};
use crate::store::TimeSpan;

/// The most rows in one answer.
const MOST_ROWS: usize = 10_000;

/// What is asked of figures.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The code of a level; the one right below the parent when left out.
    pub level: Option<String>,
    /// The code or id of the grid whose parts are asked about; the whole when left out.
    pub parent: Option<String>,
    pub at: Option<DateTime<Utc>>,
    pub known_at: Option<DateTime<Utc>>,
    /// Which incidents are counted; not for who may not see every count.
    pub incident_filter: IncidentFilter,
}

/// Tells whether `principal` sees the counts of the release instead of exact ones.
#[must_use]
pub fn is_suppressed_for(principal: &Principal) -> bool {
    [Noun::Households, Noun::Incidents].into_iter().any(|noun| !principal.may(Action::CountExactly, noun))
}

impl Question {
    /// Returns the ground that is asked about.
    ///
    /// # Errors
    /// When the caller may not see counts, or not narrow them so; or when no ground was in force then.
    pub(super) async fn ground(&self, caller: &Caller<'_>) -> Result<Arc<Snapshot>, Refused> {
        for noun in [Noun::Households, Noun::Incidents] {
            caller.principal().allows(Action::Count, noun)?;
        }
        match self.first_filter().filter(|_| is_suppressed_for(caller.principal())) {
            Some(parameter) => Err(Refused::Narrowed { parameter }),
            None => caller.ground_at(self.at, self.known_at).await,
        }
    }

    /// The first parameter given that asks for other counts than those of the release.
    fn first_filter(&self) -> Option<&'static str> {
        let days = [(self.at.is_some(), "at"), (self.known_at.is_some(), "known_at")];
        let day = days.into_iter().find(|(is_given, _)| *is_given).map(|(_, name)| name);
        self.incident_filter.first_parameter().or(day)
    }

    /// Which rows those are on the ground of `snapshot`. Grids outside the caller's areas are not there.
    pub(super) fn rows(&self, caller: &Caller<'_>, snapshot: &Snapshot) -> Result<RowSelection, Refused> {
        let (region, area) = (snapshot.region(), Area::of(&caller.principal().scope, snapshot.tree()));
        let known = |name: &'static str, code: Option<&str>| match code {
            Some(code) => {
                let depth = region.depth_of(code).map(Some);
                depth.ok_or_else(|| Refused::parameter(name, no_level(region, code)))
            }
            None => Ok(None),
        };
        let no_grid = |word: &str| Refused::parameter("parent", format!("{:?} is no grid's code", shortened(word)));
        let parent = match self.parent.as_deref() {
            Some(word) => find(snapshot, word).filter(|&ix| area.holds(ix)).map(Some).ok_or_else(|| no_grid(word)),
            None => Ok(None),
        };
        let levels =
            Refused::both(known("tier", self.incident_filter.tier.as_deref()), known("level", self.level.as_deref()));
        let ((_, level), parent) = Refused::both(levels, parent)?;
        let above = parent.map(|ix| snapshot.grid(ix).depth);
        let level = level.unwrap_or_else(|| below(region, above));
        if above.is_some_and(|above| level <= above) {
            let detail = "no grid of this level lies in the parent: it is not below it".into();
            return Err(Refused::parameter("level", detail));
        }
        let rows = RowSelection { area, ..RowSelection::new(level, parent) };
        let n = rows.grids(snapshot).count();
        if n > MOST_ROWS {
            let detail = format!("{n} grids of this level lie there, at most {MOST_ROWS} are answered: name a parent");
            return Err(Refused::parameter("parent", detail));
        }
        Ok(rows)
    }

    /// Counts the incidents that are asked about, in the caller's areas, as the caller may know them.
    pub(super) async fn incidents(
        &self,
        caller: &Caller<'_>,
        snapshot: &Arc<Snapshot>,
        rows: &RowSelection,
        by_week: bool,
    ) -> Result<IncidentCounts, Refused> {
        if let Some(released) = caller.released_counts(snapshot).await? {
            return Ok(IncidentCounts::Released(released));
        }
        let kept = &caller.gridmap().caches().figures;
        let counted = kept.grid_counts(caller.gridmap(), snapshot, &self.incident_filter, by_week, &rows.area).await?;
        Ok(IncidentCounts::Exact { revision: counted.0, grid_counts: counted.1 })
    }
}

/// Incidents, as the caller may know them.
#[derive(Clone, Debug)]
pub enum IncidentCounts {
    /// As they are counted now.
    Exact { revision: Revision, grid_counts: Arc<GridCounts> },
    /// As they were released, with the households.
    Released(Arc<ReleasedCounts>),
}

impl IncidentCounts {
    /// The counts of the release, where exact ones are not for the caller.
    #[must_use]
    pub fn released(&self) -> Option<&ReleasedCounts> {
        match self {
            Self::Exact { .. } => None,
            Self::Released(released) => Some(released),
        }
    }
}

/// The head of an answer: of which ground, when and for whom the figures are; and the names of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Head<'s> {
    /// The newest revision that changed anything the figures are made of.
    pub revision: Revision,
    pub(super) snapshot: &'s Snapshot,
    pub(super) rows: &'s RowSelection,
    /// When duties must count.
    pub at: DateTime<Utc>,
    /// From when to when incidents are counted: as asked, and where that is open from the first to the last report.
    pub period: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The smallest published count, of which all others are multiples; `None` where counts are exact.
    pub minimum: Option<u64>,
    /// When those counts were released.
    pub released: Option<DateTime<Utc>>,
}

/// A grid, or the whole region, as a row is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'s> {
    pub id: &'s str,
    pub code: &'s str,
    pub name: Option<&'s str>,
    /// The id of the grid right above.
    pub parent: Option<&'s str>,
    /// The code of its level; the region is of none.
    pub level: Option<&'s str>,
}

impl<'s> Head<'s> {
    pub(super) fn new(
        caller: &Caller<'_>,
        snapshot: &'s Snapshot,
        rows: &'s RowSelection,
        question: &Question,
        revision: Revision,
        incidents: &IncidentCounts,
    ) -> Self {
        let period = match incidents {
            IncidentCounts::Exact { grid_counts, .. } => period(question.incident_filter.time, grid_counts.period()),
            IncidentCounts::Released(released) => released::period(released.release(), snapshot.region()),
        };
        let released = incidents.released().map(|released| released.release().made);
        let minimum = released.map(|_| PUBLIC_BASE);
        let at = question.at.unwrap_or_else(|| caller.now());
        Self { revision, snapshot, rows, at, period, minimum, released }
    }

    #[must_use]
    pub fn generation(&self) -> &'s Generation {
        self.snapshot.generation()
    }

    #[must_use]
    pub fn region(&self) -> &'s Region {
        self.snapshot.region()
    }

    /// The level of the rows.
    #[must_use]
    pub fn level(&self) -> Depth {
        self.rows.level
    }

    /// The grid whose parts the rows are; `None` is the whole.
    #[must_use]
    pub fn parent(&self) -> Option<Place<'s>> {
        self.rows.parent.map(|parent| self.place(Some(parent)))
    }

    /// How a row is named; the region's own names where it is the whole.
    #[must_use]
    pub fn place(&self, ix: Option<GridIndex>) -> Place<'s> {
        let (snapshot, region) = (self.snapshot, self.region());
        let Some(ix) = ix else {
            let name = Some(region.names.zh.as_str());
            return Place { id: &region.code, code: &region.code, name, parent: None, level: None };
        };
        let grid = snapshot.grid(ix);
        Place {
            id: grid.id.as_str(),
            code: &grid.code,
            name: grid.name.as_deref(),
            parent: snapshot.tree().parent(ix).map(|parent| snapshot.grid(parent).id.as_str()),
            level: Some(&region.level(grid.depth).code),
        }
    }

    /// A point inside a row's grid.
    #[must_use]
    pub fn point_inside(&self, ix: GridIndex) -> Position {
        self.snapshot.grid(ix).boundary.point_inside().position()
    }
}

/// What figures hang on: `incidents`, the households, and `read` of the snapshot beside them. Gives the newest revision that
/// changed any of it, and its name. Those of a release hang on it, and on no change since.
pub(super) fn hanging_on(
    caller: &Caller<'_>,
    incidents: &IncidentCounts,
    snapshot: &Snapshot,
    read: &[Part],
) -> (Revision, Validator) {
    let newest = snapshot.parts().newest(read);
    match incidents {
        IncidentCounts::Released(released) => {
            (newest, Validator::released(released.release(), caller.principal()).with_snapshot(snapshot, read))
        }
        IncidentCounts::Exact { revision, .. } => {
            let read = [read, &[Part::Households]].concat();
            let validator = Validator::new(*revision, caller.principal()).with_snapshot(snapshot, &read);
            ((*revision).max(snapshot.parts().newest(&read)), validator)
        }
    }
}

fn period(
    asked: Option<TimeSpan>,
    counted: Option<(DateTime<Utc>, DateTime<Utc>)>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let asked = asked.unwrap_or_default();
    let from = asked.from.or(counted.map(|(first, _)| first));
    from.zip(asked.to.or(counted.map(|(_, last)| last)))
}

/// The level right under `above`, as far as there is one.
fn below(region: &Region, above: Option<Depth>) -> Depth {
    let lowest = Depth::try_from(region.levels.len() - 1).unwrap_or(Depth::MAX);
    above.map_or(0, |above| above).saturating_add(1).min(lowest)
}

fn find(snapshot: &Snapshot, word: &str) -> Option<GridIndex> {
    snapshot.by_code(word).or_else(|| snapshot.by_id(word))
}

fn no_level(region: &Region, word: &str) -> String {
    let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
    format!("{:?} is none of the levels {}", shortened(word), levels.join(", "))
}

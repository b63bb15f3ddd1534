//! A question about figures, and what all its answers have in common: which ground, which rows, when and for whom.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::hotspots::in_each_grid;
use super::kept::MaskKey;
use super::told::Untold;
use super::{Narrowing, Rows, Tallies};
use crate::domain::{Action, Depth, Generation, Noun, Part, Principal, Region, Revision};
use crate::geometry::Position;
use crate::index::{GridIndex, Snapshot};
use crate::service::area::Area;
use crate::service::refused::shortened;
use crate::service::totals::SMALLEST_PUBLIC_COUNT;
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
    /// Which incidents are counted; not by whoever is not told every count.
    pub narrowing: Narrowing,
}

/// Tells whether `principal` is told counts with the small ones suppressed.
#[must_use]
pub fn is_suppressed_for(principal: &Principal) -> bool {
    [Noun::Households, Noun::Incidents].into_iter().any(|noun| !principal.may(Action::CountExactly, noun))
}

impl Question {
    /// Returns the ground that is asked about.
    ///
    /// # Errors
    /// When the caller may not be told counts, or not narrow them so; or when no ground was in force then.
    pub(super) async fn ground(&self, caller: &Caller<'_>) -> Result<Arc<Snapshot>, Refused> {
        for noun in [Noun::Households, Noun::Incidents] {
            caller.principal().allows(Action::Count, noun)?;
        }
        match self.narrowing.first_parameter().filter(|_| is_suppressed_for(caller.principal())) {
            Some(parameter) => Err(Refused::Narrowed { parameter }),
            None => caller.ground_at(self.at, self.known_at).await,
        }
    }

    /// Which rows those are on the ground of `snapshot`. Grids outside the caller's areas are not there.
    pub(super) fn rows(&self, caller: &Caller<'_>, snapshot: &Snapshot) -> Result<Rows, Refused> {
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
            Refused::both(known("tier", self.narrowing.tier.as_deref()), known("level", self.level.as_deref()));
        let ((_, level), parent) = Refused::both(levels, parent)?;
        let above = parent.map(|ix| snapshot.grid(ix).depth);
        let level = level.unwrap_or_else(|| below(region, above));
        if above.is_some_and(|above| level <= above) {
            let detail = "no grid of this level lies in the parent: it is not below it".into();
            return Err(Refused::parameter("level", detail));
        }
        let rows = Rows { area, ..Rows::new(level, parent) };
        let n = rows.grids(snapshot).count();
        if n > MOST_ROWS {
            let detail = format!("{n} grids of this level lie there, at most {MOST_ROWS} are answered: name a parent");
            return Err(Refused::parameter("parent", detail));
        }
        Ok(rows)
    }

    /// Counts the incidents that are asked about, in the caller's areas.
    pub(super) async fn tallies(
        &self,
        caller: &Caller<'_>,
        snapshot: &Snapshot,
        rows: &Rows,
        by_week: bool,
    ) -> Result<(Revision, Arc<Tallies>), Refused> {
        let kept = &caller.gridmap().caches().figures;
        Ok(kept.tallies(caller.gridmap(), snapshot, &self.narrowing, by_week, &rows.area).await?)
    }
}

/// Returns which counts are suppressed for the caller, if any.
///
/// Decided from the counts of all, so that it is the same for whatever part is asked about.
pub(super) async fn mask(
    caller: &Caller<'_>,
    snapshot: &Snapshot,
    rows: &Rows,
    tallies: &Arc<Tallies>,
) -> Result<Option<Arc<Untold>>, Refused> {
    if !is_suppressed_for(caller.principal()) {
        return Ok(None);
    }
    let (gridmap, kept) = (caller.gridmap(), &caller.gridmap().caches().figures);
    let of_all = if rows.area.is_everything() {
        Arc::clone(tallies)
    } else {
        kept.tallies(gridmap, snapshot, &Narrowing::default(), false, &Area::default()).await?.1
    };
    let by_kind = gridmap.caches().cases.n_by_kind(gridmap, snapshot).await?;
    let make = |of_all: &Tallies| Untold::of(snapshot, &in_each_grid(snapshot, of_all), &by_kind);
    Ok(Some(kept.mask(MaskKey::new(snapshot, of_all, &by_kind), make)))
}

/// The head of an answer: of which ground, when and for whom the figures are; and the names of its rows.
#[derive(Clone, Copy, Debug)]
pub struct Head<'s> {
    /// The newest revision that changed anything the figures are made of.
    pub revision: Revision,
    pub(super) snapshot: &'s Snapshot,
    pub(super) rows: &'s Rows,
    /// When duties must count.
    pub at: DateTime<Utc>,
    /// From when to when incidents are counted: as asked, and where that is open from the first to the last report.
    pub period: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The smallest count but 0 that is told, where smaller ones are suppressed.
    pub minimum: Option<u64>,
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
        rows: &'s Rows,
        question: &Question,
        (revision, tallies): (Revision, &Tallies),
    ) -> Self {
        let minimum = is_suppressed_for(caller.principal()).then_some(SMALLEST_PUBLIC_COUNT);
        let period = period(question.narrowing.time, tallies.period());
        Self { revision, snapshot, rows, at: question.at.unwrap_or_else(|| caller.now()), period, minimum }
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

/// What figures hang on: the incidents as of the revision `cases`, and `read` of the snapshot. Gives the newest revision that
/// changed any of it, and its name.
pub(super) fn hanging_on(
    caller: &Caller<'_>,
    cases: Revision,
    snapshot: &Snapshot,
    read: &[Part],
) -> (Revision, Validator) {
    let validator = Validator::new(cases, caller.principal()).with_snapshot(snapshot, read);
    (cases.max(snapshot.parts().newest(read)), validator)
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

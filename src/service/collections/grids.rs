//! The grids, listed and read from memory.
//!
//! The text of each grid is printed once and kept beside the snapshot; an answer is a copy of prepared bytes. The texts
//! outlive a revision that changes neither the ground nor the households on it. They differ by whether the households are those
//! counted now or those of the release, and by nothing else of the caller, whose areas only choose among them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::{By, Query, words};
use crate::domain::{Action, Depth, Noun, Part};
use crate::format::geojson::{Geometry, write_feature};
use crate::format::properties::{self, GridFacts, Properties};
use crate::index::{GridIndex, Snapshot};
use crate::service::area::Area;
use crate::service::figures::released::ReleasedCounts;
use crate::service::made::Made;
use crate::service::validator::{Known, Validated, Validator};
use crate::service::{Caller, Refused};

/// The grids of one snapshot as GeoJSON features, each printed when it is first asked for. Cheap to clone.
#[derive(Clone, Debug)]
struct GridTexts {
    snapshot: Arc<Snapshot>,
    /// The counts of the release instead of exact ones.
    released: Option<Arc<ReleasedCounts>>,
    features: Arc<[OnceLock<Box<[u8]>>]>,
    /// How many grids each level has.
    n_by_depth: Arc<[u64]>,
}

impl GridTexts {
    fn new(snapshot: Arc<Snapshot>, released: Option<Arc<ReleasedCounts>>) -> Self {
        let features = snapshot.grids().map(|_| OnceLock::new()).collect();
        let mut n_by_depth = vec![0; snapshot.tree().n_levels()];
        snapshot.tree().depths().for_each(|depth| n_by_depth[usize::from(depth)] += 1);
        Self { snapshot, released, features, n_by_depth: n_by_depth.into() }
    }

    /// How many grids there are, of one level or of all.
    fn n_grids(&self, depth: Option<Depth>) -> u64 {
        match depth {
            Some(depth) => self.n_by_depth.get(usize::from(depth)).copied().unwrap_or(0),
            None => self.features.len() as u64,
        }
    }

    fn feature(&self, ix: GridIndex) -> &[u8] {
        self.features[ix as usize].get_or_init(|| {
            let grid = self.snapshot.grid(ix);
            let mut out = Vec::with_capacity(grid.boundary.n_vertices() * 25 + 400);
            let geometry = Geometry::Boundary(&grid.boundary);
            write_feature(grid.id.as_str(), geometry, &self.properties(ix), &mut out);
            out.into_boxed_slice()
        })
    }

    fn properties(&self, ix: GridIndex) -> Properties<'_> {
        let (snapshot, grid) = (&self.snapshot, self.snapshot.grid(ix));
        let exact = snapshot.n_households(ix);
        properties::grid(&GridFacts {
            id: grid.id.as_str(),
            code: &grid.code,
            name: grid.name.as_deref(),
            level: &snapshot.region().level(grid.depth).code,
            parent: snapshot.tree().parent(ix).map(|parent| snapshot.grid(parent).id.as_str()),
            area_m2: grid.area_m2(),
            n_households: self
                .released
                .as_ref()
                .map_or(exact, |released| released.households(ix).filter(|_| exact.is_some())),
        })
    }

    /// The same texts for a newer snapshot in which the same would be printed.
    fn for_newer(&self, snapshot: &Arc<Snapshot>, released: Option<&Arc<ReleasedCounts>>) -> Option<Self> {
        let old = &self.snapshot;
        let same_households = match (old.households(), snapshot.households(), &self.released, released) {
            (_, _, Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (Some(old), Some(new), None, None) => Arc::ptr_eq(old, new),
            (old, new, ..) => old.is_none() && new.is_none(),
        };
        let same = Arc::ptr_eq(old.tree(), snapshot.tree()) && same_households && old.region() == snapshot.region();
        same.then(|| Self { snapshot: Arc::clone(snapshot), ..self.clone() })
    }
}

/// The texts of the published snapshot from one request to the next: one set for each way of counting, so two at most.
#[derive(Debug, Default)]
pub struct TextCache {
    exact: Mutex<Option<GridTexts>>,
    released: Mutex<Option<GridTexts>>,
    made: Made,
}

impl TextCache {
    /// How many sets of texts were begun.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    fn of(&self, snapshot: &Arc<Snapshot>, released: Option<Arc<ReleasedCounts>>) -> GridTexts {
        let place = if released.is_some() { &self.released } else { &self.exact };
        let mut kept = place.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |texts: &&GridTexts| {
            Arc::ptr_eq(&texts.snapshot, snapshot)
                && texts.released.as_ref().map(Arc::as_ptr) == released.as_ref().map(Arc::as_ptr)
        };
        if let Some(texts) = kept.as_ref().filter(is_same) {
            return texts.clone();
        }
        let newer = kept.as_ref().and_then(|texts| texts.for_newer(snapshot, released.as_ref()));
        let texts = newer.unwrap_or_else(|| {
            self.made.note();
            GridTexts::new(Arc::clone(snapshot), released)
        });
        *kept = Some(texts.clone());
        texts
    }
}

/// The texts of the grids of `snapshot`; those of past ground are kept by nobody.
fn texts(caller: &Caller<'_>, snapshot: &Arc<Snapshot>, released: Option<Arc<ReleasedCounts>>) -> GridTexts {
    let gridmap = caller.gridmap();
    if gridmap.snapshot().is_some_and(|current| Arc::ptr_eq(&current, snapshot)) {
        return gridmap.caches().texts.of(snapshot, released);
    }
    GridTexts::new(Arc::clone(snapshot), released)
}

/// A level of which fewer than one in so many grids are is found by depth, not in the order of the ids.
const FEW: u64 = 8;

/// One page of grids.
#[derive(Debug)]
pub struct GridPage {
    texts: GridTexts,
    grids: Vec<GridIndex>,
    n_matched: u64,
    is_cut: bool,
}

/// The name of what the texts of grids hang on: they tell how many households there are.
fn validator(caller: &Caller<'_>, snapshot: &Snapshot, released: Option<&ReleasedCounts>) -> Validator {
    let read = &[Part::Ground, Part::Households];
    match released {
        Some(released) => {
            Validator::released(released.release(), caller.principal()).with_snapshot(snapshot, &read[..1])
        }
        None => Validator::new(snapshot.parts().newest(read), caller.principal()).with_snapshot(snapshot, read),
    }
}

/// Lists grids in the order of their ids, at most `most` of them.
///
/// Cost: the page, where all grids are asked for or all of a level; one look at each grid of the code, below the parent, in the
/// box or of the level that is asked for; else at every grid. Touches no database for the ground of now.
///
/// # Errors
/// When the caller may not see them, no ground was in force then, or a level is none of the region's.
pub async fn list(
    caller: &Caller<'_>,
    query: &Query,
    most: usize,
    known: Known<'_>,
) -> Result<Validated<GridPage>, Refused> {
    let grant = caller.principal().allows(Action::List, Noun::Grids)?;
    let snapshot = caller.ground_at(query.at, query.known_at).await?;
    let released = caller.released_counts(&snapshot).await?;
    let validator = validator(caller, &snapshot, released.as_deref());
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let wanted = Wanted::new(&snapshot, query, Area::of(grant.scope(), snapshot.tree()))?;
    let mut page =
        GridPage { texts: texts(caller, &snapshot, released), grids: Vec::new(), n_matched: 0, is_cut: false };
    let n_of_level = page.texts.n_grids(wanted.depth);
    if wanted.is_unbounded() && n_of_level >= snapshot.tree().len() as u64 / FEW {
        let after = query.after.as_deref().unwrap_or_default();
        page.n_matched = n_of_level;
        let of_level = |ix: &GridIndex| wanted.depth.is_none_or(|depth| snapshot.grid(*ix).depth == depth);
        page.grids.extend(snapshot.tree().ordered_after(after).filter(of_level).take(most.saturating_add(1)));
        page.is_cut = page.grids.len() > most;
        page.grids.truncate(most);
        return Ok(Validated::new(validator, page));
    }
    for ix in wanted.candidates(&snapshot).into_iter().filter(|&ix| wanted.takes(&snapshot, ix)) {
        page.n_matched += 1;
        let seen = query.after.as_deref().is_some_and(|after| snapshot.grid(ix).id.as_str() <= after);
        if !seen && page.grids.len() < most {
            page.grids.push(ix);
        } else if !seen {
            page.is_cut = true;
        }
    }
    Ok(Validated::new(validator, page))
}

/// Returns the text of one grid, as it is or was.
///
/// # Errors
/// When there is none of that id in the caller's areas, or as [`list`].
pub async fn one(
    caller: &Caller<'_>,
    id: &str,
    query: &Query,
    known: Known<'_>,
) -> Result<Validated<Vec<u8>>, Refused> {
    let grant = caller.principal().allows(Action::Read, Noun::Grids)?;
    let snapshot = caller.ground_at(query.at, query.known_at).await?;
    let area = Area::of(grant.scope(), snapshot.tree());
    let found = snapshot.by_id(id).filter(|&ix| area.holds(ix));
    let ix = found.ok_or_else(|| Refused::Missing("there is no grid of that id".into()))?;
    let released = caller.released_counts(&snapshot).await?;
    let validator = validator(caller, &snapshot, released.as_deref());
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let feature = texts(caller, &snapshot, released).feature(ix).to_vec();
    Ok(Validated::new(validator, feature))
}

impl GridPage {
    /// How many grids there are on all pages.
    #[must_use]
    pub fn n_matched(&self) -> u64 {
        self.n_matched
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.grids.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.grids.is_empty()
    }

    /// The grid at that place of the page as a GeoJSON feature.
    #[must_use]
    pub fn feature(&self, at: usize) -> Option<&[u8]> {
        self.grids.get(at).map(|&ix| self.texts.feature(ix))
    }

    /// What is shown of each grid.
    pub fn properties(&self) -> impl Iterator<Item = Properties<'_>> {
        self.grids.iter().map(|&ix| self.texts.properties(ix))
    }

    /// The id of the last grid, where there are more after it.
    #[must_use]
    pub fn cut_after(&self) -> Option<&str> {
        let last = self.grids.last().filter(|_| self.is_cut)?;
        Some(self.texts.snapshot.grid(*last).id.as_str())
    }
}

/// The filters of a request, looked up once.
struct Wanted<'a> {
    query: &'a Query,
    area: Area,
    depth: Option<Depth>,
    parent: Option<GridIndex>,
}

impl<'a> Wanted<'a> {
    fn new(snapshot: &Snapshot, query: &'a Query, area: Area) -> Result<Self, Refused> {
        words::check(Noun::Grids, snapshot, query)?;
        let depth = given(query, By::Level).and_then(|level| snapshot.region().depth_of(level));
        let parent = given(query, By::Parent);
        let parent = parent.and_then(|code| snapshot.by_code(code).or_else(|| snapshot.by_id(code)));
        Ok(Self { query, area, depth, parent })
    }

    /// Tells whether every grid is asked for, or every one of a level.
    fn is_unbounded(&self) -> bool {
        let only_level = self.query.filters.iter().all(|(by, _)| *by == By::Level);
        only_level && self.query.bbox.is_none() && self.area.is_everything()
    }

    /// Those in the box that may be wanted, in the order of their ids: found by what narrows them most, not one by one.
    fn candidates(&self, snapshot: &Snapshot) -> Vec<GridIndex> {
        let bbox = self.query.bbox;
        let is_in_box = |ix: &GridIndex| {
            let grid = snapshot.grid(*ix);
            bbox.is_none_or(|bbox| grid.bbox.intersects(bbox) && grid.boundary.meets(bbox))
        };
        let mut found: Vec<GridIndex> = match (given(self.query, By::Code), self.parent, bbox) {
            (Some(code), ..) => snapshot.by_code(code).into_iter().filter(is_in_box).collect(),
            (None, Some(parent), _) => snapshot.children(parent).filter(is_in_box).collect(),
            (None, None, Some(bbox)) => snapshot.grids_meeting(bbox),
            (None, None, None) => match self.depth {
                Some(depth) => snapshot.grids_at(depth).collect(),
                None => return snapshot.grids().collect(),
            },
        };
        found.sort_unstable_by(|a, b| snapshot.grid(*a).id.cmp(&snapshot.grid(*b).id));
        found
    }

    /// Tells whether all but the box takes it.
    fn takes(&self, snapshot: &Snapshot, ix: GridIndex) -> bool {
        let grid = snapshot.grid(ix);
        let by_word = self.query.filters.iter().all(|(by, value)| match by {
            By::Code => grid.code == *value,
            By::Name => grid.name.as_deref() == Some(value),
            _ => true,
        });
        by_word
            && self.area.holds(ix)
            && self.depth.is_none_or(|depth| depth == grid.depth)
            && self.parent.is_none_or(|parent| snapshot.tree().parent(ix) == Some(parent))
    }
}

/// What a filter of the request asks for.
fn given(query: &Query, by: By) -> Option<&str> {
    query.filters.iter().find(|(of, _)| *of == by).map(|(_, value)| value.as_str())
}

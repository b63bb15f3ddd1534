//! Search by name: grids for everyone, those who answer for whoever may know their telephones.

use std::collections::HashMap;
use std::sync::Arc;

use super::area::Area;
use super::made::Made;
use super::{Caller, Refused, locate};
use crate::domain::{Action, Duty, DutyArea, Grant, GridRef, Holder, HolderId, Noun, Region, Revision};
use crate::index::names::{NameEntry, NameIndex};
use crate::index::{GridIndex, Published, Snapshot};

/// The most of each kind that one search names.
pub const MAX_FOUND: usize = 50;

/// Names longer than this many characters are not looked for.
pub const MAX_QUERY_CHARS: usize = 200;

/// What was found, the best first.
#[derive(Debug)]
pub struct Found<'s> {
    pub revision: Revision,
    pub grids: Vec<FoundGrid<'s>>,
    pub holders: Vec<FoundHolder<'s>>,
}

/// A grid, and those that hold it from the top level down.
#[derive(Debug)]
pub struct FoundGrid<'s> {
    pub grid: GridRef<'s>,
    pub above: Vec<GridRef<'s>>,
}

/// Somebody who answers, with the first duty that counts now.
#[derive(Debug)]
pub struct FoundHolder<'s> {
    pub holder: &'s Holder,
    pub phone: Option<&'s str>,
    pub role: Option<&'s str>,
    pub serves: Option<FoundGrid<'s>>,
}

/// Finds what `query` names, at most `limit` grids and as many of those who answer; `render` writes it out.
///
/// # Errors
/// When the caller may not list grids, or there is no ground yet.
pub async fn find<R>(
    caller: &Caller<'_>,
    query: &str,
    limit: usize,
    render: impl FnOnce(&Found<'_>) -> R,
) -> Result<R, Refused> {
    let grant = caller.principal().allows(Action::List, Noun::Grids)?;
    let ground = caller.ground()?;
    let revision = ground.revision();
    let names = caller.gridmap().caches().names.of(ground).await?;
    let snapshot = &names.snapshot;
    let area = Area::of(grant.scope(), snapshot.tree());
    let grids = names.grids.find(query, limit, |at| GridIndex::try_from(at).is_ok_and(|ix| area.holds(ix)));
    let holders = locate::phones(caller.principal())
        .map(|phones| names.found_holders(caller, query, limit, &phones))
        .unwrap_or_default();
    let grids = grids.into_iter().filter_map(|at| Some(found_grid(snapshot, GridIndex::try_from(at).ok()?))).collect();
    Ok(render(&Found { revision, grids, holders }))
}

fn found_grid(snapshot: &Snapshot, ix: GridIndex) -> FoundGrid<'_> {
    let path = snapshot.path(ix);
    let above = path[..path.len() - 1].iter().map(|&ix| snapshot.grid_ref(ix)).collect();
    FoundGrid { grid: snapshot.grid_ref(ix), above }
}

/// The names of one ground and its people.
#[derive(Debug)]
pub struct Names {
    snapshot: Arc<Snapshot>,
    /// By the place of each grid in the tree.
    grids: NameIndex,
    /// By the place of each holder in the directory.
    holders: NameIndex,
    /// The duties of each, by their places in the directory.
    duties: Vec<Vec<u32>>,
}

impl Names {
    /// Takes down all names of a ground. Cost: linear in them.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        let duties = duties_of_holders(&snapshot);
        let (grids, holders) = (grid_names(&snapshot), holder_names(&snapshot, &duties));
        Self { snapshot, grids, holders, duties }
    }

    /// The grids that `query` names best.
    #[must_use]
    pub fn grids(&self, query: &str, limit: usize) -> Vec<usize> {
        self.grids.find(query, limit, |_| true)
    }

    /// The holders that `query` names best.
    #[must_use]
    pub fn holders(&self, query: &str, limit: usize) -> Vec<usize> {
        self.holders.find(query, limit, |_| true)
    }

    fn found_holders(&self, caller: &Caller<'_>, query: &str, limit: usize, phones: &Grant) -> Vec<FoundHolder<'_>> {
        let people = self.snapshot.people();
        let found = |at: usize| {
            let holder = &people.holders()[at];
            let duties = self.duties[at].iter().map(|&duty| &people.duties()[duty as usize]);
            let duty = duties.into_iter().find(|duty| duty.holds_at(caller.now()));
            FoundHolder {
                holder,
                phone: holder.phone.reveal(phones, None).and_then(Option::as_deref),
                role: duty.map(|duty| duty.role.as_str()),
                serves: duty.and_then(|duty| grid_of(&self.snapshot, duty)).map(|ix| found_grid(&self.snapshot, ix)),
            }
        };
        self.holders(query, limit).into_iter().map(found).collect()
    }
}

fn duties_of_holders(snapshot: &Snapshot) -> Vec<Vec<u32>> {
    let people = snapshot.people();
    let places: HashMap<&HolderId, usize> = people.holders().iter().map(|one| &one.id).zip(0..).collect();
    let mut duties = vec![Vec::new(); places.len()];
    for (at, duty) in (0..).zip(people.duties()) {
        if let Some(&place) = places.get(&duty.holder) {
            duties[place].push(at);
        }
    }
    duties
}

fn grid_names(snapshot: &Snapshot) -> NameIndex {
    let mut names = NameIndex::default();
    for ix in snapshot.tree().indexes() {
        let grid = snapshot.grid(ix);
        let beside = names_above(snapshot, ix);
        names.add(NameEntry {
            code: &grid.code,
            name: grid.name.as_deref().unwrap_or_default(),
            beside: &beside,
            found_beside: false,
            order: grid.depth.into(),
        });
    }
    names
}

fn names_above(snapshot: &Snapshot, ix: GridIndex) -> String {
    let path = snapshot.path(ix);
    let above = path[..path.len() - 1].iter().filter_map(|&ix| snapshot.grid(ix).name.as_deref());
    above.collect::<Vec<_>>().join(" ")
}

fn holder_names(snapshot: &Snapshot, duties: &[Vec<u32>]) -> NameIndex {
    let people = snapshot.people();
    let mut names = NameIndex::default();
    for (holder, duties) in people.holders().iter().zip(duties) {
        let posts = duties.iter().map(|&duty| post(snapshot, &people.duties()[duty as usize]));
        let beside = posts.collect::<Vec<_>>().join(" ");
        names.add(NameEntry {
            code: holder.id.as_str(),
            name: &holder.name,
            beside: &beside,
            found_beside: true,
            order: 0,
        });
    }
    names
}

/// A duty in the words of the region: its role in both languages, and where it is.
fn post(snapshot: &Snapshot, duty: &Duty) -> String {
    let region: &Region = snapshot.region();
    let role = region.role(&duty.role).map(|role| format!("{} {}", role.names.zh, role.names.en)).unwrap_or_default();
    let Some(ix) = grid_of(snapshot, duty) else { return role };
    let grid = snapshot.grid(ix);
    format!("{role} {} {} {}", names_above(snapshot, ix), grid.name.as_deref().unwrap_or_default(), grid.code)
}

fn grid_of(snapshot: &Snapshot, duty: &Duty) -> Option<GridIndex> {
    match &duty.area {
        DutyArea::Grid(id) => snapshot.by_id(id.as_str()),
        DutyArea::Polygon(_) => None,
    }
}

/// The names of the published ground, from one search to the next: the same for everyone, whoever may find which.
#[derive(Debug, Default)]
pub struct NameCache {
    kept: Published<Names>,
    /// Held while names are taken down, so that one search does it for all.
    taking: tokio::sync::Mutex<()>,
    made: Made,
}

impl NameCache {
    /// How often names were taken down.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    async fn of(&self, snapshot: Arc<Snapshot>) -> Result<Arc<Names>, Refused> {
        let kept = || self.kept.current().filter(|names| names.snapshot.answers_like(&snapshot));
        if let Some(names) = kept() {
            return Ok(names);
        }
        let _taking = self.taking.lock().await;
        if let Some(names) = kept() {
            return Ok(names);
        }
        let of = Arc::clone(&snapshot);
        let names = Arc::new(tokio::task::spawn_blocking(move || Names::new(of)).await?);
        self.made.note();
        self.kept.publish(Arc::clone(&names));
        Ok(names)
    }
}

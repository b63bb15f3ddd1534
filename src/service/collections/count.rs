//! How many things a list would have.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::{IncidentKind, Noun, Parts, Revision, Status};
use crate::index::{GridIndex, Snapshot};
use crate::service::Gridmap;
use crate::service::area::Area;
use crate::service::figures::IncidentFilter;
use crate::service::made::Made;
use crate::store::{Filter, Property, Result};

/// How many things pass a filter, remembered until a thing of their part changes: a reader of many pages asks the same on
/// each. The scope of the caller is part of the filter.
///
/// Households in a grid, and incidents there of some kind and status, are added up from what is counted by grid already, so
/// that not all of them are counted again after each change; for whatever else is asked, the store counts.
#[derive(Debug, Default)]
pub struct CountCache {
    counts: Mutex<HashMap<String, (Revision, u64)>>,
    made: Made,
}

/// More filters than this are not remembered at once.
const MOST_COUNTS: usize = 256;

/// What things are counted in, as read at `parts`.
#[derive(Clone, Copy)]
pub(super) struct Counting<'c> {
    pub gridmap: &'c Gridmap,
    pub snapshot: Option<&'c Snapshot>,
    pub parts: &'c Parts,
}

impl CountCache {
    /// How often something was counted.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    pub(super) async fn count(&self, counting: Counting<'_>, noun: Noun, filter: &Filter) -> Result<u64> {
        let all = Filter { after: None, limit: None, ..filter.clone() };
        // A scope is laid on duties by the settled ground.
        let (key, revision) = (format!("{noun} {:?} {all:?}", counting.parts.settled), counting.parts.newest_of(noun));
        let known = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some((_, n)) = known.filter(|(counted_at, _)| *counted_at == revision) {
            return Ok(n);
        }
        let n = match counting.by_grid(noun, &all).await? {
            Some(n) => n,
            None => counting.gridmap.store().count(noun, all).await?,
        };
        self.made.note();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS {
            counts.clear();
        }
        counts.insert(key, (revision, n));
        Ok(n)
    }
}

impl Counting<'_> {
    /// Adds it up from the counts by grid, where the filter asks for no more than those tell and they are of `parts`.
    async fn by_grid(self, noun: Noun, filter: &Filter) -> Result<Option<u64>> {
        let Filter { id: None, bbox: None, time: None, location: None, .. } = filter else { return Ok(None) };
        let Some(snapshot) = self.snapshot.filter(|on| self.parts.settled == Some(on.generation().number)) else {
            return Ok(None);
        };
        let area = Area::of(&filter.scope, snapshot.tree());
        let grid = match &filter.grid {
            Some(within) => match snapshot.by_id(within.path.leaf().as_str()) {
                Some(grid) => Some(grid),
                None => return Ok(None),
            },
            None => None,
        };
        let tops = tops(snapshot, &area, grid);
        let with_outside = grid.is_none() && area.is_everything();
        match noun {
            Noun::Households => Ok(self.households(snapshot, &tops, with_outside).filter(|_| filter.equals.is_empty())),
            Noun::Incidents => self.incidents(snapshot, &tops, with_outside, &area, filter).await,
            _ => Ok(None),
        }
    }

    fn households(&self, snapshot: &Snapshot, tops: &[GridIndex], with_outside: bool) -> Option<u64> {
        if snapshot.parts().households != self.parts.households {
            return None;
        }
        let outside = if with_outside { snapshot.n_households_outside()? } else { 0 };
        tops.iter().map(|&top| snapshot.n_households(top)).sum::<Option<u64>>().map(|inside| inside + outside)
    }

    async fn incidents(
        &self,
        snapshot: &Snapshot,
        tops: &[GridIndex],
        with_outside: bool,
        area: &Area,
        filter: &Filter,
    ) -> Result<Option<u64>> {
        let (mut kind, mut status) = (None, None);
        for (property, value) in &filter.equals {
            match *property {
                Property::Kind if kind.is_none() => kind = IncidentKind::parse(value),
                Property::Status if status.is_none() => status = Status::parse(value),
                _ => return Ok(None),
            }
        }
        if usize::from(kind.is_some()) + usize::from(status.is_some()) != filter.equals.len() {
            return Ok(None);
        }
        let (kept, all) = (&self.gridmap.caches().figures, IncidentFilter::default());
        let (incidents, grid_counts) = kept.grid_counts(self.gridmap, snapshot, &all, false, area).await?;
        if incidents != self.parts.incidents {
            return Ok(None);
        }
        let runs = tops.iter().map(|&top| snapshot.tree().subtree(top));
        Ok(Some(grid_counts.n_alike(runs, with_outside, kind, status)))
    }
}

/// The grids under which all lies that is in `grid` and in `area`.
fn tops(snapshot: &Snapshot, area: &Area, grid: Option<GridIndex>) -> Vec<GridIndex> {
    let tree = snapshot.tree();
    match grid {
        Some(grid) if area.holds(grid) => vec![grid],
        Some(grid) => area.tops(tree).into_iter().filter(|top| tree.subtree(grid).contains(top)).collect(),
        None => area.tops(tree),
    }
}

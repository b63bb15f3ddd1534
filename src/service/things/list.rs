//! Lists and single things of the store, as the caller may see them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{Stream, TryStreamExt as _};

use super::{By, Query, Seen, Thing};
use crate::domain::{Noun, Part, Parts, Revision, Scope, Version};
use crate::format::properties::Properties;
use crate::index::Snapshot;
use crate::service::area::Area;
use crate::service::ground::within;
use crate::service::made::Made;
use crate::service::validator::{Known, Validated, Validator};
use crate::service::{Caller, Refused};
use crate::store::{Filter, Result as StoreResult, Store};

/// A list that is read row by row as it is written out.
#[derive(Clone)]
pub struct Listing {
    store: Arc<dyn Store>,
    filter: Filter,
    seen: Seen,
    n_matched: u64,
}

/// Lists the things of one noun.
///
/// Cost: one count, remembered until a thing of that part changes; the rows when they are read.
///
/// # Errors
/// When the caller may not see them, or the store cannot be read.
pub async fn list<T: Thing>(
    caller: &Caller<'_>,
    query: &Query,
    known: Known<'_>,
) -> Result<Validated<Listing>, Refused> {
    let seen = Seen::by::<T>(caller.principal())?;
    let (gridmap, snapshot) = (caller.gridmap(), caller.gridmap().snapshot());
    let filter = filter(T::NOUN, snapshot.as_deref(), query, seen.read().scope());
    let store = Arc::clone(gridmap.store());
    let parts = store.parts().await?;
    let mut validator = Validator::new(parts.newest_of(T::NOUN), caller.principal());
    if let Some(snapshot) = &snapshot {
        validator = validator.with_snapshot(snapshot, &[Part::Ground]);
    }
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let n_matched = gridmap.caches().counts.count(&*store, &parts, T::NOUN, &filter).await?;
    Ok(Validated::new(validator, Listing { store, filter, seen, n_matched }))
}

impl Listing {
    /// How many things pass the filter, on whatever page.
    #[must_use]
    pub fn n_matched(&self) -> u64 {
        self.n_matched
    }

    /// How the caller sees each of them.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The first of them in the order of ids, at most `limit`.
    pub fn rows<T: Thing>(&self, limit: Option<u32>) -> impl Stream<Item = Result<T, Refused>> + Send + Unpin + '_ {
        let rows = T::rows(&*self.store, Filter { limit, ..self.filter.clone() });
        rows.map_ok(|stored| stored.thing).map_err(Refused::from)
    }
}

impl std::fmt::Debug for Listing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listing").field("n_matched", &self.n_matched).finish_non_exhaustive()
    }
}

/// One thing as the caller may see it.
#[derive(Clone, Debug)]
pub struct One<T> {
    pub thing: T,
    pub version: Version,
    seen: Seen,
}

impl<T: Thing> One<T> {
    pub(super) fn new(thing: T, version: Version, seen: Seen) -> Self {
        Self { thing, version, seen }
    }

    #[must_use]
    pub fn properties(&self) -> Properties<'_> {
        self.seen.properties(&self.thing)
    }

    /// The thing as a GeoJSON feature.
    #[must_use]
    pub fn feature(&self) -> Vec<u8> {
        self.seen.feature(&self.thing)
    }
}

/// Returns the thing of that id. One outside the caller's areas is not there.
///
/// # Errors
/// When there is none, the caller may not see them, or the store cannot be read.
pub async fn one<T: Thing>(caller: &Caller<'_>, id: &str) -> Result<One<T>, Refused> {
    let seen = Seen::by::<T>(caller.principal())?;
    let scope = scope_of(T::NOUN, caller.gridmap().snapshot().as_deref(), seen.read().scope());
    let filter = Filter { id: Some(id.to_owned()), limit: Some(1), scope, ..Filter::default() };
    let found = T::rows(&**caller.gridmap().store(), filter).try_next().await?;
    let found = found.ok_or_else(|| Refused::missing(T::NOUN))?;
    Ok(One { thing: found.thing, version: found.version, seen })
}

fn filter(noun: Noun, snapshot: Option<&Snapshot>, query: &Query, scope: &Scope) -> Filter {
    let scope = scope_of(noun, snapshot, scope);
    let mut filter =
        Filter { bbox: query.bbox, time: query.time, after: query.after.clone(), scope, ..Filter::default() };
    for (by, value) in &query.filters {
        match by {
            By::Property(property) => filter.equals.push((*property, value.clone())),
            By::Grid => narrow_to_grid(snapshot, value, &mut filter),
            By::Level | By::Parent | By::Code | By::Name => {}
        }
    }
    filter
}

/// The scope as a filter of the store takes it: a duty names a grid and has no path of its own, so for duties an area
/// counts only where the ground has it at that path.
fn scope_of(noun: Noun, snapshot: Option<&Snapshot>, scope: &Scope) -> Scope {
    match (noun, scope.areas(), snapshot) {
        (Noun::Duties, Some(areas), Some(snapshot)) => {
            let stands = |area: &Scope| !Area::of(area, snapshot.tree()).tops(snapshot.tree()).is_empty();
            let there = areas.iter().filter(|area| stands(&Scope::within([(*area).clone()])));
            Scope::within(there.cloned())
        }
        _ => scope.clone(),
    }
}

/// Takes a grid by its code, else by its id.
fn narrow_to_grid(snapshot: Option<&Snapshot>, word: &str, filter: &mut Filter) {
    match snapshot.and_then(|snapshot| within(snapshot, word)) {
        Some(within) => filter.grid = Some(within),
        // No id is empty: what is no grid has nothing in it.
        None => filter.id = Some(String::new()),
    }
}

/// How many things pass a filter, remembered until a thing of their part changes: a reader of many pages asks the same on
/// each. The scope of the caller is part of the filter.
#[derive(Debug, Default)]
pub struct CountCache {
    counts: Mutex<HashMap<String, (Revision, u64)>>,
    made: Made,
}

/// More filters than this are not remembered at once.
const MOST_COUNTS: usize = 256;

impl CountCache {
    /// How often the store was asked.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    async fn count(&self, store: &dyn Store, parts: &Parts, noun: Noun, filter: &Filter) -> StoreResult<u64> {
        let all = Filter { after: None, limit: None, ..filter.clone() };
        // A scope is laid on duties by the settled ground.
        let (key, revision) = (format!("{noun} {:?} {all:?}", parts.settled), parts.newest_of(noun));
        let known = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some((_, n)) = known.filter(|(counted_at, _)| *counted_at == revision) {
            return Ok(n);
        }
        let n = store.count(noun, all).await?;
        self.made.note();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS {
            counts.clear();
        }
        counts.insert(key, (revision, n));
        Ok(n)
    }
}

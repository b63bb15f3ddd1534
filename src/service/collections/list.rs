//! Lists and single things of the store, as the caller may see them.

use std::sync::Arc;

use futures::{Stream, TryStreamExt as _};

use super::count::Counting;
use super::{By, CollectionItem, Query, Seen, words};
use crate::domain::{Noun, Part, Scope, Version};
use crate::format::properties::Properties;
use crate::index::Snapshot;
use crate::service::area::Area;
use crate::service::ground::within;
use crate::service::validator::{Known, Validated, Validator};
use crate::service::{Caller, Refused};
use crate::store::{Filter, Store};

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
/// Cost: that of [counting](super::CountCache), remembered until a thing of that part changes; the rows when they are read.
///
/// # Errors
/// When the caller may not see them, the query names what the region has not, or the store cannot be read.
pub async fn list<T: CollectionItem>(
    caller: &Caller<'_>,
    query: &Query,
    known: Known<'_>,
) -> Result<Validated<Listing>, Refused> {
    let seen = Seen::by::<T>(caller.principal())?;
    let (gridmap, snapshot) = (caller.gridmap(), caller.gridmap().snapshot());
    if let Some(snapshot) = &snapshot {
        words::check(T::NOUN, snapshot, query)?;
    }
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
    let counting = Counting { gridmap, snapshot: snapshot.as_deref(), parts: &parts };
    let n_matched = gridmap.caches().counts.count(counting, T::NOUN, &filter).await?;
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
    pub fn rows<T: CollectionItem>(
        &self,
        limit: Option<u32>,
    ) -> impl Stream<Item = Result<T, Refused>> + Send + Unpin + '_ {
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

impl<T: CollectionItem> One<T> {
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
pub async fn one<T: CollectionItem>(caller: &Caller<'_>, id: &str) -> Result<One<T>, Refused> {
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
            let is_there = |area: &Scope| !Area::of(area, snapshot.tree()).tops(snapshot.tree()).is_empty();
            let there = areas.iter().filter(|area| is_there(&Scope::within([(*area).clone()])));
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

//! Where things have changed since they were counted, so that only what lies there is counted again.

use std::collections::HashSet;

use crate::domain::{GridId, GridPath, Noun, Parts, Revision, Which};
use crate::store::{Filter, JournalEntry, Location, Result, Store};

/// After more changes than this everything is counted: to read them would cost as much.
const MOST_CHANGES: u32 = 2_000;

/// The grids in which things of a noun were and are that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Touched(HashSet<GridPath>);

impl Touched {
    /// Reads where things of `noun` changed after what was known as `before`. Those that stood outside every grid, or do now,
    /// are counted among the others: what is outside is always touched.
    ///
    /// `None` where it is not known: of a large change, after many, where the feed names none, and where what was known is not
    /// what came before, since a backup was restored.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn since(store: &dyn Store, noun: Noun, before: &Parts) -> Result<Option<Self>> {
        if !is_of_this_history(store, before).await? {
            return Ok(None);
        }
        let changes = store.changes(before.revision, MOST_CHANGES).await?;
        if changes.len() >= MOST_CHANGES as usize {
            return Ok(None);
        }
        let mut paths = HashSet::new();
        let mut is_told = false;
        for change in changes.into_iter().filter(|change| change.noun == noun) {
            let Which::Few(things) = change.which else { return Ok(None) };
            is_told = true;
            paths.extend(things.into_iter().filter_map(|(_, path)| path));
        }
        Ok(is_told.then_some(Self(paths)))
    }

    /// Whatever passes `filter` and lies in one of them, and whatever does outside.
    pub(super) fn within(&self, filter: &Filter) -> [Filter; 2] {
        let locations = [Location::In(self.0.iter().cloned().collect()), Location::Outside];
        locations.map(|location| Filter { location: Some(location), ..filter.clone() })
    }

    pub(super) fn grids(&self) -> HashSet<GridId> {
        self.0.iter().map(|path| path.leaf().clone()).collect()
    }
}

async fn is_of_this_history(store: &dyn Store, known: &Parts) -> Result<bool> {
    let Some(before) = known.revision.0.checked_sub(1).filter(|_| known.committed_at.is_some()) else {
        return Ok(false);
    };
    let entries = store.journal(Revision(before), 1).await?;
    let is_known =
        |entry: &JournalEntry| entry.revision == known.revision && Some(entry.committed_at) == known.committed_at;
    Ok(entries.first().is_some_and(is_known))
}

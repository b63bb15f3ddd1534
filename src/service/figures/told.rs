//! Which counts of homes and incidents the public is told, decided once for the whole tree.
//!
//! Since it is the same for every level and parent that can be asked for, two answers held side by side tell no more than
//! one. For the same reason the public cannot narrow incidents by time or kind: of two such answers one may be
//! subtracted from the other.

use crate::analysis::Disclosure;
use crate::index::{GridIndex, Snapshot};
use crate::service::totals::{SMALLEST_PUBLIC_COUNT, is_small};

/// What the public is not told about a tree.
#[derive(Clone, Debug)]
pub struct Untold {
    homes: Vec<bool>,
    incidents: Vec<bool>,
}

impl Untold {
    /// Decides for `snapshot`, where `n_incidents` gives the incidents in each grid and below it, and `by_kind` those of
    /// the whole region by kind, of which the public is told all that are not small.
    #[must_use]
    pub fn of(snapshot: &Snapshot, n_incidents: &[u64], by_kind: &[u64]) -> Self {
        let forced: Vec<usize> = if sum_tells_a_kind(by_kind) { tops(snapshot) } else { Vec::new() };
        Self { homes: homes(snapshot), incidents: withheld(snapshot, n_incidents, &forced) }
    }

    #[must_use]
    pub fn homes(&self, ix: GridIndex) -> bool {
        self.homes[ix as usize]
    }

    #[must_use]
    pub fn incidents(&self, ix: GridIndex) -> bool {
        self.incidents[ix as usize]
    }
}

/// Tells of each grid whether the public is not told how many homes stand in it.
#[must_use]
pub fn homes(snapshot: &Snapshot) -> Vec<bool> {
    let counts: Vec<u64> = snapshot.tree().indexes().map(|ix| snapshot.n_households(ix).unwrap_or(0)).collect();
    withheld(snapshot, &counts, &[])
}

/// Withholds small ones of a list whose sum is told, and more, so that none is the sum less the others.
#[must_use]
pub fn of_list(counts: &[u64]) -> Vec<Option<u64>> {
    let all: Vec<u64> = std::iter::once(counts.iter().sum()).chain(counts.iter().copied()).collect();
    let parents: Vec<Option<u32>> = std::iter::once(None).chain(counts.iter().map(|_| Some(0))).collect();
    let untold = Disclosure { counts: &all, parents: &parents, minimum: SMALLEST_PUBLIC_COUNT }.withheld(&[]);
    if untold[0] {
        // The sum itself is told elsewhere, so nothing of the list can be.
        return vec![None; counts.len()];
    }
    counts.iter().zip(&untold[1..]).map(|(n, untold)| (!untold).then_some(*n)).collect()
}

fn withheld(snapshot: &Snapshot, counts: &[u64], forced: &[usize]) -> Vec<bool> {
    let parents: Vec<_> = snapshot.tree().indexes().map(|ix| snapshot.tree().parent(ix)).collect();
    Disclosure { counts, parents: &parents, minimum: SMALLEST_PUBLIC_COUNT }.withheld(forced)
}

fn tops(snapshot: &Snapshot) -> Vec<usize> {
    snapshot.tree().indexes().filter(|&ix| snapshot.tree().parent(ix).is_none()).map(|ix| ix as usize).collect()
}

/// Tells whether the region's count, less the kinds that are told, would tell a small one.
fn sum_tells_a_kind(by_kind: &[u64]) -> bool {
    let small = || by_kind.iter().copied().filter(|n| is_small(*n));
    let (n_small, sum_small) = (small().count() as u64, small().sum::<u64>());
    n_small > 0 && (n_small == 1 || sum_small < SMALLEST_PUBLIC_COUNT || sum_small == n_small)
}

//! Rounds counts for the public, so that no small one can be computed from the others.
//!
//! A count under the base is withheld, zero too: a published zero would tell of its neighbours that they are not. All others
//! are rounded down to a multiple of the base (deterministic rounding; Hundepool et al. 2012, Statistical Disclosure Control,
//! section 5.4). To round each by itself would not do: where nearly all children are just below their next multiple, their
//! parent's count shows it. So a parent is published with no more, over the sum of its children's published counts, than any
//! one child may be without:
//!
//! > published = sum of the children's published counts + base * min(floor(e / base), floor((base - 1)(n - 1) / base))
//!
//! where e is the rest of the parent's count over that sum, and n the number of children. Then any one child can have 0 to
//! base - 1 more than is published of it, whatever the others have: the rest of e fits into the others, and the parent itself
//! can have 0 to base - 1 more, so the same holds for its own family, up to the top. Whoever has every published count, and
//! knows this rule, learns of a withheld count no more than that it is one of 0 ..= base - 1 (its feasibility interval, ibid.
//! section 4.2). No other count has to be withheld for that.
//!
//! What a parent has outside its children is rounded down by itself; the sum above includes it, but nothing shows it alone.
//!
//! Counts that only grow are published again and again. One that is published for the first time was under the base a while
//! ago; where little was added all around it since, it cannot have been far under. So it waits until enough was: in each
//! parent above it the published count must rise by so much that it leaves room for it and for all others that are published
//! higher at the same time ([`Disclosure::before`]).

/// One tree of counts, parents before children.
#[derive(Clone, Copy, Debug)]
pub struct Disclosure<'c> {
    /// Each count includes those below it.
    pub counts: &'c [u64],
    pub parents: &'c [Option<u32>],
    /// Counts are published in multiples of it.
    pub base: u64,
    /// The published counts of the last time, for counts that only grow; `None` for those that were not there. Empty for counts
    /// that go up and down, or are published for the first time.
    pub before: &'c [Option<u64>],
    /// Which parents are published as the sum of their children only: those that had another boundary when they were published
    /// before, so that the difference would show what lies between the two. Empty for none.
    pub redrawn: &'c [bool],
}

/// What is known of a family while its parent is rounded.
#[derive(Clone, Copy, Default)]
struct Family {
    n: u64,
    sum: u64,
    published: u64,
}

/// How a count is rounded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rounding {
    Full,
    /// For the first time: as the base, however much more it is.
    Fresh,
    /// It waits; a parent is then the sum of its children.
    Held,
}

impl Disclosure<'_> {
    /// Returns what is published of each count: a multiple of the base, at most the count; 0 is withheld.
    ///
    /// A published count is less than the base short of the true one, or less than twice that in a small family; one that is
    /// published for the first time may be further. Cost: one pass, and some more while counts have to wait.
    ///
    /// # Panics
    /// When a parent comes after its child.
    #[must_use]
    pub fn published(&self) -> Vec<u64> {
        let fresh = |before: Option<u64>| if before == Some(0) { Rounding::Fresh } else { Rounding::Full };
        let mut roundings: Vec<Rounding> = self.before.iter().copied().map(fresh).collect();
        roundings.resize(self.counts.len(), Rounding::Full);
        for (at, _) in self.redrawn.iter().enumerate().filter(|(_, is_redrawn)| **is_redrawn) {
            roundings[at] = Rounding::Held;
        }
        loop {
            let (published, families) = self.rounded(&roundings);
            if !self.hold(&published, &families, &mut roundings) {
                return published;
            }
        }
    }

    fn rounded(&self, roundings: &[Rounding]) -> (Vec<u64>, Vec<Family>) {
        let mut families = vec![Family::default(); self.counts.len()];
        let mut published = vec![0; self.counts.len()];
        for at in (0..self.counts.len()).rev() {
            published[at] = self.rounded_one(self.counts[at], families[at], roundings[at]);
            if let Some(parent) = self.parent(at) {
                assert!(parent < at, "parents come before their children");
                let Family { n, sum, published: in_all } = families[parent];
                families[parent] = Family { n: n + 1, sum: sum + self.counts[at], published: in_all + published[at] };
            }
        }
        (published, families)
    }

    fn rounded_one(&self, count: u64, below: Family, rounding: Rounding) -> u64 {
        let between = count.saturating_sub(below.sum);
        let (sum, most) = match below.n {
            0 => (0, u64::MAX),
            // All but one of the children can be more than published by so much.
            n => (below.published + between - between % self.base, (self.base - 1) * (n - 1)),
        };
        let n_more = (count.saturating_sub(sum) / self.base).min(most / self.base);
        let n_more = match rounding {
            Rounding::Full => n_more,
            Rounding::Fresh => n_more.min(u64::from(sum == 0)),
            Rounding::Held => 0,
        };
        sum + self.base * n_more
    }

    /// Holds fresh counts, the last first, until those left fit into every parent. Tells whether any had to be.
    fn hold(&self, published: &[u64], families: &[Family], roundings: &mut [Rounding]) -> bool {
        if !roundings.contains(&Rounding::Fresh) {
            return false;
        }
        // A parent that rises because a child does, does not rise by itself.
        let rises = |at: usize| {
            self.before[at].is_some_and(|before| published[at] > before && (before == 0 || families[at].n == 0))
                && families[at].published == 0
        };
        let mut n_rising = vec![0_u64; published.len()];
        for at in (0..published.len()).filter(|&at| rises(at)) {
            self.above(at).for_each(|parent| n_rising[parent] += 1);
        }
        let mut any = false;
        for at in (0..published.len()).rev().filter(|&at| rises(at)) {
            let is_too_many = |parent| n_rising[parent] > self.room(parent, published);
            if roundings[at] == Rounding::Fresh && self.above(at).any(is_too_many) {
                roundings[at] = Rounding::Held;
                self.above(at).for_each(|parent| n_rising[parent] -= 1);
                any = true;
            }
        }
        any
    }

    /// How many counts under a parent may rise at once, if one of them is published for the first time: that one may have risen
    /// from 1 and every other by 1, and the parent has by about as much as its published count.
    fn room(&self, parent: usize, published: &[u64]) -> u64 {
        match self.before[parent] {
            None => u64::MAX,
            Some(0) => 1,
            Some(before) => (published[parent].saturating_sub(before) + 2).saturating_sub(self.base),
        }
    }

    fn parent(&self, at: usize) -> Option<usize> {
        self.parents[at].map(|parent| parent as usize)
    }

    fn above(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.parent(at), |&above| self.parent(above))
    }
}

/// The published counts of the parts of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    pub n: u64,
    /// Their sum.
    pub published: u64,
}

impl Partition {
    /// Tells whether another partition of the same whole may be published beside this one: whether any part of either can still
    /// have 0 to `base - 1` more than is published of it. Published counts alone decide that; where the other is left out for
    /// it, that shows no more than that some count is not 0.
    #[must_use]
    pub fn may_stand_beside(self, other: Self, base: u64) -> bool {
        let leaves_room =
            |of: Self, beside: Self| beside.published <= of.published + (base - 1) * of.n.saturating_sub(1);
        leaves_room(self, other) && leaves_room(other, self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const BASE: u64 = 5;

    fn published(counts: &[u64], parents: &[Option<u32>]) -> Vec<u64> {
        Disclosure { counts, parents, base: BASE, before: &[], redrawn: &[] }.published()
    }

    /// The counts of a tree from those of its leaves, in their order.
    fn summed(leaves: &[u64], parents: &[Option<u32>]) -> Vec<u64> {
        let is_leaf = |at: usize| !parents.iter().any(|parent| parent.is_some_and(|parent| parent as usize == at));
        let mut counts = vec![0; parents.len()];
        for (at, n) in (0..parents.len()).filter(|&at| is_leaf(at)).zip(leaves) {
            let mut above = Some(at);
            while let Some(here) = above {
                counts[here] += n;
                above = parents[here].map(|parent| parent as usize);
            }
        }
        counts
    }

    #[test]
    fn counts_are_told_in_multiples_of_the_base() {
        let family = [None, Some(0), Some(0), Some(0)];
        assert_eq!(published(&[30, 3, 7, 20], &family), [30, 0, 5, 20]);
        assert_eq!(published(&[27, 0, 7, 20], &family), [25, 0, 5, 20]);
        assert_eq!(published(&[3, 1, 2, 0], &family), [0; 4]);
        assert_eq!(published(&[12, 4, 4, 4], &family), [5, 0, 0, 0], "10 would tell that each is at least 2");
        assert_eq!(published(&[9], &[None]), [5]);
    }

    #[test]
    fn what_stands_in_no_child_is_rounded_by_itself() {
        assert_eq!(published(&[110, 7, 4], &[None, Some(0), Some(0)]), [100, 5, 0], "99 in neither: 95 + 5");
    }

    /// Every way to fill small trees, by what is published of it: of all that look the same, each withheld count takes every
    /// value under the base. So nobody who knows the rule can leave out one.
    #[test]
    fn a_withheld_count_may_be_anything_under_the_base() {
        let trees: [&[Option<u32>]; 4] = [
            &[None, Some(0), Some(0)],
            &[None, Some(0), Some(0), Some(0)],
            &[None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)],
            &[None, Some(0), Some(1), Some(1), Some(1), Some(0)],
        ];
        for parents in trees {
            let n_leaves = (0..parents.len())
                .filter(|&at| !parents.iter().any(|parent| parent.is_some_and(|parent| parent as usize == at)))
                .count();
            let most = if n_leaves > 3 { 9_u64 } else { 14 };
            let mut seen: BTreeMap<Vec<u64>, Vec<BTreeSet<u64>>> = BTreeMap::new();
            let mut leaves = vec![0; n_leaves];
            loop {
                let counts = summed(&leaves, parents);
                let values = seen.entry(published(&counts, parents)).or_insert(vec![BTreeSet::new(); counts.len()]);
                counts.iter().zip(values).for_each(|(count, values)| {
                    values.insert(*count);
                });
                let Some(place) = leaves.iter().position(|n| *n < most) else { break };
                leaves[place] += 1;
                leaves[..place].fill(0);
            }
            for (published, values) in seen {
                for (at, values) in values.iter().enumerate() {
                    let all = (0..BASE).all(|more| values.contains(&(published[at] + more)));
                    assert!(all, "{parents:?} published {published:?}: count {at} can only be {values:?}");
                }
            }
        }
    }

    /// The same for two lists of one whole.
    #[test]
    fn two_lists_of_one_whole_tell_no_more_than_one() {
        let lists = |n: usize, most: u64| {
            let mut found: BTreeMap<u64, Vec<Vec<u64>>> = BTreeMap::new();
            let mut list = vec![0; n];
            loop {
                found.entry(list.iter().sum()).or_default().push(list.clone());
                let Some(place) = list.iter().position(|count| *count < most) else { return found };
                list[place] += 1;
                list[..place].fill(0);
            }
        };
        let rounded = |list: &[u64]| list.iter().map(|count| count - count % BASE).collect::<Vec<_>>();
        let partition = |published: &[u64]| Partition { n: published.len() as u64, published: published.iter().sum() };
        let (grids, kinds) = (lists(2, 12), lists(3, 12));
        let mut seen: BTreeMap<_, Vec<BTreeSet<u64>>> = BTreeMap::new();
        for (whole, ways) in &grids {
            for (grids, kinds) in ways.iter().flat_map(|way| kinds[whole].iter().map(move |kinds| (way, kinds))) {
                let (by_grid, by_kind) = (rounded(grids), rounded(kinds));
                let may = partition(&by_grid).may_stand_beside(partition(&by_kind), BASE);
                let values = seen.entry((by_grid, may.then_some(by_kind))).or_insert(vec![BTreeSet::new(); 5]);
                let both = grids.iter().chain(if may { &kinds[..] } else { &[] });
                both.zip(values).for_each(|(count, values)| {
                    values.insert(*count);
                });
            }
        }
        assert!(seen.keys().any(|(_, kinds)| kinds.is_none()) && seen.keys().any(|(_, kinds)| kinds.is_some()));
        for ((grids, kinds), values) in seen {
            // What is near the largest count that was tried could be more with larger ones.
            let published: Vec<u64> = grids.iter().chain(kinds.iter().flatten()).copied().collect();
            for (published, values) in published.iter().zip(values).filter(|(published, _)| **published < BASE) {
                // That a list is left out may tell that there is something, and no more.
                let least = published + u64::from(kinds.is_none());
                let missing: Vec<u64> = (least..published + BASE).filter(|value| !values.contains(value)).collect();
                assert!(missing.is_empty(), "{grids:?} {kinds:?}: one published {published} cannot be {missing:?}");
            }
        }
    }
}

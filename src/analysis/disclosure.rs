//! Which counts the public is published: each rounded down to a multiple of a base, so that no small one can be computed from
//! what is published of the others.
//!
//! A count under the base is withheld, zero too: that a place is published to have none would tell of its neighbours that they
//! have some. All others are rounded down to a multiple of the base (deterministic rounding; Hundepool et al. 2012,
//! Statistical Disclosure Control, section 5.4). Rounding each by itself would not do: where nearly all children stand just
//! below the next multiple, a parent rounded by itself tells that they do. So a parent is published no more above the sum of its
//! children's published counts than any one of them could be missing from:
//!
//! > published = sum of the children's published counts + base * min(floor(e / base), floor((base - 1)(n - 1) / base))
//!
//! where e is what the count is more than that sum, and n the number of children. Then each of a family can be more than it
//! is published by anything from 0 up to base - 1, whatever the others are published: the rest of e fits into the others, and
//! what the parent is more than published can be anything up to base - 1 as well, so the same holds for its own family, up to the
//! top. So whoever knows all that is published, and this rule, knows of a withheld count no more than that it may be each of
//! 0 ..= base - 1 (its feasibility interval, ibid. section 4.2). No other count has to be withheld for it.
//!
//! What a parent has outside its children is rounded down by itself and counts as published in the sum, but is nowhere published.
//!
//! Counts that only grow are published again and again. A count that is published for the first time was under the base not long ago;
//! where little was reported all around it since, it cannot have been far under. So it is published only once enough was: in each
//! grid above it the published count must rise so far that it makes room for it and for all others that are published more, each of
//! which may have been one short, and it from the least there is ([`Disclosure::before`]).

/// One tree of counts, parents before children.
#[derive(Clone, Copy, Debug)]
pub struct Disclosure<'c> {
    /// Each count includes those below it.
    pub counts: &'c [u64],
    pub parents: &'c [Option<u32>],
    /// Counts are published in multiples of it.
    pub base: u64,
    /// What was published of each the last time, where the counts only grow and are published from time to time; `None` of what was
    /// not there. Empty for counts that are published once, or that go up and down.
    pub before: &'c [Option<u64>],
    /// Which parents are published no more than the sum of their children's published counts: those that were published of other ground before,
    /// so that the two counts side by side would tell of what lies between. Empty for none.
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
    /// It would be published for the first time, but not now, unless by what is published of its children.
    Held,
}

impl Disclosure<'_> {
    /// Returns what is published of each count: a multiple of the base, at most the count; 0 is withheld.
    ///
    /// A published count falls short by less than the base, or by less than twice that where a family is small; of what is published
    /// for the first time by more. Cost: a pass, and some more while fresh counts have to be held.
    ///
    /// # Panics
    /// When a parent stands behind its child.
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
                assert!(parent < at, "parents stand before their children");
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
        // A parent that is published more because a child is, is not published more by itself.
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

    /// How many counts under a parent may be published more at once, if one of them is for the first time: that one may have risen
    /// from 1 and each other by 1, and the parent by no less than what it is published more.
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

/// The published counts of parts that make up a whole, of which nothing else is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    pub n: u64,
    /// The sum of what is published of each.
    pub published: u64,
}

impl Partition {
    /// Tells whether another partition of the same whole may be published, too: whether it leaves room for each part of either to
    /// be more than published by anything from 0 up to `base - 1`. What is published decides it; of what is then left out it tells no
    /// more than that a part of the other may not be 0.
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
        let mut seen: BTreeMap<(Vec<u64>, Option<Vec<u64>>), Vec<BTreeSet<u64>>> = BTreeMap::new();
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

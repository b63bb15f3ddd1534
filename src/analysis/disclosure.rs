//! Which counts of a tree to withhold, so that no small one can be had, not even by subtraction.
//!
//! A count from 1 up to below the minimum is withheld. That alone protects little: the count of a village less those of
//! its other grids is the count of the grid that was left out. So in every family, a parent with its children, more is
//! withheld until it cannot be solved (complementary cell suppression; Hundepool et al. 2012, Statistical Disclosure
//! Control, chapter 4):
//! - where the parent is told, its untold children are at least two, sum to at least the minimum, and to more than
//!   what is known of them at least (one each, or what their own told children come to);
//! - where it is not, some child is untold too, or the children's sum would be the parent.
//!
//! So in each family with something untold each of it can be more or less, at the cost of another, and no told number
//! changes. Zeros are told: an empty grid hides nobody. What stands in a parent but in none of its children is nowhere
//! told, but could be computed; where it is small it counts as untold.

/// One tree of counts, parents before children.
#[derive(Clone, Debug)]
pub struct Disclosure<'c> {
    /// Each count includes those below it.
    pub counts: &'c [u64],
    pub parents: &'c [Option<u32>],
    /// Counts from 1 up to below this are small.
    pub minimum: u64,
}

/// What of a family is not told.
#[derive(Clone, Copy, Debug, Default)]
struct Untold {
    n: u64,
    sum: u64,
    /// What is known of the sum: it is at least this.
    least: u64,
}

impl Disclosure<'_> {
    /// Tells of each count whether it must be withheld. `forced` are withheld from the start.
    ///
    /// Of those that need not be, the smallest of a family go first; of equal ones the earlier. Cost: a sort of every
    /// family and a few passes.
    ///
    /// # Panics
    /// When a parent stands behind its child.
    #[must_use]
    pub fn withheld(&self, forced: &[usize]) -> Vec<bool> {
        let mut untold: Vec<bool> = self.counts.iter().map(|&count| self.is_small(count)).collect();
        for &at in forced {
            untold[at] = self.counts[at] > 0;
        }
        let mut closing = Closing { tree: self, families: self.families(), untold };
        // Withholding only grows, so this ends.
        loop {
            let before = closing.n_untold();
            (0..self.counts.len()).for_each(|at| closing.close(at));
            if closing.n_untold() == before {
                return closing.untold;
            }
        }
    }

    fn is_small(&self, count: u64) -> bool {
        0 < count && count < self.minimum
    }

    /// The children of each that are not empty, by their counts.
    fn families(&self) -> Vec<Vec<usize>> {
        let mut families = vec![Vec::new(); self.counts.len()];
        for (at, parent) in self.parents.iter().enumerate() {
            if let Some(parent) = parent.map(|parent| parent as usize).filter(|_| self.counts[at] > 0) {
                assert!(parent < at, "parents stand before their children");
                families[parent].push(at);
            }
        }
        for family in &mut families {
            family.sort_by_key(|&at| self.counts[at]);
        }
        families
    }
}

/// The work on one tree.
struct Closing<'t> {
    tree: &'t Disclosure<'t>,
    families: Vec<Vec<usize>>,
    untold: Vec<bool>,
}

impl Closing<'_> {
    fn n_untold(&self) -> usize {
        self.untold.iter().filter(|untold| **untold).count()
    }

    /// Withholds more of the family under `parent` until it cannot be solved.
    fn close(&mut self, parent: usize) {
        if self.families[parent].is_empty() {
            return;
        }
        while !self.is_closed(parent) {
            let told = self.families[parent].iter().copied().find(|&at| !self.untold[at]);
            match told {
                Some(child) => self.withhold(child),
                None if self.untold[parent] => return,
                None => self.untold[parent] = true,
            }
        }
    }

    fn withhold(&mut self, at: usize) {
        self.untold[at] = true;
        self.close(at);
    }

    fn is_closed(&self, parent: usize) -> bool {
        let hidden = self.untold_under(parent);
        if self.untold[parent] {
            return hidden.n > 0;
        }
        hidden.n == 0 || (hidden.n > 1 && hidden.sum >= self.tree.minimum && hidden.sum > hidden.least)
    }

    fn untold_under(&self, parent: usize) -> Untold {
        let mut hidden = Untold::default();
        let between = self.between(parent);
        if self.tree.is_small(between) {
            hidden = Untold { n: 1, sum: between, least: between };
        }
        for &at in self.families[parent].iter().filter(|&&at| self.untold[at]) {
            hidden.n += 1;
            hidden.sum += self.tree.counts[at];
            hidden.least += self.least(at);
        }
        hidden
    }

    /// What stands in `parent` but in none of its children.
    fn between(&self, parent: usize) -> u64 {
        let sum: u64 = self.families[parent].iter().map(|&at| self.tree.counts[at]).sum();
        self.tree.counts[parent].saturating_sub(sum)
    }

    /// What anyone knows of an untold count: it is at least this.
    fn least(&self, at: usize) -> u64 {
        let below = self.families[at].iter();
        let known: u64 = below.map(|&at| if self.untold[at] { self.least(at) } else { self.tree.counts[at] }).sum();
        if self.families[at].is_empty() { 1 } else { known + self.between(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMUM: u64 = 5;

    fn withheld(counts: &[u64], parents: &[Option<u32>]) -> Vec<bool> {
        Disclosure { counts, parents, minimum: MINIMUM }.withheld(&[])
    }

    /// Every way to fill in the leaves that agrees with all that is told; leaves up to `most`.
    fn possible(counts: &[u64], parents: &[Option<u32>], untold: &[bool]) -> Vec<Vec<u64>> {
        let leaves: Vec<usize> =
            (0..counts.len()).filter(|&at| !parents.iter().any(|p| *p == u32::try_from(at).ok())).collect();
        let most = 12;
        let mut found = Vec::new();
        let mut guess = vec![0; leaves.len()];
        loop {
            let mut sums = vec![0; counts.len()];
            for (&leaf, &n) in leaves.iter().zip(&guess) {
                let mut at = Some(leaf);
                while let Some(here) = at {
                    sums[here] += n;
                    at = parents[here].map(|parent| parent as usize);
                }
            }
            let agrees = (0..counts.len()).all(|at| if untold[at] { sums[at] > 0 } else { sums[at] == counts[at] });
            if agrees {
                found.push(sums);
            }
            let Some(place) = guess.iter().position(|n| *n < most) else { return found };
            guess[place] += 1;
            guess[..place].fill(0);
        }
    }

    #[test]
    fn the_left_out_one_is_not_the_total_less_the_others() {
        let parents = [None, Some(0), Some(0), Some(0)];
        assert_eq!(withheld(&[30, 3, 7, 20], &parents), [false, true, true, false]);
        assert_eq!(withheld(&[27, 0, 7, 20], &parents), [false; 4], "zeros and large counts hide nobody");
        assert_eq!(withheld(&[22, 1, 1, 20], &parents), [false, true, true, true], "two that sum to 2 are both 1");
        assert_eq!(withheld(&[3, 1, 2, 0], &parents), [true, true, true, false]);
    }

    #[test]
    fn what_stands_between_the_children_is_protected_too() {
        let parents = [None, Some(0), Some(0)];
        assert_eq!(withheld(&[33, 10, 20], &parents), [false, true, false], "3 stand in neither");
        assert_eq!(withheld(&[40, 10, 20], &parents), [false; 3]);
    }

    #[test]
    fn an_untold_parent_is_not_the_sum_of_its_children() {
        // 0 has 1 and 2; 1 has 3 and 4. 2 is small, so 1 goes with it, and then one of its children.
        let parents = [None, Some(0), Some(0), Some(1), Some(1)];
        assert_eq!(withheld(&[33, 30, 3, 10, 20], &parents), [false, true, true, true, false]);
    }

    /// Brute force over random small trees: whatever is told leaves at least two possible values for what is not, and
    /// more than one way for every sum of what is not told in a family.
    #[test]
    fn nothing_untold_can_be_computed() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let parents = [None, Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)];
        for _ in 0..400 {
            let leaves: [u64; 4] =
                std::array::from_fn(|_| [0, 1, 2, 3, 4, 5, 7, 9][usize::try_from(random(8)).unwrap()]);
            let (west, east) = (leaves[0] + leaves[1], leaves[2] + leaves[3]);
            let counts = [west + east, west, east, leaves[0], leaves[1], leaves[2], leaves[3]];
            let untold = withheld(&counts, &parents);
            let ways = possible(&counts, &parents, &untold);
            for at in (0..7).filter(|&at| untold[at]) {
                let mut values: Vec<u64> = ways.iter().map(|way| way[at]).collect();
                values.sort_unstable();
                values.dedup();
                assert!(values.len() > 1, "{counts:?} {untold:?}: count {at} can only be {values:?}");
            }
            assert!(counts.iter().zip(&untold).all(|(n, untold)| *untold || *n == 0 || *n >= MINIMUM), "{counts:?}");
        }
    }
}

//! Numbers at random, the same for the same seed (`SplitMix64`: Steele, Lea and Flood, Fast Splittable Pseudorandom Number
//! Generators, 2014).

use crate::backends::asked;

/// The next numbers follow from the seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Less than `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    pub(crate) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap()
    }

    pub(crate) fn small(&mut self, n: u32) -> u32 {
        u32::try_from(self.below(u64::from(n))).unwrap()
    }
}

/// How many of `all` cases to try: a fifth, or each where `GRIDMAP_TEST_CASES=all` asks for a longer run.
pub(crate) fn n_cases(all: usize) -> usize {
    if asked("GRIDMAP_TEST_CASES").is_some_and(|asked| asked == "all") { all } else { all / 5 }
}

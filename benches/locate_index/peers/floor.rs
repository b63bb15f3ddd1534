//! The floor: what reading memory at random places costs by itself, in groups whose reads do not wait for each other.

use crate::random::Random;

const WORDS: usize = 1 << 26;

/// A table of 256 MiB and places in it.
#[derive(Debug)]
pub struct Floor {
    table: Vec<u32>,
    places: Vec<u32>,
}

impl Floor {
    pub fn new(n: usize) -> Self {
        let mut random = Random::new(4);
        let table = (0..WORDS).map(|at| at as u32).collect();
        Self { table, places: (0..n).map(|_| random.below(WORDS) as u32).collect() }
    }

    pub fn places(&self) -> &[u32] {
        &self.places
    }

    pub fn read(&self, places: &[u32]) -> u64 {
        let mut sum = 0;
        for group in places.chunks(32) {
            let mut read = [0; 32];
            for (word, place) in read.iter_mut().zip(group) {
                *word = self.table[*place as usize];
            }
            sum += read.iter().map(|word| u64::from(*word)).sum::<u64>();
        }
        sum
    }
}

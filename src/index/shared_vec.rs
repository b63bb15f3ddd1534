//! A list in parts that never change: a list made from another shares every part that is the same.

use std::sync::Arc;

/// How many things stand in one part.
const PART: usize = 128;

#[derive(Clone, Debug)]
pub(super) struct SharedVec<T> {
    parts: Vec<Arc<[T]>>,
    len: usize,
}

impl<T: Clone> SharedVec<T> {
    pub(super) fn new(mut things: impl ExactSizeIterator<Item = T>) -> Self {
        let len = things.len();
        let parts = (0..len.div_ceil(PART)).map(|_| things.by_ref().take(PART).collect()).collect();
        Self { parts, len }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// # Panics
    /// Beyond the end.
    #[inline]
    pub(super) fn get(&self, at: u32) -> &T {
        let at = at as usize;
        &self.parts[at / PART][at % PART]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    /// Puts things at their places, or right behind the end; `things` are ordered by place.
    ///
    /// Cost: one count per part, and a copy of each part that gets something.
    pub(super) fn put(&mut self, things: impl IntoIterator<Item = (u32, T)>) {
        for (at, thing) in things {
            let at = at as usize;
            if at < self.len {
                Arc::make_mut(&mut self.parts[at / PART])[at % PART] = thing;
                continue;
            }
            assert_eq!(at, self.len, "a list has no holes");
            self.len += 1;
            match self.parts.last_mut().filter(|part| part.len() < PART) {
                Some(last) => *last = last.iter().cloned().chain([thing]).collect(),
                None => self.parts.push(Arc::new([thing])),
            }
        }
    }
}

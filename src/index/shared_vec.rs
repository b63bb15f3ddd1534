//! A list in parts that never change: a list made from another shares every part that is the same.

use std::ops::Range;
use std::sync::Arc;

/// A part has `PART` things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SharedVec<T, const PART: usize = 128> {
    parts: Vec<Arc<[T]>>,
    len: usize,
}

impl<T: Clone, const PART: usize> SharedVec<T, PART> {
    pub(crate) fn new(mut things: impl ExactSizeIterator<Item = T>) -> Self {
        let len = things.len();
        let parts = (0..len.div_ceil(PART)).map(|_| things.by_ref().take(PART).collect()).collect();
        Self { parts, len }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// # Panics
    /// Beyond the end.
    #[inline]
    pub(crate) fn get(&self, at: u32) -> &T {
        let at = at as usize;
        &self.parts[at / PART][at % PART]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }

    /// The things from a place on.
    pub(crate) fn iter_from(&self, first: usize) -> impl Iterator<Item = &T> {
        let mut parts = self.parts[(first / PART).min(self.parts.len())..].iter();
        let begun = parts.next().map(|part| &part[(first % PART).min(part.len())..]).unwrap_or_default();
        begun.iter().chain(parts.flat_map(|part| part.iter()))
    }

    /// Puts things at their places, or right behind the end.
    ///
    /// Cost: one count per part, and a copy of each part that gets something, where those of a part come together.
    pub(crate) fn put(&mut self, things: impl IntoIterator<Item = (u32, T)>) {
        let mut part: (usize, &mut [T]) = (usize::MAX, &mut []);
        for (at, thing) in things {
            let at = at as usize;
            if at >= self.len {
                part = (usize::MAX, &mut []);
                self.push(at, thing);
                continue;
            }
            if part.0 != at / PART {
                part = (at / PART, Arc::make_mut(&mut self.parts[at / PART]));
            }
            part.1[at % PART] = thing;
        }
    }

    fn push(&mut self, at: usize, thing: T) {
        assert_eq!(at, self.len, "a list has no holes");
        self.len += 1;
        match self.parts.last_mut().filter(|part| part.len() < PART) {
            Some(last) => *last = last.iter().cloned().chain([thing]).collect(),
            None => self.parts.push(Arc::new([thing])),
        }
    }
}

/// A list being written from its beginning, of runs of another and of single things.
#[derive(Debug)]
pub(super) struct Writer<'o, T, const PART: usize> {
    old: &'o SharedVec<T, PART>,
    parts: Vec<Arc<[T]>>,
    /// The part begun.
    open: Vec<T>,
}

impl<'o, T: Clone, const PART: usize> Writer<'o, T, PART> {
    pub(super) fn new(old: &'o SharedVec<T, PART>) -> Self {
        Self { old, parts: Vec::with_capacity(old.parts.len() + 1), open: Vec::with_capacity(PART) }
    }

    pub(super) fn len(&self) -> usize {
        self.parts.len() * PART + self.open.len()
    }

    pub(super) fn push(&mut self, thing: T) {
        self.open.push(thing);
        if self.open.len() == PART {
            self.parts.push(self.open.drain(..).collect());
        }
    }

    /// Writes a run of the other list once more; parts that keep their place are shared.
    pub(super) fn copy(&mut self, mut run: Range<usize>) {
        while !run.is_empty() {
            let part = &self.old.parts[run.start / PART];
            let within = run.start % PART..part.len().min(run.start % PART + run.len());
            if self.open.is_empty() && within == (0..PART) {
                self.parts.push(Arc::clone(part));
                run.start += PART;
                continue;
            }
            let n = within.len().min(PART - self.open.len());
            self.open.extend_from_slice(&part[within.start..within.start + n]);
            run.start += n;
            if self.open.len() == PART {
                self.parts.push(self.open.drain(..).collect());
            }
        }
    }

    pub(super) fn finish(mut self) -> SharedVec<T, PART> {
        let len = self.len();
        if !self.open.is_empty() {
            self.parts.push(self.open.into());
        }
        SharedVec { parts: self.parts, len }
    }
}

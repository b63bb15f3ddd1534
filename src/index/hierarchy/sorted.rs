//! All slots in the order of a text that each grid has, in runs that never change: a list made from another shares most.

use std::sync::Arc;

use crate::index::outline::Slot;

/// How many slots a run has at first; with twice as many it is split.
const RUN: usize = 512;

#[derive(Clone, Debug, Default)]
pub(in crate::index) struct Sorted {
    runs: Vec<Arc<[Slot]>>,
}

impl Sorted {
    /// Takes slots that are in order.
    pub(super) fn new(slots: &[Slot]) -> Self {
        Self { runs: slots.chunks(RUN).map(Arc::from).collect() }
    }

    pub(in crate::index) fn iter(&self) -> impl Iterator<Item = Slot> + '_ {
        self.runs.iter().flat_map(|run| run.iter().copied())
    }

    /// The slots whose text comes after `text`. Cost: a binary search.
    pub(in crate::index) fn after<'s, 'k, F>(
        &'s self,
        text: &str,
        text_of: F,
    ) -> impl Iterator<Item = Slot> + use<'s, 'k, F>
    where
        F: Fn(Slot) -> &'k str,
    {
        let first = self.runs.partition_point(|run| run.last().is_some_and(|slot| text_of(*slot) <= text));
        let begun = self.runs.get(first).map_or(0, |run| run.partition_point(|slot| text_of(*slot) <= text));
        self.runs[first..].iter().flat_map(|run| run.iter().copied()).skip(begun)
    }

    /// A slot whose text is `text`. Cost: a binary search.
    pub(in crate::index) fn find<'k>(&self, text: &str, text_of: impl Fn(Slot) -> &'k str) -> Option<Slot> {
        let run = self.runs.get(self.run_of(text, &text_of))?;
        Some(run[run.binary_search_by(|slot| text_of(*slot).cmp(text)).ok()?])
    }

    /// Takes a slot out; `None` when it is not there. Cost: a binary search and a copy of one run.
    pub(super) fn remove<'k>(&mut self, slot: Slot, text_of: impl Fn(Slot) -> &'k str) -> Option<()> {
        let at = self.run_of(text_of(slot), &text_of);
        let is_there = self.runs.get(at).is_some_and(|run| run.contains(&slot));
        // Where texts are equal it may be in another run.
        let at = if is_there { at } else { self.runs.iter().position(|run| run.contains(&slot))? };
        let rest: Arc<[Slot]> = self.runs[at].iter().copied().filter(|one| *one != slot).collect();
        if rest.is_empty() {
            self.runs.remove(at);
        } else {
            self.runs[at] = rest;
        }
        Some(())
    }

    /// Puts a slot in its place. Cost: a binary search and a copy of one run.
    pub(super) fn insert<'k>(&mut self, slot: Slot, text_of: impl Fn(Slot) -> &'k str) {
        let at = self.run_of(text_of(slot), &text_of);
        let Some(run) = self.runs.get(at) else {
            self.runs.push(Arc::new([slot]));
            return;
        };
        let (before, after) = run.split_at(run.partition_point(|one| text_of(*one) < text_of(slot)));
        let run: Vec<Slot> = before.iter().copied().chain([slot]).chain(after.iter().copied()).collect();
        if run.len() < 2 * RUN {
            self.runs[at] = run.into();
        } else {
            self.runs.splice(at..=at, run.chunks(RUN).map(Arc::from));
        }
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.runs.iter().map(|run| size_of_val(&**run) + size_of_val(run)).sum()
    }

    /// The run that holds `text`, if any.
    fn run_of<'k>(&self, text: &str, text_of: &impl Fn(Slot) -> &'k str) -> usize {
        self.runs.partition_point(|run| text_of(run[0]) <= text).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_and_goes_leaves_the_list_in_order() {
        let n = 5_000_u32;
        let texts: Vec<String> = (0..n).map(|slot| format!("{:05}", slot * 7919 % n)).collect();
        let text_of = |slot: Slot| texts[slot as usize].as_str();
        let mut expected: Vec<Slot> = (0..n).collect();
        expected.sort_by_key(|slot| text_of(*slot));
        let (mut sorted, half) = (Sorted::new(&[]), Sorted::new(&expected[..n as usize / 2]));
        (0..n).for_each(|slot| sorted.insert(slot, text_of));
        assert_eq!(sorted.iter().collect::<Vec<_>>(), expected);
        assert!((0..n).all(|slot| sorted.find(text_of(slot), text_of) == Some(slot)));
        assert_eq!(sorted.find("99999", text_of), None);
        for slot in &expected[n as usize / 2..] {
            sorted.remove(*slot, text_of).expect("it is there");
        }
        assert_eq!(sorted.iter().collect::<Vec<_>>(), half.iter().collect::<Vec<_>>());
        assert_eq!(sorted.remove(expected[n as usize - 1], text_of), None);
        half.iter().for_each(|slot| sorted.remove(slot, text_of).expect("it is there"));
        assert_eq!(sorted.iter().next(), None);
    }
}

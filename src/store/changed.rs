//! What a transaction has changed so far, for its entry in the feed.

use std::collections::BTreeMap;

use crate::domain::{GridPath, Noun, Which};

/// What has changed of each noun.
#[derive(Debug, Default)]
pub(super) struct Changed(BTreeMap<Noun, OfNoun>);

#[derive(Debug)]
struct OfNoun {
    n_changed: u64,
    /// How many things were given, changed or not.
    n_given: usize,
    /// `None` once they are too many.
    few: Option<Vec<(String, Option<GridPath>)>>,
}

impl Changed {
    /// Tells whether `n` more things of `noun` are still few, and counts them as given.
    pub(super) fn are_few(&mut self, noun: Noun, n: usize) -> bool {
        let changed = self.of(noun);
        changed.n_given = changed.n_given.saturating_add(n);
        changed.few.is_some() && changed.n_given <= Which::FEW
    }

    /// Tells whether anything of `noun` has changed.
    pub(super) fn has(&self, noun: Noun) -> bool {
        self.0.get(&noun).is_some_and(|changed| changed.n_changed > 0)
    }

    /// Notes a thing that was in the grid `before` and is now in `after`.
    pub(super) fn one(&mut self, noun: Noun, id: &str, before: Option<GridPath>, after: Option<GridPath>) {
        let changed = self.of(noun);
        changed.n_changed += 1;
        if let Some(few) = &mut changed.few {
            if before.is_some() && before != after {
                few.push((id.to_owned(), before));
            }
            few.push((id.to_owned(), after));
        }
    }

    /// Notes things of which only the number is kept.
    pub(super) fn many(&mut self, noun: Noun, n: u64) {
        if n > 0 {
            let changed = self.of(noun);
            changed.n_changed += n;
            changed.few = None;
        }
    }

    /// The entries of the feed: none of a noun of which nothing changed.
    pub(super) fn into_entries(self) -> Vec<(Noun, Which)> {
        let touched = self.0.into_iter().filter(|(_, changed)| changed.n_changed > 0);
        let which = |(noun, changed): (Noun, OfNoun)| match changed.few {
            Some(few) => (noun, Which::Few(without_repeats(few))),
            None => (noun, Which::Many(changed.n_changed)),
        };
        touched.map(which).collect()
    }

    fn of(&mut self, noun: Noun) -> &mut OfNoun {
        self.0.entry(noun).or_insert_with(|| OfNoun { n_changed: 0, n_given: 0, few: Some(Vec::new()) })
    }
}

/// One thing may be changed several times in a transaction.
fn without_repeats(few: Vec<(String, Option<GridPath>)>) -> Vec<(String, Option<GridPath>)> {
    let mut kept: Vec<(String, Option<GridPath>)> = Vec::with_capacity(few.len());
    for one in few {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

//! The name of what an answer hangs on: while it stays the same, so does the answer.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::domain::{Part, Principal, Release, Revision};
use crate::index::Snapshot;

/// Names all that the facts of an answer hang on (a validator in the sense of RFC 9110), so a caller who has an answer of
/// the same name is answered nothing old. Who sees other things gets another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator(String);

impl Validator {
    /// The name of what is read from the store, as `to` may see it. `read` is the newest revision that changed any of it: see
    /// [`Parts::newest`](crate::domain::Parts::newest).
    #[must_use]
    pub fn new(read: Revision, to: &Principal) -> Self {
        Self(format!("{read}.{}", to.view()))
    }

    /// The name of what is read from a release: it says nothing of what was stored since.
    #[must_use]
    pub fn released(release: &Release, to: &Principal) -> Self {
        Self(format!("r{}.{}", release.made.timestamp_micros(), to.view()))
    }

    /// Adds what is read of `snapshot`: those parts, and the ground, which changes by the clock too: another generation comes
    /// into force, and the households of the one before are no longer counted. It may be of an older revision than the rows.
    #[must_use]
    pub fn with_snapshot(self, snapshot: &Snapshot, read: &[Part]) -> Self {
        let counted = if snapshot.households().is_some() { "" } else { ".past" };
        let read = snapshot.parts().newest(read).max(snapshot.parts().ground);
        Self(format!("{self}-{read}.{}{counted}", snapshot.generation().number))
    }

    /// Adds whose duties count at `now`, as how many beginnings and ends of duties have passed.
    #[must_use]
    pub fn with_duties(self, snapshot: &Snapshot, now: DateTime<Utc>) -> Self {
        let turns = snapshot.people().duties().iter().flat_map(|duty| [duty.from, duty.to]).flatten();
        Self(format!("{self}-{}", turns.filter(|turn| *turn <= now).count()))
    }
}

impl fmt::Display for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Tells of a name whether the caller has that answer already.
pub type Known<'k> = &'k (dyn Fn(&Validator) -> bool + Send + Sync);

/// An answer with its name.
#[derive(Clone, Debug)]
pub struct Validated<T> {
    pub validator: Validator,
    /// `None` where the caller has it already: then it was not made.
    pub answer: Option<T>,
}

impl<T> Validated<T> {
    /// The name alone, for a caller who has the answer.
    #[must_use]
    pub fn known(validator: Validator) -> Self {
        Self { validator, answer: None }
    }

    #[must_use]
    pub fn new(validator: Validator, answer: T) -> Self {
        Self { validator, answer: Some(answer) }
    }
}

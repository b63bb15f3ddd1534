//! The parts of what is stored, each with the revision that changed it last: an answer hangs on the parts it reads.

use chrono::{DateTime, Utc};

use super::{GenerationNumber, Noun, Revision};

/// A part of what is stored, which changes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The region, its generations and their grids.
    Ground,
    /// Holders, duties and service points.
    People,
    /// Households.
    Households,
    /// Incidents with their steps.
    Incidents,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Ground, Self::People, Self::Households, Self::Incidents];

    /// The part that `noun` belongs to; `None` for a noun that only another program knows, a change of which counts as one
    /// of every part. Migration 9 says the same in the database.
    #[must_use]
    pub fn of(noun: Noun) -> Option<Self> {
        match noun {
            Noun::Grids => Some(Self::Ground),
            Noun::Holders | Noun::Duties | Noun::ServicePoints => Some(Self::People),
            Noun::Households => Some(Self::Households),
            Noun::Incidents => Some(Self::Incidents),
            _ => None,
        }
    }
}

/// Which revision changed each part last, as read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parts {
    /// The newest of all.
    pub revision: Revision,
    pub ground: Revision,
    pub people: Revision,
    pub households: Revision,
    pub incidents: Revision,
    /// The generation that the grids of stored things are those of. It may change without a revision, by the clock.
    pub settled: Option<GenerationNumber>,
    /// When the newest revision was committed, by the clock of the database; unknown of one that an older program made. Where
    /// it is another for the same revision, so is the history: somebody has restored a backup.
    pub committed_at: Option<DateTime<Utc>>,
}

impl Parts {
    /// All parts as changed at `revision`.
    #[must_use]
    pub fn all_at(revision: Revision) -> Self {
        let (settled, committed_at) = (None, None);
        Self {
            revision,
            ground: revision,
            people: revision,
            households: revision,
            incidents: revision,
            settled,
            committed_at,
        }
    }

    /// The revision that changed `part` last.
    #[must_use]
    pub fn of(&self, part: Part) -> Revision {
        match part {
            Part::Ground => self.ground,
            Part::People => self.people,
            Part::Households => self.households,
            Part::Incidents => self.incidents,
        }
    }

    /// The newest revision that changed any of `parts`: since each change has a greater revision than all before it, none of
    /// them has changed while this stays the same.
    #[must_use]
    pub fn newest(&self, parts: &[Part]) -> Revision {
        parts.iter().map(|part| self.of(*part)).max().unwrap_or_default()
    }

    /// The newest revision that changed what a list of `noun` reads of its own table.
    #[must_use]
    pub fn newest_of(&self, noun: Noun) -> Revision {
        Part::of(noun).map_or(self.revision, |part| self.of(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_noun_that_is_served_belongs_to_a_part_and_others_to_all() {
        assert!(Noun::ALL.into_iter().all(|noun| Part::of(noun).is_some()));
        let parts = Parts { revision: Revision(9), incidents: Revision(9), ..Parts::all_at(Revision(5)) };
        assert_eq!((parts.newest_of(Noun::Duties), parts.newest_of(Noun::Incidents)), (Revision(5), Revision(9)));
        assert_eq!(parts.newest_of(Noun::named("visits")), Revision(9));
        assert_eq!(parts.newest(&[Part::Ground, Part::Households]), Revision(5));
        assert_eq!(parts.newest(&[Part::Ground, Part::Incidents]), Revision(9));
    }
}

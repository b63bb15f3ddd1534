//! What every committed change leaves behind: a revision, and which nouns it touched.

use std::collections::BTreeSet;
use std::fmt;

use super::GridPath;

/// The counter of committed changes. Each commit has the next number; `ETags` and the change feed are made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(pub u64);

/// The counter of one thing's changes, 1 when it is new. What `If-Match` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub u64);

impl Version {
    pub const FIRST: Self = Self(1);
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A kind of thing that is stored and served, by the one word used in routes, tables of the command line and the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Noun(&'static str);

#[expect(non_upper_case_globals, reason = "each is one of the kinds there are, and is matched on as one")]
impl Noun {
    pub const Grids: Self = Self("grids");
    pub const Households: Self = Self("households");
    pub const Holders: Self = Self("holders");
    pub const Duties: Self = Self("duties");
    pub const ServicePoints: Self = Self("service_points");
    pub const Incidents: Self = Self("incidents");

    /// Of incidents, below each of them.
    pub const Steps: Self = Self("steps");

    /// What this program serves as collections.
    pub const ALL: [Self; 6] =
        [Self::Grids, Self::Households, Self::Holders, Self::Duties, Self::ServicePoints, Self::Incidents];

    /// The noun of that name, which another program may know more of than this one.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Returns the noun of that name, if it is one that this program serves.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Steps]).find(|noun| noun.as_str() == name)
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the change feed: at this revision, these things of this kind changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub revision: Revision,
    pub noun: Noun,
    pub which: Which,
}

/// Which things a change touched. It names no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Each with its grid, where it has one; twice, before and after, what came into another grid.
    Few(Vec<(String, Option<GridPath>)>),
    /// So many, without their ids: of a large change, and of whatever changes the region itself.
    Many(u64),
}

impl Which {
    /// How many things of one kind a commit may touch for each to be named.
    pub const FEW: usize = 64;

    /// How many things changed.
    #[must_use]
    pub fn n_changed(&self) -> u64 {
        match self {
            Self::Few(things) => things.iter().map(|(id, _)| id).collect::<BTreeSet<_>>().len() as u64,
            Self::Many(n) => *n,
        }
    }
}

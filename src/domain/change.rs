//! What every committed change leaves behind: a revision, and which nouns it touched.

use std::fmt;

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

/// A kind of thing that is stored and served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Noun {
    Grids,
    Households,
    Holders,
    Duties,
    ServicePoints,
    Incidents,
}

impl Noun {
    pub const ALL: [Self; 6] =
        [Self::Grids, Self::Households, Self::Holders, Self::Duties, Self::ServicePoints, Self::Incidents];

    /// The one word used in routes, tables of the command line and the change feed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grids => "grids",
            Self::Households => "households",
            Self::Holders => "holders",
            Self::Duties => "duties",
            Self::ServicePoints => "service_points",
            Self::Incidents => "incidents",
        }
    }

    /// Returns the noun of that name, if there is one.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|noun| noun.as_str() == name)
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One entry of the change feed: at this revision, so many things of this kind changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub revision: Revision,
    pub noun: Noun,
    pub n_changed: u64,
}

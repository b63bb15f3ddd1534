//! A count that may not be there.

/// What is known of a count (SDMX tells the last two apart by the observation statuses `M` and `C`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observation {
    Counted(u64),
    /// Nobody has counted it: households on the ground of another day.
    Unknown,
    /// The caller may not know it.
    Withheld,
}

impl Observation {
    /// What is published of a count: withheld where it is not.
    #[must_use]
    pub fn published(n: Option<u64>) -> Self {
        n.map_or(Self::Withheld, Self::Counted)
    }

    /// A count that may not have been made.
    #[must_use]
    pub fn made(n: Option<u64>) -> Self {
        n.map_or(Self::Unknown, Self::Counted)
    }

    #[must_use]
    pub fn counted(self) -> Option<u64> {
        match self {
            Self::Counted(n) => Some(n),
            Self::Unknown | Self::Withheld => None,
        }
    }

    /// Two counts as one: withheld where either is, else unknown where either is.
    #[must_use]
    pub fn with(self, other: Self, combine: impl FnOnce(u64, u64) -> u64) -> Self {
        match (self, other) {
            (Self::Withheld, _) | (_, Self::Withheld) => Self::Withheld,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Counted(a), Self::Counted(b)) => Self::Counted(combine(a, b)),
        }
    }

    /// The sum, 0 of none.
    #[must_use]
    pub fn sum(counts: impl IntoIterator<Item = Self>) -> Self {
        counts.into_iter().fold(Self::Counted(0), |sum, n| sum.with(n, |sum, n| sum + n))
    }
}

#[cfg(test)]
mod tests {
    use super::Observation::{self, Counted, Unknown, Withheld};

    #[test]
    fn what_is_withheld_withholds_the_sum() {
        assert_eq!(Observation::sum([]), Counted(0));
        assert_eq!(Observation::sum([Counted(3), Counted(4)]), Counted(7));
        assert_eq!(Observation::sum([Counted(3), Unknown]), Unknown);
        assert_eq!(Observation::sum([Unknown, Withheld, Counted(3)]), Withheld);
    }
}

//! The table: what each role may do with each noun.

use std::fmt;

use crate::domain::Noun;

/// What can be done with the things of a noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// To list them, filtered and page by page.
    List,
    /// To read one.
    Read,
    /// To see how many there are, small counts suppressed.
    Count,
    /// To see every count as it is, whatever it is filtered by.
    CountExactly,
    /// To see them on map tiles.
    Tile,
    /// To ask which of them a point belongs to.
    Locate,
    /// To read the personal values of them.
    Personal,
    /// To add, replace and remove single ones.
    Write,
    /// To bring in whole files of them.
    Import,
}

impl Action {
    pub const ALL: [Self; 9] = [
        Self::List,
        Self::Read,
        Self::Count,
        Self::CountExactly,
        Self::Tile,
        Self::Locate,
        Self::Personal,
        Self::Write,
        Self::Import,
    ];

    /// Tells whether it changes what is stored.
    #[must_use]
    pub fn changes(self) -> bool {
        matches!(self, Self::Write | Self::Import)
    }
}

/// The name of a role: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleKey {
    /// The service itself: the command line of whoever runs it, start-up, the change feed.
    System,
    /// Anyone, on a server whose data is synthetic.
    Open,
    /// Anyone.
    Public,
}

impl RoleKey {
    pub const ALL: [Self; 3] = [Self::System, Self::Open, Self::Public];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Open => "open",
            Self::Public => "public",
        }
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Returns all that `role` may do with the things of `noun`. The only place that decides it.
///
/// A region is read and imported like its grids.
#[must_use]
pub(super) fn actions(role: RoleKey, noun: Noun) -> &'static [Action] {
    use Action as A;
    use Noun as N;
    use RoleKey as R;
    match (role, noun) {
        (R::System | R::Open, _) => &A::ALL,
        (R::Public, N::Grids) => &[A::List, A::Read, A::Count, A::CountExactly, A::Tile, A::Locate],
        (R::Public, N::Holders | N::Duties | N::ServicePoints) => &[A::List, A::Read, A::Count, A::CountExactly],
        (R::Public, N::Households | N::Incidents) => &[A::Count],
        // What the table does not name, the public does not get.
        (R::Public, _) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as a letter for each action: list, read, count, exactly, tile, locate, personal, write, import.
    fn row(role: RoleKey) -> String {
        assert_eq!(Action::ALL.len(), "lrcetopwi".len(), "a letter for each");
        let letters = |noun: Noun| -> String {
            let may = |action: &Action| actions(role, noun).contains(action);
            Action::ALL
                .iter()
                .zip("lrcetopwi".chars())
                .map(|(one, letter)| if may(one) { letter } else { '-' })
                .collect()
        };
        Noun::ALL.into_iter().chain([Noun::Steps]).map(letters).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_table_is_what_was_decided() {
        let all = ["lrcetopwi"; 7].join(" ");
        assert_eq!(row(RoleKey::System), all);
        assert_eq!(row(RoleKey::Open), all);
        // Grids, households, holders, duties, service points, incidents, steps.
        assert_eq!(row(RoleKey::Public), "lrceto--- --c------ lrce----- lrce----- lrce----- --c------ ---------");
    }

    #[test]
    fn nobody_lists_what_may_not_be_read_or_changes_what_may_not_be_seen() {
        for (role, noun) in RoleKey::ALL.into_iter().flat_map(|role| Noun::ALL.map(|noun| (role, noun))) {
            let may = |action: Action| actions(role, noun).contains(&action);
            assert_eq!(may(Action::List), may(Action::Read), "{role} {noun}");
            for needs_reading in [Action::Tile, Action::Personal, Action::Write, Action::CountExactly] {
                assert!(!may(needs_reading) || may(Action::Read), "{role} {noun} {needs_reading:?}");
            }
            assert!(!may(Action::CountExactly) || may(Action::Count), "{role} {noun}");
        }
    }
}

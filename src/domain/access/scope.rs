//! Where a grant counts: everywhere, or in some areas.

use std::sync::Arc;

use crate::domain::GridPath;

/// The ground a principal is bounded by. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere, also outside every grid.
    #[default]
    All,
    /// These grids and what lies in them or below them; none: nowhere.
    Within(Arc<[GridPath]>),
}

impl Scope {
    /// The scope of these areas and all below them.
    pub fn within(areas: impl IntoIterator<Item = GridPath>) -> Self {
        Self::Within(areas.into_iter().collect())
    }

    /// Tells whether a thing in the grid at the end of `at` lies inside. What has no grid lies in no area.
    #[must_use]
    pub fn holds(&self, at: Option<&GridPath>) -> bool {
        match self {
            Self::All => true,
            Self::Within(areas) => at.is_some_and(|at| areas.iter().any(|area| at.is_within(area))),
        }
    }

    /// The areas; `None` where there is no bound.
    #[must_use]
    pub fn areas(&self) -> Option<&[GridPath]> {
        match self {
            Self::All => None,
            Self::Within(areas) => Some(areas),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::GridId;

    fn path(ids: &[&str]) -> GridPath {
        GridPath::new(ids.iter().map(|id| GridId::new(id).unwrap()).collect()).unwrap()
    }

    #[test]
    fn an_area_holds_itself_and_what_is_below_it_and_nothing_else() {
        let scope = Scope::within([path(&["A", "A1"]), path(&["A", "A2", "A21"])]);
        for (at, inside) in [
            (path(&["A", "A1"]), true),
            (path(&["A", "A1", "A11"]), true),
            (path(&["A", "A2", "A21", "x"]), true),
            (path(&["A"]), false),
            (path(&["A", "A2"]), false),
            (path(&["A", "A10"]), false),
            (path(&["A1"]), false),
            (path(&["B", "A1"]), false),
        ] {
            assert_eq!(scope.holds(Some(&at)), inside, "{at:?}");
            assert!(Scope::All.holds(Some(&at)));
            assert!(!Scope::within([]).holds(Some(&at)));
        }
    }

    #[test]
    fn what_stands_in_no_grid_is_in_no_area() {
        assert!(Scope::All.holds(None));
        assert!(!Scope::within([path(&["A"])]).holds(None));
    }
}

//! Who makes a call.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::table::actions;
use super::{Action, Denied, Grant, RoleKey, Scope};
use crate::domain::{Actor, Noun};

/// Who makes a call, in which role, and where. Every service function takes it. Cheap to clone.
///
/// ```
/// use gridmap::domain::{Action, Noun, Principal};
///
/// assert!(Principal::public().allows(Action::List, Noun::Duties).is_ok());
/// let denied = Principal::public().allows(Action::List, Noun::Households).unwrap_err();
/// assert_eq!(denied.to_string(), "households are not shown to the public");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    pub actor: Actor,
    pub role: RoleKey,
    pub scope: Scope,
}

impl Principal {
    /// Returns the principal of that role, bounded by no area.
    #[must_use]
    pub fn new(actor: Actor, role: RoleKey) -> Self {
        Self { actor, role, scope: Scope::All }
    }

    /// The service itself: the command line of whoever runs it, start-up, the change feed.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Actor::SYSTEM, RoleKey::System)
    }

    /// Anyone, on a server opened with `--open` because its data is synthetic.
    #[must_use]
    pub fn open() -> Self {
        Self::new(Actor::OPEN, RoleKey::Open)
    }

    /// Anyone.
    #[must_use]
    pub fn public() -> Self {
        Self::new(Actor::PUBLIC, RoleKey::Public)
    }

    /// Lends the right to an action, within the principal's scope.
    ///
    /// # Errors
    /// When the table does not have it for the role.
    pub fn allows(&self, action: Action, noun: Noun) -> Result<Grant, Denied> {
        if self.may(action, noun) {
            Ok(Grant::new(action, noun, self.scope.clone()))
        } else {
            Err(Denied { role: self.role, action, noun })
        }
    }

    /// Tells whether [`Self::allows`] would lend it: for describing what can be done. Allocates nothing.
    #[must_use]
    pub fn may(&self, action: Action, noun: Noun) -> bool {
        actions(self.role, noun).contains(&action)
    }

    /// Tells whether somebody whom nobody knows is shown personal data: what a page must warn of.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.actor.is_anonymous() && Noun::ALL.iter().any(|noun| self.may(Action::Personal, *noun))
    }

    /// All of it that an answer can hang on.
    #[must_use]
    pub fn view(&self) -> View {
        View { role: self.role, scope: self.scope.clone() }
    }
}

/// What a caller sees: two callers of one view get the same answers. Caches and tags of answers are keyed by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    pub role: RoleKey,
    pub scope: Scope,
}

impl fmt::Display for View {
    /// The role, and a digest of the areas: for tags of answers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.role.fmt(f)?;
        let Some(areas) = self.scope.areas() else { return Ok(()) };
        let mut digest = DefaultHasher::new();
        areas.hash(&mut digest);
        write!(f, "-{:016x}", digest.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{GridId, GridPath};

    #[test]
    fn only_the_open_role_shows_personal_data_to_anyone() {
        let open = [Principal::system(), Principal::open(), Principal::public()].map(|one| one.is_open());
        assert_eq!(open, [false, true, false]);
    }

    #[test]
    fn views_are_told_apart_by_role_and_scope() {
        let area = |id: &str| GridPath::new(vec![GridId::new(id).unwrap()]).unwrap();
        let bounded = |areas: Vec<GridPath>| Principal { scope: Scope::within(areas), ..Principal::open() }.view();
        let views = [
            Principal::open().view(),
            Principal::public().view(),
            bounded(vec![]),
            bounded(vec![area("A")]),
            bounded(vec![area("A"), area("B")]),
        ];
        let words: std::collections::HashSet<String> = views.iter().map(ToString::to_string).collect();
        assert_eq!(words.len(), views.len(), "{words:?}");
        assert_eq!(bounded(vec![area("A")]), bounded(vec![area("A")]));
    }
}

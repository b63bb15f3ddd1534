//! What the table lends: a grant, and what it opens.

use std::fmt;

use thiserror::Error;

use super::{Action, RoleKey, Scope};
use crate::domain::{GridPath, Noun};

/// The right to one action on the things of one noun, within a scope. Only the table gives it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    action: Action,
    noun: Noun,
    scope: Scope,
}

impl Grant {
    pub(super) fn new(action: Action, noun: Noun, scope: Scope) -> Self {
        Self { action, noun, scope }
    }

    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    #[must_use]
    pub fn noun(&self) -> Noun {
        self.noun
    }

    /// Where it counts.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

/// What the table does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub struct Denied {
    pub role: RoleKey,
    pub action: Action,
    pub noun: Noun,
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, action, noun } = self;
        match action {
            Action::Import => write!(f, "the {role} may not import {noun}"),
            Action::Write => write!(f, "the {role} may not change {noun}"),
            Action::List | Action::Read | Action::Tile => write!(f, "{noun} are not shown to the {role}"),
            Action::Count => write!(f, "{noun} are not counted for the {role}"),
            Action::CountExactly => write!(f, "small counts of {noun} are not shown to the {role}"),
            Action::Locate => write!(f, "{noun} are not found by point for the {role}"),
            Action::Personal => write!(f, "personal data of {noun} are not shown to the {role}"),
        }
    }
}

/// A name, phone, address or free text that is read only with a [`Grant`]. Prints as `[personal]`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value of a thing that lies in the grid at the end of `at`, where `grant` is one for personal data
    /// and its scope holds the thing. What lies in no grid is revealed only where there is no bound.
    #[must_use]
    pub fn reveal(&self, grant: &Grant, at: Option<&GridPath>) -> Option<&T> {
        (grant.action == Action::Personal && grant.scope.holds(at)).then_some(&self.0)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Actor;
    use crate::domain::GridId;
    use crate::domain::access::Principal;

    fn path(ids: &[&str]) -> GridPath {
        GridPath::new(ids.iter().map(|id| GridId::new(id).unwrap()).collect()).unwrap()
    }

    #[test]
    fn personal_data_does_not_print_itself_and_the_public_gets_no_key() {
        assert_eq!(format!("{:?}", Personal::new("000-0000-0001")), "[personal]");
        for noun in Noun::ALL {
            let denied = Principal::public().allows(Action::Personal, noun).unwrap_err();
            assert_eq!(denied, Denied { role: RoleKey::Public, action: Action::Personal, noun });
        }
    }

    #[test]
    fn a_grant_reveals_inside_its_scope_only() {
        let phone = Personal::new("000-0000-0001");
        let bounded =
            Principal { scope: Scope::within([path(&["A", "A1"])]), ..Principal::new(Actor::OPEN, RoleKey::Open) };
        let grant = bounded.allows(Action::Personal, Noun::Households).unwrap();
        assert_eq!(phone.reveal(&grant, Some(&path(&["A", "A1", "A11"]))), Some(&"000-0000-0001"));
        assert_eq!(phone.reveal(&grant, Some(&path(&["A", "A2"]))), None);
        assert_eq!(phone.reveal(&grant, None), None, "it lies in no grid");
        let unbounded = Principal::system().allows(Action::Personal, Noun::Households).unwrap();
        assert_eq!(phone.reveal(&unbounded, None), Some(&"000-0000-0001"));
    }

    #[test]
    fn a_grant_for_something_else_reveals_nothing() {
        for action in Action::ALL.into_iter().filter(|action| *action != Action::Personal) {
            let grant = Principal::system().allows(action, Noun::Households).unwrap();
            assert_eq!(Personal::new(1).reveal(&grant, None), None, "{action:?}");
        }
    }
}

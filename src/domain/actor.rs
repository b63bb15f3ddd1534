//! Whose change it is: what a journal keeps of whoever made it.

use std::borrow::Cow;
use std::fmt;

use thiserror::Error;

/// Who makes a change, by an id that says nothing of a person: `system`, `open`, `U17`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Actor(Cow<'static, str>);

/// A text that names no actor.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("an actor has 1 to 64 characters, none of them white space or control characters")]
pub struct ActorError;

impl Actor {
    /// The program itself, and whoever runs its command line.
    pub const SYSTEM: Self = Self(Cow::Borrowed("system"));
    /// Anyone, on a server that is open to everyone.
    pub const OPEN: Self = Self(Cow::Borrowed("open"));
    /// Anyone.
    pub const PUBLIC: Self = Self(Cow::Borrowed("public"));

    /// # Errors
    /// When the text is empty, longer than 64 characters, or holds a space or a control character.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Result<Self, ActorError> {
        let text = text.into();
        let is_short = (1..=64).contains(&text.chars().count());
        let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if is_short && is_plain { Ok(Self(text)) } else { Err(ActorError) }
    }

    /// Tells whether that is somebody whom nobody knows.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        [Self::OPEN, Self::PUBLIC].contains(self)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_a_short_word() {
        assert_eq!(Actor::new("U17").unwrap().as_str(), "U17");
        for bad in ["", "two words", "line\n", &"x".repeat(65)] {
            assert_eq!(Actor::new(bad.to_owned()), Err(ActorError), "{bad:?}");
        }
    }
}

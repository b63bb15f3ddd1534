//! Identifiers: short texts, typed by what they name.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use thiserror::Error;

/// The longest identifier taken, in characters.
pub const MAX_CHARS: usize = 64;

/// The identifier of one `T`: 1 to 64 characters, none of them white space, control characters or `/`.
///
/// Cloning is cheap (one reference count). Ordered as text.
pub struct Id<T> {
    text: Arc<str>,
    names: PhantomData<fn() -> T>,
}

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdError {
    #[error("an identifier must not be empty")]
    Empty,
    #[error("an identifier has at most 64 characters, this one has {0}")]
    TooLong(usize),
    #[error("an identifier must not contain {0:?}")]
    Character(char),
}

impl<T> Id<T> {
    /// Returns `text` as an identifier.
    ///
    /// # Errors
    /// When it is empty, too long, or has a character that does not travel in a URL path or a table cell.
    pub fn new(text: &str) -> Result<Self, IdError> {
        let n_chars = text.chars().count();
        if n_chars == 0 {
            return Err(IdError::Empty);
        }
        if n_chars > MAX_CHARS {
            return Err(IdError::TooLong(n_chars));
        }
        if let Some(bad) = text.chars().find(|c| c.is_whitespace() || c.is_control() || *c == '/') {
            return Err(IdError::Character(bad));
        }
        Ok(Self { text: text.into(), names: PhantomData })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self { text: Arc::clone(&self.text), names: PhantomData }
    }
}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

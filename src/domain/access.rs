//! Who asks, and the narrower door in front of personal data.
//!
//! A [`Personal`] value can be carried and stored, but read only with an [`Entitlement`], which only an entitled
//! [`Principal`] gives out. So a phone cannot reach an answer by being forgotten in a `Debug` or a copied struct.

use std::fmt;

/// Who makes a call. Every service function takes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principal {
    /// The service itself: the command line of whoever runs it, start-up, the change feed.
    System,
    /// Anyone, on a server opened with `--open` because its data is synthetic.
    Open,
    /// Anyone.
    Public,
}

/// Proof that the caller may see personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entitlement(());

impl Principal {
    /// Returns the proof needed to read personal data, or `None` for the public.
    #[must_use]
    pub fn entitlement(self) -> Option<Entitlement> {
        match self {
            Self::System | Self::Open => Some(Entitlement(())),
            Self::Public => None,
        }
    }

    /// Tells whether the caller may change anything.
    #[must_use]
    pub fn may_write(self) -> bool {
        self != Self::Public
    }
}

/// A name, phone, address or free text that only the entitled may read. Prints as `[personal]`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value to a caller who has shown an entitlement.
    pub fn reveal(&self, _: Entitlement) -> &T {
        &self.0
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

    #[test]
    fn personal_data_does_not_print_itself_and_the_public_gets_no_key() {
        assert_eq!(format!("{:?}", Personal::new("000-0000-0001")), "[personal]");
        assert!(Principal::Public.entitlement().is_none());
        assert!(!Principal::Public.may_write());
    }
}

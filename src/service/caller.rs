//! Who calls a service function: everything about one request that is not what it asks for.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::Gridmap;
use crate::domain::Principal;

/// One request: of whom, when, and by which name it is found in the log. Cheap to clone; the time stands still in it.
#[derive(Clone, Debug)]
pub struct Caller<'g> {
    gridmap: &'g Gridmap,
    principal: Arc<Principal>,
    now: DateTime<Utc>,
    request: RequestId,
}

impl<'g> Caller<'g> {
    /// Returns the caller `principal` at the time it is now.
    #[must_use]
    pub fn new(gridmap: &'g Gridmap, principal: Arc<Principal>, request: RequestId) -> Self {
        Self { gridmap, principal, now: gridmap.now(), request }
    }

    /// The service itself, as on the command line.
    #[must_use]
    pub fn system(gridmap: &'g Gridmap) -> Self {
        Self::new(gridmap, Arc::new(Principal::system()), RequestId::made())
    }

    #[must_use]
    pub fn gridmap(&self) -> &'g Gridmap {
        self.gridmap
    }

    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The one instant of the request.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    #[must_use]
    pub fn request(&self) -> &RequestId {
        &self.request
    }
}

/// The name of one request in answers and logs: given by whoever called, where it is fit for both, else made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The longest name taken.
    pub const MAX_LENGTH: usize = 128;

    /// Returns `text` as a name: 1 to 128 ASCII letters, digits and `-_.:/+=@`, so that it breaks no log line.
    #[must_use]
    pub fn given(text: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=@".contains(&byte);
        ((1..=Self::MAX_LENGTH).contains(&text.len()) && text.bytes().all(fits)).then(|| Self(text.into()))
    }

    /// Makes one that no other request has: 64 random bits.
    #[must_use]
    pub fn made() -> Self {
        Self(format!("{:016x}", RandomState::new().build_hasher().finish()).into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_named_by_what_fits_into_a_log() {
        for sane in ["1", "c0ffee-42", "Root=1-67891233-abcdef012345678912345678", &"x".repeat(128)] {
            assert_eq!(RequestId::given(sane).as_ref().map(RequestId::as_str), Some(sane));
        }
        for odd in ["", "a b", "a\nb", "\u{1b}[31m", "名", "\"", &"x".repeat(129)] {
            assert_eq!(RequestId::given(odd), None, "{odd:?}");
        }
        let (one, other) = (RequestId::made(), RequestId::made());
        assert_ne!(one, other);
        assert_eq!(RequestId::given(one.as_str()), Some(one));
    }
}

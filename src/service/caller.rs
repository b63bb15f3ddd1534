//! Who calls a service function: everything about one request that is not what it asks for.

use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};

use super::area::Area;
use super::{Gridmap, Refused};
use crate::domain::{Action, Noun, Principal, Region, Timeline};
use crate::geometry::Bbox;
use crate::index::Snapshot;
use crate::store::{self, Stage, Transaction};

/// One request: of whom, when, and by which name it is found in the log. Cheap to clone; its time does not move.
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

    /// Opens a transaction in the caller's name; its entry in the journal says `reason`, and which request it was.
    ///
    /// # Errors
    /// As [`Store::begin`](crate::store::Store::begin).
    pub(super) async fn begin(&self, reason: &str) -> store::Result<Box<dyn Transaction>> {
        let mut transaction = self.gridmap.store().begin(&self.principal.actor, reason).await?;
        transaction.name_request(self.request.as_str());
        Ok(transaction)
    }

    /// The same, for what was staged.
    ///
    /// # Errors
    /// As [`Stage::begin`].
    pub(super) async fn begin_staged(
        &self,
        stage: Box<dyn Stage>,
        reason: &str,
    ) -> store::Result<Box<dyn Transaction>> {
        let mut transaction = stage.begin(&self.principal.actor, reason).await?;
        transaction.name_request(self.request.as_str());
        Ok(transaction)
    }

    /// The newest published ground.
    ///
    /// # Errors
    /// When there is none yet, or that is not known because the store was not read.
    pub(super) fn ground(&self) -> Result<Arc<Snapshot>, Refused> {
        let was_read = || self.gridmap.state().revision().is_some();
        self.gridmap.snapshot().ok_or_else(|| if was_read() { Refused::NoGround } else { Refused::NotRead })
    }

    /// The ground in force at `at`, as known at `known_at`; now where they are not given. Now touches no database.
    ///
    /// # Errors
    /// When there was none, or the store cannot be read, or was not read yet: of no day is anything known then.
    pub(super) async fn ground_at(
        &self,
        at: Option<DateTime<Utc>>,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Arc<Snapshot>, Refused> {
        let current = self.ground()?;
        if at.is_none() && known_at.is_none() {
            return Ok(current);
        }
        let snapshot = self.gridmap.snapshot_at(at.unwrap_or(self.now), known_at).await?;
        snapshot.ok_or_else(|| Refused::NoGroundThen { earliest: self.earliest_ground(known_at) })
    }

    /// From when there was ground, as known at `known_at`.
    fn earliest_ground(&self, known_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let current = self.gridmap.snapshot()?;
        let known = Timeline::new(current.generations()).known(known_at.unwrap_or(DateTime::<Utc>::MAX_UTC));
        known.map(|generation| generation.in_force).min()
    }

    /// The region, when there is ground.
    ///
    /// # Errors
    /// When there is none yet.
    pub fn region(&self) -> Result<Arc<Region>, Refused> {
        Ok(Arc::clone(self.ground()?.region()))
    }

    /// The offset in which a bare date is a day; UTC before there is a region.
    #[must_use]
    pub fn offset(&self) -> FixedOffset {
        let utc = FixedOffset::east_opt(0).expect("no offset is an offset");
        self.gridmap.snapshot().map_or(utc, |snapshot| snapshot.region().utc_offset)
    }

    /// The box around the ground that the caller may list; `None` where there is none.
    #[must_use]
    pub fn extent(&self) -> Option<Bbox> {
        let snapshot = self.gridmap.snapshot()?;
        let grant = self.principal.allows(Action::List, Noun::Grids).ok()?;
        Area::of(grant.scope(), snapshot.tree()).bbox(snapshot.tree())
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

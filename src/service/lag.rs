//! How far what is served is behind what is stored, for readiness and monitoring.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Gridmap, State};
use crate::domain::Revision;

/// Since when there is something newer than what is served.
#[derive(Debug, Default)]
pub(super) struct News(Mutex<Option<DateTime<Utc>>>);

impl News {
    /// Notes at `now` that there is something newer, unless that was known.
    fn note(&self, now: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(now);
    }

    /// Notes that all is served that was there at `as_of`; `more` tells whether there is something newer by now.
    pub(super) fn served(&self, as_of: DateTime<Utc>, more: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = more.then_some(as_of);
    }

    fn since(&self) -> Option<DateTime<Utc>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a server is behind its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// The revision that is served, if any.
    pub served: Option<Revision>,
    /// The newest one this server has heard of.
    pub newest: Revision,
    /// How long what is served may have been old: zero where there is nothing newer. While the store is away it is not known
    /// whether there is.
    pub behind: Duration,
}

impl Lag {
    /// How many revisions are not served yet.
    #[must_use]
    pub fn n_revisions(&self) -> u64 {
        self.newest.0.saturating_sub(self.served.unwrap_or_default().0)
    }
}

impl Gridmap {
    /// How far what is served is behind what this server has heard of. Asks no database.
    #[must_use]
    pub fn lag(&self) -> Lag {
        let (state, newest, now) = (self.state(), self.store().heard(), self.now());
        let served = state.revision();
        let since = match state {
            State::StoreAway { since, .. } => Some(since),
            _ if newest > served.unwrap_or_default() => self.0.news.since(),
            _ => None,
        };
        let behind = since.map_or(Duration::ZERO, |since| (now - since).to_std().unwrap_or_default());
        Lag { served, newest: newest.max(served.unwrap_or_default()), behind }
    }

    /// Returns when there is a newer revision than the one served, and notes since when.
    pub async fn news(&self) {
        self.store().wait(self.state().revision().unwrap_or_default()).await;
        self.0.news.note(self.now());
    }
}

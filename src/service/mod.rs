//! One user task per file: locate, import, check, export. The one context they share is [`Gridmap`].
//!
//! A service function takes a [`Caller`] (the context, who asks, when) and plain domain values; what anyone may know is
//! decided here, by the table of `domain/access`, and not by the one who renders it. It knows nothing of HTTP or terminals.

pub mod answer_cache;
pub mod area;
pub mod caches;
pub mod caller;
pub mod chain;
pub mod check;
pub mod collections;
pub mod figures;
pub mod follow;
pub mod generations;
pub mod ground;
pub mod import;
pub mod lag;
pub mod locate;
pub mod locate_rows;
pub mod made;
pub mod mediators;
mod question;
pub mod refused;
pub mod release;
mod relocate;
pub mod search;
pub mod totals;
mod touched;
pub mod validator;

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use caches::Caches;

use crate::domain::{Clock, Revision};
use crate::index::{Published, Snapshot};
use crate::store::{Store, StoreError};
pub use caller::{Caller, RequestId};
pub use lag::Lag;
pub use refused::Refused;
pub use validator::{Known, Validated, Validator};

/// The application: the store, the published snapshot, the clock. Cheap to clone; clones are the same application.
///
/// ```no_run
/// # async fn example(store: std::sync::Arc<dyn gridmap::store::Store>) -> Result<(), Box<dyn std::error::Error>> {
/// use gridmap::domain::clock::SystemClock;
/// use gridmap::service::{Gridmap, locate};
/// use gridmap::geometry::Position;
///
/// let gridmap = Gridmap::open(store, std::sync::Arc::new(SystemClock)).await?;
/// if let Some(snapshot) = gridmap.snapshot() {
///     let question = locate::Question::new(Position::new(103.6, 34.7)?, gridmap.now());
///     println!("{:?}", locate::locate(&snapshot, &question).grids);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Gridmap(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    published: Published,
    past: Mutex<ground::GenerationCache>,
    caches: Caches,
    state: watch::Sender<State>,
    news: lag::News,
    /// Held while a snapshot is rebuilt, so that two rebuilds never publish out of order.
    rebuilding: tokio::sync::Mutex<()>,
}

/// How far the published snapshot is behind the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was read from the store yet.
    Starting,
    /// The store holds no region, or no ground in force yet.
    Empty { revision: Revision },
    /// The published snapshot is the newest revision known.
    Current { revision: Revision },
    /// The store does not answer since then; `revision` (if any) goes on being served.
    StoreAway { since: DateTime<Utc>, revision: Option<Revision> },
}

impl State {
    /// The revision that is served, if any.
    #[must_use]
    pub fn revision(self) -> Option<Revision> {
        match self {
            Self::Starting => None,
            Self::Empty { revision } | Self::Current { revision } => Some(revision),
            Self::StoreAway { revision, .. } => revision,
        }
    }
}

impl Gridmap {
    /// Returns the application over `store` without reading anything: [`follow::run`] fills it when the store answers.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            published: Published::default(),
            past: Mutex::default(),
            caches: Caches::default(),
            state: watch::Sender::new(State::Starting),
            news: lag::News::default(),
            rebuilding: tokio::sync::Mutex::default(),
        }))
    }

    /// Returns the application with the newest revision already published.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let gridmap = Self::new(store, clock);
        gridmap.refresh().await?;
        Ok(gridmap)
    }

    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.store
    }

    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.clock
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Returns the newest published snapshot, `None` before the first import. Touches no database.
    #[must_use]
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.published.current()
    }

    /// Like [`Self::snapshot`] for a look that ends at once: see [`Published::load`].
    #[must_use]
    pub fn load(&self) -> impl Deref<Target = Option<Arc<Snapshot>>> {
        self.0.published.load()
    }

    /// What is kept from one answer to the next.
    #[must_use]
    pub fn caches(&self) -> &Caches {
        &self.0.caches
    }

    /// How far the published snapshot is behind the store: for readiness.
    #[must_use]
    pub fn state(&self) -> State {
        *self.0.state.borrow()
    }

    /// Tells whenever the state changes, so whenever a revision is published: for server-sent events and tests.
    #[must_use]
    pub fn states(&self) -> watch::Receiver<State> {
        self.0.state.subscribe()
    }
}

impl std::fmt::Debug for Gridmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gridmap").field("state", &self.state()).finish_non_exhaustive()
    }
}

//! What every handler is given: the application, and who calls it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::body::{BodyCache, SpoolRoom};
use super::error::{ApiResult, Kind, Problem};
use super::metrics::Metrics;
use crate::config::LimitSettings;
use crate::domain::{Basemap, Principal};
use crate::service::{Caller, Gridmap, RequestId};

/// Requests of many points answered at once; each has a thread as long as its body comes.
const MOST_BULK: usize = 64;

/// How long a further one waits for a thread.
const BULK_WAIT: Duration = Duration::from_secs(5);

/// The application behind the routes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    shared: Arc<Shared>,
    /// Who calls, whoever it is.
    everyone: Arc<Principal>,
}

#[derive(Debug)]
struct Shared {
    gridmap: Gridmap,
    limits: LimitSettings,
    basemaps: Vec<Basemap>,
    bulk: Arc<Semaphore>,
    spool: SpoolRoom,
    bodies: BodyCache,
    metrics: Metrics,
}

impl App {
    /// Returns the application, of which every caller is `everyone` until there are accounts. The page offers `basemaps`
    /// to lay under the ground.
    #[must_use]
    pub fn new(gridmap: Gridmap, everyone: Principal, limits: LimitSettings, basemaps: Vec<Basemap>) -> Self {
        let (bulk, spool) = (Arc::new(Semaphore::new(MOST_BULK)), SpoolRoom::new(limits.spool));
        let (bodies, metrics) = (BodyCache::new(), Metrics::new(gridmap.clone()));
        let shared = Arc::new(Shared { gridmap, limits, basemaps, bulk, spool, bodies, metrics });
        Self { shared, everyone: Arc::new(everyone) }
    }

    /// The same application, with all that it keeps, of which every caller is `everyone`.
    #[must_use]
    pub fn seen_by(&self, everyone: Principal) -> Self {
        Self { everyone: Arc::new(everyone), ..self.clone() }
    }

    pub(crate) fn gridmap(&self) -> &Gridmap {
        &self.shared.gridmap
    }

    /// Who calls. The only place that decides it: handlers are given a [`Context`].
    pub(crate) fn principal(&self) -> &Arc<Principal> {
        &self.everyone
    }

    pub(crate) fn limits(&self) -> &LimitSettings {
        &self.shared.limits
    }

    pub(crate) fn basemaps(&self) -> &[Basemap] {
        &self.shared.basemaps
    }

    /// Lets one more request of many points have a thread, as soon as there are not too many.
    pub(crate) async fn bulk(&self) -> ApiResult<OwnedSemaphorePermit> {
        let thread = tokio::time::timeout(BULK_WAIT, Arc::clone(&self.shared.bulk).acquire_owned()).await;
        thread.ok().and_then(Result::ok).ok_or_else(|| Problem::new(Kind::Busy))
    }

    /// Bodies of large answers.
    pub(crate) fn bodies(&self) -> &BodyCache {
        &self.shared.bodies
    }

    /// What is counted for monitoring.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// The disk for bodies whose senders do not read yet.
    pub(crate) fn spool(&self) -> SpoolRoom {
        self.shared.spool.clone()
    }
}

/// One request: the application, who calls it, and by which name the request is found in the log.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    app: App,
    request: RequestId,
}

impl Context {
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    pub(crate) fn principal(&self) -> &Principal {
        self.app.principal()
    }

    /// Whom the service answers.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller::new(self.app.gridmap(), Arc::clone(self.app.principal()), self.request.clone())
    }
}

impl FromRequestParts<App> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let request = parts.extensions.get().cloned().unwrap_or_else(RequestId::made);
        Ok(Self { app: app.clone(), request })
    }
}

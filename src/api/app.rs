//! What every handler is given.

use std::sync::Arc;

use axum::body::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::{Answered, Kind, Problem};
use super::grids::{GridTexts, KeptTexts};
use super::locate::KeptAnswers;
use super::stored::Counts;
use crate::config::LimitSettings;
use crate::domain::{Basemap, Principal};
use crate::geometry::Position;
use crate::index::Snapshot;
use crate::service::figures::Kept;
use crate::service::tiles::KeptPicture;
use crate::service::totals::KeptCases;
use crate::service::{Caller, Gridmap, RequestId};
use crate::store::Store;

/// Requests of many points answered at once; each has a thread as long as its body comes.
const MOST_BULK: usize = 64;

/// The application behind the routes, and who calls it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    gridmap: Gridmap,
    principal: Arc<Principal>,
    limits: LimitSettings,
    basemaps: Vec<Basemap>,
    texts: KeptTexts,
    counts: Counts,
    cases: KeptCases,
    figures: Kept,
    picture: KeptPicture,
    answers: KeptAnswers,
    bulk: Arc<Semaphore>,
}

impl App {
    /// Returns the application as `principal` sees it: until there are accounts, every caller is the same one. The page
    /// offers `basemaps` to lay under the ground.
    #[must_use]
    pub fn new(gridmap: Gridmap, principal: Principal, limits: LimitSettings, basemaps: Vec<Basemap>) -> Self {
        let (texts, counts, cases) = (KeptTexts::default(), Counts::default(), KeptCases::default());
        let (figures, picture) = (Kept::default(), KeptPicture::default());
        let (answers, bulk) = (KeptAnswers::default(), Arc::new(Semaphore::new(MOST_BULK)));
        Self(Arc::new(Inner {
            gridmap,
            principal: Arc::new(principal),
            limits,
            basemaps,
            texts,
            counts,
            cases,
            figures,
            picture,
            answers,
            bulk,
        }))
    }

    /// The caller of every request, until there are accounts.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller::new(&self.0.gridmap, Arc::clone(&self.0.principal), RequestId::made())
    }

    pub(crate) fn gridmap(&self) -> &Gridmap {
        &self.0.gridmap
    }

    pub(crate) fn store(&self) -> &Arc<dyn Store> {
        self.0.gridmap.store()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.gridmap.now()
    }

    pub(crate) fn principal(&self) -> &Arc<Principal> {
        &self.0.principal
    }

    pub(crate) fn limits(&self) -> &LimitSettings {
        &self.0.limits
    }

    pub(crate) fn basemaps(&self) -> &[Basemap] {
        &self.0.basemaps
    }

    pub(crate) fn counts(&self) -> &Counts {
        &self.0.counts
    }

    pub(crate) fn cases(&self) -> &KeptCases {
        &self.0.cases
    }

    pub(crate) fn figures(&self) -> &Kept {
        &self.0.figures
    }

    pub(crate) fn picture(&self) -> &KeptPicture {
        &self.0.picture
    }

    /// Lets one more request of many points have a thread, if there are not too many already.
    pub(crate) fn bulk(&self) -> Answered<OwnedSemaphorePermit> {
        Arc::clone(&self.0.bulk).try_acquire_owned().map_err(|_| Problem::new(Kind::Busy))
    }

    /// The newest published snapshot, if there is ground at all.
    pub(crate) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.gridmap.snapshot()
    }

    /// The newest published snapshot.
    pub(crate) fn ground(&self) -> Answered<Arc<Snapshot>> {
        self.snapshot().ok_or_else(|| Problem::new(Kind::NoGround))
    }

    /// The ground in force at `at`, as known at `known_at`; now where they are not given. Now touches no database.
    pub(crate) async fn snapshot_at(
        &self,
        at: Option<DateTime<Utc>>,
        known_at: Option<DateTime<Utc>>,
    ) -> Answered<Arc<Snapshot>> {
        if at.is_none() && known_at.is_none() {
            return self.ground();
        }
        let at = at.unwrap_or_else(|| self.now());
        let snapshot = self.0.gridmap.snapshot_at(at, known_at).await?;
        snapshot.ok_or_else(|| Problem::because(Kind::NotFound, "no ground was in force then, as known then"))
    }

    /// The prepared texts of the grids of `snapshot`.
    pub(crate) fn grid_texts(&self, snapshot: &Arc<Snapshot>) -> GridTexts {
        if self.snapshot().is_some_and(|current| Arc::ptr_eq(&current, snapshot)) {
            return self.0.texts.of(snapshot, &self.0.principal);
        }
        GridTexts::new(Arc::clone(snapshot), &self.0.principal)
    }

    /// The JSON of who answers at `position` now, if that is a question with a prepared answer.
    pub(crate) fn prepared(&self, position: Position) -> Option<Bytes> {
        let snapshot = self.0.gridmap.glance();
        self.0.answers.answer(snapshot.as_ref()?, position, self.now())
    }

    /// The offset in which a bare date is a day; UTC before there is a region.
    pub(crate) fn offset(&self) -> FixedOffset {
        self.snapshot().map_or(FixedOffset::east_opt(0).expect("no offset is an offset"), |s| s.region().utc_offset)
    }
}

//! What was made for earlier answers and is kept for the next ones, for all callers at once.
//!
//! Each cache is keyed by what its answers hang on, and by no more of the caller than that: pictures of the
//! ground are the same for everyone, answers about a point but for the telephones in them, texts of grids differ only by
//! whether counts are exact, counts hang on the caller's areas. Each is bounded, whoever asks.

use super::answer_cache::AnswerCache;
use super::collections::CountCache;
use super::collections::grids::TextCache;
use super::collections::tiles::TileGeometryCache;
use super::figures::FigureCache;
use super::release::Releases;
use super::search::NameCache;
use super::totals::IncidentCache;

/// Every cache of one application.
#[derive(Debug, Default)]
pub struct Caches {
    pub(super) answers: AnswerCache,
    pub(super) texts: TextCache,
    pub(super) counts: CountCache,
    pub(super) incidents: IncidentCache,
    pub(super) figures: FigureCache,
    pub(super) pictures: TileGeometryCache,
    pub(super) releases: Releases,
    pub(super) names: NameCache,
}

/// How often each cache had to make something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NMade {
    /// Sets of answers about points: one for each state of the ground and the people, and each time a duty begins or ends.
    pub answers: u64,
    /// Sets of texts of grids.
    pub texts: u64,
    /// Counts of lists.
    pub counts: u64,
    /// Counts of incidents by kind.
    pub incidents: u64,
    /// Counts of incidents by grid, areas, and releases laid over a ground.
    pub figures: u64,
    /// Pictures of the ground.
    pub pictures: u64,
}

impl Caches {
    /// Counts and areas of figures.
    #[must_use]
    pub fn figures(&self) -> &FigureCache {
        &self.figures
    }

    /// How often something was made since the start.
    #[must_use]
    pub fn n_made(&self) -> NMade {
        NMade {
            answers: self.answers.made().count(),
            texts: self.texts.made().count(),
            counts: self.counts.made().count(),
            incidents: self.incidents.made().count(),
            figures: self.figures.made().count(),
            pictures: self.pictures.made().count(),
        }
    }
}

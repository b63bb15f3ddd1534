//! A published state of the ground, with its two dates.
//!
//! Generations are a tree of versions: each is stored as the difference to an earlier one, its base, and nothing in an
//! older one is ever changed. Two dates let any past question be asked: when a state was recorded (when we knew) and from
//! when it is in force (when it counts, which may lie in the future). The [`Timeline`](super::Timeline) alone chooses the
//! generation that answers a question.

use chrono::{DateTime, Utc};

use super::{Grid, GridId};

/// The number of a generation: 1 for the first import, then one more each time.
pub type GenerationNumber = u32;

/// A published state of the ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub number: GenerationNumber,
    /// What the plan that made it was called: the redraw's title, or the imported files.
    pub plan: String,
    pub kind: GenerationKind,
    /// The generation its stored difference is relative to; `None` for one stored whole. Always an earlier number.
    pub base: Option<GenerationNumber>,
    /// When it was committed.
    pub recorded: DateTime<Utc>,
    /// From when it counts.
    pub in_force: DateTime<Utc>,
    /// Places where the ground has a hole that was seen and accepted.
    pub n_acknowledged_gaps: u32,
}

/// Why a generation is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GenerationKind {
    /// Somebody's plan: an import or a redraw.
    Plan,
    /// The generation `of`, a plan or a withdrawal, with a change of an earlier date merged into it.
    Rebased { of: GenerationNumber },
    /// The ground without the plan `of`.
    Withdrawal { of: GenerationNumber },
}

/// What is to be published.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGeneration {
    pub plan: String,
    pub kind: GenerationKind,
    /// The newest generation that was known when this was made; refused when another was published meanwhile.
    pub newest: Option<GenerationNumber>,
    /// The generation that `put` and `removed` are the difference to; `None` where `put` is the whole ground.
    pub base: Option<GenerationNumber>,
    pub in_force: DateTime<Utc>,
    /// Grids that are new, or differ from those of the same id.
    pub put: Vec<Grid>,
    /// Grids that are no longer there.
    pub removed: Vec<GridId>,
    pub acknowledged_gaps: Vec<AcknowledgedGap>,
}

/// A hole in the parent's ground that was listed and accepted at publishing.
#[derive(Clone, Debug, PartialEq)]
pub struct AcknowledgedGap {
    /// The grid whose children leave the hole.
    pub parent: Option<GridId>,
    /// A point inside it, degrees.
    pub at: crate::geometry::LatticePoint,
    pub area_m2: f64,
}

impl Generation {
    /// The plan or withdrawal whose change it carries: its own number unless it is rebased.
    #[must_use]
    pub fn origin(&self) -> GenerationNumber {
        match self.kind {
            GenerationKind::Rebased { of } => of,
            GenerationKind::Plan | GenerationKind::Withdrawal { .. } => self.number,
        }
    }
}

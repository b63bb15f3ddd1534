//! The answer to "who answers for this point": what the service promises about one position.
//!
//! Everything is borrowed from the snapshot that was asked, so an answer costs a few small vectors and is written out
//! before the snapshot is let go. The field names are the stable names of the JSON (`format::answer`).

use std::fmt;

use super::{DutyId, GenerationNumber, GridId, HolderId, Personal, Revision};
use crate::geometry::Position;

/// Who answers for one position.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<'s> {
    pub revision: Revision,
    pub generation: GenerationNumber,
    /// The position asked about, EPSG:4326.
    pub position: Position,
    /// The grids that own the position, from the top level down. Empty where nothing covers it; the lower levels are
    /// absent in a gap of the ground.
    pub grids: Vec<GridRef<'s>>,
    /// The nearest edge of the lowest of `grids`.
    pub edge: Option<Edge<'s>>,
    /// Whether the stated accuracy of the position stays inside the edge. Without an accuracy the position is taken as
    /// exact.
    pub certain: bool,
    /// When not certain: every ground the accuracy reaches, nearest first, the owner included, at most
    /// [`MAX_CANDIDATES`] of the `n_candidates` there are.
    pub candidates: Vec<Candidate<'s>>,
    pub n_candidates: usize,
    /// Who answers at each level, from the bottom up: never empty where `grids` is not.
    pub chain: Vec<Link<'s>>,
    /// At most [`MAX_MEDIATORS`], nearest first.
    pub mediators: Vec<Mediator<'s>>,
    /// The nearest grid where nothing covers the position.
    pub nearest: Option<Nearest<'s>>,
}

/// How many mediators an answer names.
pub const MAX_MEDIATORS: usize = 5;

/// How many candidates an answer lists.
pub const MAX_CANDIDATES: usize = 20;

/// A grid as answers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridRef<'s> {
    pub id: &'s GridId,
    pub code: &'s str,
    pub name: Option<&'s str>,
    /// The code of its level: `village`.
    pub level: &'s str,
}

/// The edge nearest to a position, and who lies beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge<'s> {
    pub distance_m: f64,
    /// `None` on the outer border.
    pub neighbour: Option<GridRef<'s>>,
}

/// A grid the true position may lie in, and who is responsible if it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate<'s> {
    pub grid: GridRef<'s>,
    /// The grids that hold it, from the top level down.
    pub above: Vec<GridRef<'s>>,
    pub distance_m: f64,
    /// Of its chain the lowest who holds a duty there.
    pub responsible: Option<Link<'s>>,
}

/// The nearest grid to a position outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearest<'s> {
    pub grid: GridRef<'s>,
    pub distance_m: f64,
}

/// A person or body as answers name it: by the official name, and by telephone to whoever may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderRef<'s> {
    pub id: &'s HolderId,
    pub name: &'s str,
    /// `None` for a holder who is not among the stored ones: a region's fallback may not be.
    pub phone: Option<&'s Personal<Option<String>>>,
}

/// Who answers at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'s> {
    /// The code of the level.
    pub level: &'s str,
    /// The code of the role that answers at that level.
    pub role: &'s str,
    pub holder: HolderRef<'s>,
    pub how: How,
    pub why: Rule<'s>,
}

/// Which rule of the chain applied; prints in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule<'s> {
    /// The duty on the grid.
    Held { role: &'s str, code: &'s str },
    /// A duty whose own polygon overrides the grid.
    OwnPolygon { duty: &'s DutyId },
    /// The deputy named by a duty that is vacant.
    Deputy { role: &'s str, code: &'s str, duty: &'s DutyId },
    /// Whoever answers at the level above.
    Above { role: &'s str, code: &'s str, above_role: &'s str, above_level: &'s str },
    /// The region's fallback.
    Fallback { role: &'s str, code: &'s str },
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held { role, code } => write!(f, "{role} of {code}"),
            Self::OwnPolygon { duty } => {
                write!(f, "duty {duty} has a polygon of its own that covers the point, which overrides the grid")
            }
            Self::Deputy { role, code, duty } => write!(f, "{role} of {code} is vacant, deputy of duty {duty}"),
            Self::Above { role, code, above_role, above_level } => {
                write!(f, "{role} of {code} is vacant, the {above_role} of the {above_level} answers")
            }
            Self::Fallback { role, code } => {
                write!(f, "{role} of {code} is vacant, the fallback of the region answers")
            }
        }
    }
}

/// How a holder comes to answer at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By a duty that counts at the asked time.
    Duty,
    /// As the deputy named for a duty that is vacant.
    Deputy,
    /// As the one who answers at the level above (at the top: the region's fallback).
    Parent,
}

impl How {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Deputy => "deputy",
            Self::Parent => "parent",
        }
    }
}

/// A mediator who fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mediator<'s> {
    pub holder: HolderRef<'s>,
    /// The committee the mediator belongs to.
    pub body: Option<HolderRef<'s>>,
    /// To the mediator's place, else to the body's; `None` when neither is known.
    pub distance_m: Option<f64>,
    pub why: Fit<'s>,
}

/// Why a mediator fits; prints in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit<'s> {
    pub rule: FitRule<'s>,
    /// The categories the duty is limited to; empty means all.
    pub only_for: &'s [String],
}

/// By which rule a mediator was found. Grounds are named by their names, else by their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitRule<'s> {
    /// The duty is on a grid that owns the point.
    Serves { ground: &'s str },
    /// The duty's own polygon covers the point.
    OwnPolygon { duty: &'s DutyId },
    /// Nobody who fits serves the point; this one serves `ground`, in the same `within`.
    Widened { within: &'s str, ground: Option<&'s str> },
}

impl fmt::Display for Fit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rule {
            FitRule::Serves { ground } => write!(f, "serves {ground}")?,
            FitRule::OwnPolygon { duty } => {
                write!(f, "duty {duty} has a polygon of its own that covers the point")?;
            }
            FitRule::Widened { within, ground } => {
                write!(f, "nobody who fits serves the point, nearest in {within}")?;
                if let Some(ground) = ground {
                    write!(f, ", serves {ground}")?;
                }
            }
        }
        if self.only_for.is_empty() { Ok(()) } else { write!(f, ", for {} only", self.only_for.join(", ")) }
    }
}

//! What the checker says: every fault by place, kind and size.

use std::fmt;

use crate::geometry::Position;

/// What counts as a fault and what only as a note. Sizes are metres and square metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// An overlap or gap that is both smaller than this area and ...
    pub hairline_area_m2: f64,
    /// ... narrower than this is a hairline: rounding, not a disagreement. It is a note.
    pub hairline_width_m: f64,
    /// An overlap or gap narrower than this is called a sliver.
    pub sliver_width_m: f64,
    /// Without a parent layer a hole of the union at least this wide may be a real enclave: it is a note, to be
    /// confirmed. A narrower one is a gap. Inside a known parent every hole is a gap.
    pub enclave_width_m: f64,
    /// A spike no longer than this is a note: a needle narrower than the lattice (1 cm) becomes one when it is rounded.
    /// It has no ground in it and is left out.
    pub short_spike_m: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            hairline_area_m2: 0.1,
            hairline_width_m: 0.05,
            sliver_width_m: 3.0,
            enclave_width_m: 20.0,
            short_spike_m: 2.0,
        }
    }
}

impl Rules {
    /// The rules for what is to be published: there a hairline is a fault too, since no two grids may overlap at all.
    #[must_use]
    pub fn for_publishing() -> Self {
        Self { hairline_area_m2: 0.0, hairline_width_m: 0.0, ..Self::default() }
    }
}

impl fmt::Display for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a place under {} m2 and under {} m wide is a hairline (a note); one under {} m wide is a sliver; \
             without a parent layer a hole at least {} m wide may be a real enclave (a note); a spike up to {} m long may be \
             a needle folded by rounding (a note); the width of a place is twice its area over the way round it",
            self.hairline_area_m2, self.hairline_width_m, self.sliver_width_m, self.enclave_width_m, self.short_spike_m
        )
    }
}

/// The kinds of fault, as a person would call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    EmptyGeometry,
    TooFewVertices,
    RingCrossesItself,
    RingTouchesItself,
    Spike,
    RepeatedVertex,
    RingsCross,
    HoleOutsideShell,
    NestedHoles,
    OverlappingParts,
    TooEntangled,
    Duplicate,
    DuplicateCode,
    LookAlikeCode,
    MissingParent,
    OutsideParent,
    WrongParent,
    Shifted,
    OneSidedSimplification,
    InsideAnother,
    Overlap,
    SliverOverlap,
    Gap,
    SliverGap,
    EdgeMismatch,
    Hole,
    NodedIn,
    Snapped,
}

impl FaultKind {
    /// The stable word used in `--json` and on the page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmptyGeometry => "empty_geometry",
            Self::TooFewVertices => "too_few_vertices",
            Self::RingCrossesItself => "ring_crosses_itself",
            Self::RingTouchesItself => "ring_touches_itself",
            Self::Spike => "spike",
            Self::RepeatedVertex => "repeated_vertex",
            Self::RingsCross => "rings_cross",
            Self::HoleOutsideShell => "hole_outside_shell",
            Self::NestedHoles => "nested_holes",
            Self::OverlappingParts => "overlapping_parts",
            Self::TooEntangled => "too_entangled",
            Self::Duplicate => "duplicate",
            Self::DuplicateCode => "duplicate_code",
            Self::LookAlikeCode => "look_alike_code",
            Self::MissingParent => "missing_parent",
            Self::OutsideParent => "outside_parent",
            Self::WrongParent => "wrong_parent",
            Self::Shifted => "shifted",
            Self::OneSidedSimplification => "one_sided_simplification",
            Self::InsideAnother => "inside_another",
            Self::Overlap => "overlap",
            Self::SliverOverlap => "sliver_overlap",
            Self::Gap => "gap",
            Self::SliverGap => "sliver_gap",
            Self::EdgeMismatch => "edge_mismatch",
            Self::Hole => "hole",
            Self::NodedIn => "noded_in",
            Self::Snapped => "snapped",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a finding keeps the ground from being published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something is wrong.
    Fault,
    /// Something to know or to confirm.
    Note,
}

/// How large a fault is; what does not apply is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub area_m2: Option<f64>,
    /// Twice the area over the way round the widest place: the width of what is long, the radius of what is round.
    pub width_m: Option<f64>,
    /// How long a spike or a mismatched edge is, or how far an area was moved.
    pub length_m: Option<f64>,
}

/// One fault, with everything that follows from the same cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: FaultKind,
    pub severity: Severity,
    /// The areas concerned, the one to look at first in front.
    pub codes: Vec<String>,
    /// The area whose ground is concerned: the parent that a gap is in, or that a child leaves.
    pub parent: Option<String>,
    /// A point at the fault; absent where there is no geometry to point at.
    pub at: Option<Position>,
    pub size: Size,
    /// Where the areas were read, by the numbers their reader gave them, in the order of `codes`.
    pub places: Vec<usize>,
    /// How many separate places of the ground follow from this one cause.
    pub n_places: usize,
    /// What a person should know beyond kind, codes and size; a sentence without a full stop.
    pub detail: String,
}

impl Finding {
    /// The finding as one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        let at = self.at.map(|at| format!(" at {at}")).unwrap_or_default();
        format!("{} {}{at}: {}", self.kind, self.codes.join(", "), self.detail)
    }
}

/// Everything the checker found, faults before notes, then by kind and code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub findings: Vec<Finding>,
}

impl Report {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults().next().is_none()
    }

    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Fault)
    }

    pub fn notes(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Note)
    }

    /// Adds what another report says.
    pub fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.sort();
    }

    pub(super) fn sort(&mut self) {
        self.findings
            .sort_by(|a, b| (a.severity, a.kind, &a.codes, &a.places).cmp(&(b.severity, b.kind, &b.codes, &b.places)));
    }
}

//! What an import did, or why it did nothing.

use super::Source;
use crate::domain::{GenerationNumber, Noun, Revision};
use crate::format::{Fault, Place, ReadError};
use crate::geometry::coverage::Report;
use crate::service::ground::Conflict;

/// How many entries of a list are kept; beyond that they are only counted, so that a bad file of a million lines does
/// not fill the memory.
pub const MAX_LISTED: usize = 1_000;

/// A list that keeps its first entries and counts the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    pub first: Vec<T>,
    /// All of them, those not kept too.
    pub n: u64,
}

impl<T> Listed<T> {
    pub fn push(&mut self, entry: T) {
        self.n += 1;
        if self.first.len() < MAX_LISTED {
            self.first.push(entry);
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { first: Vec::new(), n: 0 }
    }
}

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Stored {
        revision: Revision,
    },
    /// It could be stored, but was only to be tried.
    Tried,
    /// The same layer was published already.
    Unchanged,
    /// Nothing was stored.
    Refused,
}

/// What was found in a file and what became of it.
#[derive(Debug)]
pub struct ImportReport {
    pub noun: Noun,
    /// The files it was read from.
    pub files: Vec<String>,
    pub outcome: Outcome,
    pub n_read: u64,
    pub n_stored: u64,
    pub n_refused: u64,
    /// Why rows were refused, several for one row perhaps.
    pub faults: Listed<Fault>,
    /// What the file would undo: things that somebody has written or removed since they were imported, by id.
    pub edited: Listed<String>,
    /// Things left as somebody has written or removed them since they were imported, although the file names them.
    pub n_kept: u64,
    /// Why the file could not be read to its end.
    pub broken: Option<ReadError>,
    /// What the files were read as.
    pub encodings: Vec<&'static str>,
    /// Columns that nothing was read from.
    pub unused_columns: Vec<String>,
    /// What lies outside every grid. Stored nevertheless.
    pub outside: Listed<Place>,
    /// What the ground puts elsewhere than its source says. Stored nevertheless.
    pub disagreeing: Listed<Disagreement>,
    /// Counts that do not add up.
    pub totals: Listed<Total>,
    /// The households that a source of grids states, by code: what [`super::households`] can be compared with.
    pub stated_houses: Vec<(String, u32)>,
    /// What the checker found in the tree of grids.
    pub coverage: Option<Report>,
    pub generation: Option<Published>,
    /// Where the change does not fit what is published for later dates.
    pub conflicts: Listed<Conflict>,
    /// How the file was understood, where it is only tried.
    pub preview: Option<Preview>,
}

/// How a file was understood.
#[derive(Debug, Default)]
pub struct Preview {
    /// What its coordinates were taken for.
    pub frame: String,
    /// Which column each field is read from, in the order of the fields.
    pub columns: Vec<(String, String)>,
    /// The first things as they would be stored, as GeoJSON, with the grid they lie in; of grids their facts alone.
    pub first: Vec<(Place, String)>,
    /// What would change in the ground.
    pub ground: Option<GroundChange>,
}

/// How many grids a change of the ground makes, changes and removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroundChange {
    pub n_new: u64,
    pub n_changed: u64,
    pub n_removed: u64,
}

impl Preview {
    /// How many things are shown.
    const N_SHOWN: usize = 5;

    /// An empty one, if `source` is only to be tried.
    pub(super) fn of(source: &Source) -> Option<Self> {
        source.is_dry_run.then(|| Self { frame: source.frame.to_string(), ..Self::default() })
    }

    /// Shows one more thing, if few were shown so far.
    pub(super) fn show(&mut self, place: Place, thing: impl FnOnce() -> String) {
        if self.first.len() < Self::N_SHOWN {
            self.first.push((place, thing()));
        }
    }
}

/// Something lies in another grid than its source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub place: Place,
    /// The code its source names.
    pub stated: String,
    /// Whether there is a grid of that code.
    pub is_known: bool,
    /// The code of the lowest grid it lies in, if any.
    pub found: Option<String>,
}

/// A stated total that its parts do not add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Total {
    /// The code of the grid it was stated for.
    pub code: String,
    pub stated: u64,
    pub counted: u64,
    /// What was counted.
    pub of: Counted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// The totals stated for the grids right below.
    StatedBelow,
    /// The households that lie in the grid.
    Households,
}

/// A generation made by an import of grids, as a difference to the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    pub number: GenerationNumber,
    pub n_new: u64,
    pub n_changed: u64,
    pub n_removed: u64,
    pub n_acknowledged_gaps: u64,
    /// Vertices put into edges where a neighbour, a parent or a child has one.
    pub n_noded: u64,
    /// Households and incidents that lie in another grid now.
    pub n_relocated: u64,
    /// Generations of later dates that were published anew with the change in them.
    pub n_rebased: u64,
}

impl ImportReport {
    #[must_use]
    pub fn new(noun: Noun) -> Self {
        Self {
            noun,
            files: Vec::new(),
            outcome: Outcome::Refused,
            n_read: 0,
            n_stored: 0,
            n_refused: 0,
            faults: Listed::default(),
            edited: Listed::default(),
            n_kept: 0,
            broken: None,
            encodings: Vec::new(),
            unused_columns: Vec::new(),
            outside: Listed::default(),
            disagreeing: Listed::default(),
            totals: Listed::default(),
            stated_houses: Vec::new(),
            coverage: None,
            generation: None,
            conflicts: Listed::default(),
            preview: None,
        }
    }

    /// Tells whether every row could be understood so far.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.n_refused == 0 && self.broken.is_none()
    }

    /// Tells whether it may be stored: every row could be understood, and none undoes what somebody has written.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.is_understood() && self.edited.is_empty()
    }

    /// Puts the faults kept in the order of the file: references are looked at after everything else.
    pub(super) fn sort_faults(&mut self) {
        self.faults.first.sort_by_key(|fault| fault.place);
    }

    pub(super) fn refuse(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.n_refused += 1;
        faults.into_iter().for_each(|fault| self.faults.push(fault));
    }
}

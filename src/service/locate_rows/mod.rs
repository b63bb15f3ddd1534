//! Many points at once: what holds for all of them, what a row may say otherwise, and the way through.
//!
//! [`answer`] is the task: rows are read, answered and written on all cores beside each other (`pipeline`), with the
//! memory of a few batches whatever the input; `tell` answers a batch.

mod batch;
mod pipeline;

use std::io::{BufRead, Write};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::locate::{Answer, Question, locate};
use super::{Caller, Refused};
use crate::domain::{Action, Noun};
use crate::format::locate_rows::{
    AnswerSettings, AnsweredBatch, Batch, MOST_FAULTS, Reader, RowFault, RowQuestion, RowsError, Summary,
};
use crate::geometry::Position;
use crate::geometry::crs::Frame;
use crate::index::Snapshot;
pub use batch::SnapshotLocator;

/// Half the way round the earth in metres: no position is less certain.
pub const WORST_ACCURACY_M: f64 = 20_040_000.0;

/// What holds for every row that does not say otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// What the numbers of the rows are.
    pub frame: Frame,
    pub at: DateTime<Utc>,
    pub accuracy_m: Option<f64>,
    pub category: Option<String>,
}

impl Terms {
    /// Answers one row.
    ///
    /// # Errors
    /// In words for whoever wrote the row, all faults: when the numbers are no position in the frame, or the accuracy is none.
    pub fn answer<'s>(&self, snapshot: &'s Snapshot, row: &RowQuestion<'_>) -> Result<Answer<'s>, String> {
        let (position, accuracy_m) = self.place(row)?;
        let category = row.category.or(self.category.as_deref());
        Ok(locate(snapshot, &Question { position, at: self.at, accuracy_m, category }))
    }

    /// Where a row asks and within how many metres, or all its faults.
    fn place(&self, row: &RowQuestion<'_>) -> Result<(Position, Option<f64>), String> {
        let position = self.frame.to_wgs84(row.lon, row.lat).map_err(|error| error.to_string());
        match (position, row.accuracy_m.map(accuracy_m).transpose()) {
            (Ok(position), Ok(accuracy_m)) => Ok((position, accuracy_m.or(self.accuracy_m))),
            (Err(position), Err(accuracy_m)) => Err(format!("{position}; {accuracy_m}")),
            (Err(fault), Ok(_)) | (Ok(_), Err(fault)) => Err(fault),
        }
    }
}

/// Many points to be answered for one caller, on one ground.
#[derive(Clone, Debug)]
pub struct BatchLocator {
    snapshot: Arc<Snapshot>,
    terms: Terms,
}

impl BatchLocator {
    /// Takes the ground in force at `at` (now where it is absent), as known at `known_at`.
    ///
    /// # Errors
    /// When the caller may not ask, no ground was in force then, or the ground of another day cannot be read.
    pub async fn new(
        caller: &Caller<'_>,
        at: Option<DateTime<Utc>>,
        known_at: Option<DateTime<Utc>>,
        terms: Terms,
    ) -> Result<Self, Refused> {
        caller.principal().allows(Action::Locate, Noun::Grids)?;
        Ok(Self { snapshot: caller.ground_at(at, known_at).await?, terms })
    }

    /// What the numbers of the rows are.
    #[must_use]
    pub fn frame(&self) -> &Frame {
        &self.terms.frame
    }

    /// Answers every row, see [`answer`].
    ///
    /// # Errors
    /// When reading or writing fails.
    pub fn answer(
        &self,
        rows: Reader<impl BufRead + Send>,
        most_rows: Option<u64>,
        out: impl Write + Send,
    ) -> Result<RowsDone, RowsError> {
        answer(&self.snapshot, &self.terms, rows, most_rows, out)
    }
}

/// What became of an input's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowsDone {
    pub summary: Summary,
    /// The first rows that were refused, at most [`MOST_FAULTS`].
    pub refused: Vec<RowFault>,
}

/// Answers every row that `rows` reads, in its format and order, at most `most_rows` of them.
///
/// Cost: a batch look-up and some copying a row; see `make bench-locate`, `http_bulk`. Memory: a few batches.
///
/// # Errors
/// When reading or writing fails. What is wrong with a row is written in its place.
pub fn answer(
    snapshot: &Snapshot,
    terms: &Terms,
    mut rows: Reader<impl BufRead + Send>,
    most_rows: Option<u64>,
    out: impl Write + Send,
) -> Result<RowsDone, RowsError> {
    let levels = snapshot.region().levels.iter().map(|level| level.code.clone()).collect();
    let settings = AnswerSettings { levels, most_rows };
    let (renderer, mut writer) = (rows.renderer(&settings), rows.writer(&settings, out)?);
    let worker = || {
        let (mut renderer, mut locator) = (renderer.clone(), SnapshotLocator::new(snapshot, terms));
        move |batch: Batch| renderer.render(batch, &mut locator)
    };
    let mut answered = RowsDone::default();
    pipeline::run(
        || rows.next_batch(),
        worker,
        |batch| {
            answered.note(&batch);
            writer.put(batch)
        },
    )?;
    writer.end(&answered.summary)?;
    Ok(answered)
}

impl RowsDone {
    fn note(&mut self, batch: &AnsweredBatch) {
        self.summary.add(batch.summary);
        let left = MOST_FAULTS - self.refused.len();
        self.refused.extend(batch.refused.iter().take(left).cloned());
    }
}

/// Returns `m` when it is an accuracy: from 0 to [`WORST_ACCURACY_M`].
///
/// # Errors
/// In words, when it is not.
pub fn accuracy_m(m: f64) -> Result<f64, String> {
    if (0.0..=WORST_ACCURACY_M).contains(&m) {
        return Ok(m);
    }
    Err(format!("{m} is not an accuracy in metres: from 0 to {WORST_ACCURACY_M}"))
}

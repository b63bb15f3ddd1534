//! Answers on their way out, and what is counted of them.

use arrow_array::RecordBatch;

use super::outcome::{MOST_FAULTS, RowFault, Summary};
use super::question::Asked;

/// The answers to a batch.
#[derive(Debug)]
pub struct AnsweredBatch {
    pub summary: Summary,
    /// The first rows that were refused, at most [`MOST_FAULTS`].
    pub refused: Vec<RowFault>,
    pub(super) body: BatchBody,
}

#[derive(Debug)]
pub(super) enum BatchBody {
    Text(Vec<u8>),
    /// Features, and what their collection says of its frame.
    Features(Vec<u8>, Option<Vec<u8>>),
    Columns(RecordBatch),
}

/// Counts the rows of a batch, and those behind the last that is answered.
#[derive(Clone, Debug)]
pub(super) struct RowCounter {
    /// The number of the row that is limited next.
    pub(super) next: u64,
    most: u64,
    first_row: u64,
    summary: Summary,
    refused: Vec<RowFault>,
}

impl RowCounter {
    /// A counter of rows numbered from `first_row`, of which those up to `most` are answered.
    pub(super) fn new(first_row: u64, most: u64) -> Self {
        Self { next: first_row, most, first_row, summary: Summary::default(), refused: Vec::new() }
    }

    /// Takes the questions away of rows behind the last that is answered. Called once for each row, in order.
    pub(super) fn limit(&mut self, asked: &mut [Asked<'_>]) {
        for asked in asked {
            if self.next > self.most {
                *asked = Err(format!("at most {} points are answered at once", self.most));
            }
            self.next += 1;
        }
    }

    /// Counts a row's answer. Called once for each row, in order.
    pub(super) fn count<T>(&mut self, answer: &Result<T, &str>, is_located: impl Fn(&T) -> bool) {
        let row = self.first_row + self.summary.n_rows;
        self.summary.n_rows += 1;
        match answer {
            Ok(answer) => self.summary.n_outside += u64::from(!is_located(answer)),
            Err(why) => {
                self.summary.n_refused += 1;
                if self.refused.len() < MOST_FAULTS {
                    self.refused.push(RowFault { row, why: (*why).to_owned() });
                }
            }
        }
    }

    pub(super) fn answered(self, body: BatchBody) -> AnsweredBatch {
        AnsweredBatch { summary: self.summary, refused: self.refused, body }
    }
}

//! Batches answered: a page for each.

use arrow_array::RecordBatch;

use super::reader::{Batch, BatchRows};
use super::{Asked, MOST_FAULTS, RowFault, RowLocator, Summary, arrow, csv, features, json_rows};

/// The answers to a batch.
#[derive(Debug)]
pub struct Page {
    pub summary: Summary,
    /// The first rows that were refused, at most [`MOST_FAULTS`].
    pub refused: Vec<RowFault>,
    pub(super) body: PageBody,
}

#[derive(Debug)]
pub(super) enum PageBody {
    Text(Vec<u8>),
    /// Features, and what their collection says of its frame.
    Features(Vec<u8>, Option<Vec<u8>>),
    Columns(RecordBatch),
}

/// Answers batches. Each thread has one of its own, since it keeps what it made of a ground.
#[derive(Clone, Debug)]
pub struct Renderer {
    pub(super) most_rows: u64,
    pub(super) kind: RendererKind,
}

#[derive(Clone, Debug)]
pub(super) enum RendererKind {
    Csv(csv::Renderer),
    Features(features::Renderer),
    Columns(Box<arrow::Renderer>),
    Json(json_rows::Renderer),
}

impl Renderer {
    /// Answers every row of a batch.
    pub fn render(&mut self, batch: Batch, locator: &mut dyn RowLocator) -> Page {
        let first_row = batch.first_row;
        let (summary, refused) = (Summary::default(), Vec::new());
        let tally = Tally { next: first_row, most: self.most_rows, first_row, summary, refused };
        match (&mut self.kind, batch.rows) {
            (RendererKind::Csv(renderer), BatchRows::Csv(text)) => renderer.render(&text, tally, locator),
            (RendererKind::Features(renderer), BatchRows::Features(rows, crs)) => {
                renderer.render(&rows, crs, tally, locator)
            }
            (RendererKind::Columns(renderer), BatchRows::Columns(rows)) => renderer.render(&rows, tally, locator),
            (RendererKind::Json(renderer), BatchRows::Json(rows)) => renderer.render(&rows, tally, locator),
            _ => unreachable!("a renderer is of the format of its reader"),
        }
    }
}

/// Counts the rows of a batch, and those behind the last that is answered.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    /// The number of the row that is limited next.
    pub(super) next: u64,
    most: u64,
    first_row: u64,
    summary: Summary,
    refused: Vec<RowFault>,
}

impl Tally {
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

    pub(super) fn page(self, body: PageBody) -> Page {
        Page { summary: self.summary, refused: self.refused, body }
    }
}

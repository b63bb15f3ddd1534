//! Batches answered: an answered batch for each.

use super::answered::{AnsweredBatch, RowCounter};
use super::batch::{Batch, BatchRows};
use super::question::RowLocator;
use super::{arrow, csv, features, json_rows};

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
    pub fn render(&mut self, batch: Batch, locator: &mut dyn RowLocator) -> AnsweredBatch {
        let first_row = batch.first_row;
        let counter = RowCounter::new(first_row, self.most_rows);
        match (&mut self.kind, batch.rows) {
            (RendererKind::Csv(renderer), BatchRows::Csv(text)) => renderer.render(&text, counter, locator),
            (RendererKind::Features(renderer), BatchRows::Features(rows, crs)) => {
                renderer.render(&rows, crs, counter, locator)
            }
            (RendererKind::Columns(renderer), BatchRows::Columns(rows)) => renderer.render(&rows, counter, locator),
            (RendererKind::Json(renderer), BatchRows::Json(rows)) => renderer.render(&rows, counter, locator),
            _ => unreachable!("a renderer is of the format of its reader"),
        }
    }
}

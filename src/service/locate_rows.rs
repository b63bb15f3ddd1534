//! Many points at once: what holds for all of them, and what a row may say otherwise.

use chrono::{DateTime, Utc};

use super::locate::{Answer, Question, locate};
use crate::domain::Principal;
use crate::format::locate_rows::RowQuestion;
use crate::geometry::crs::Frame;
use crate::index::Snapshot;

/// Half the way round the earth in metres: no position is less certain.
pub const WORST_ACCURACY_M: f64 = 20_040_000.0;

/// What holds for every row that does not say otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Who asks.
    pub principal: Principal,
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
    /// In words for whoever wrote the row: when the numbers are no position in the frame, or the accuracy is none.
    pub fn answer<'s>(&self, snapshot: &'s Snapshot, row: &RowQuestion<'_>) -> Result<Answer<'s>, String> {
        let position = self.frame.to_wgs84(row.lon, row.lat).map_err(|error| error.to_string())?;
        let accuracy_m = row.accuracy_m.map(accuracy_m).transpose()?.or(self.accuracy_m);
        let category = row.category.or(self.category.as_deref());
        Ok(locate(snapshot, &Question { principal: self.principal, position, at: self.at, accuracy_m, category }))
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

//! What a row asks, and who answers.

use super::row_answer::RowAnswer;
use crate::domain::Answer;

/// What the columns may be called, in any case of letters.
pub(super) const LON: [&str; 6] = ["lon", "lng", "longitude", "x", "经度", "long"];
pub(super) const LAT: [&str; 4] = ["lat", "latitude", "y", "纬度"];
pub(super) const ACCURACY: [&str; 1] = ["accuracy_m"];
pub(super) const CATEGORY: [&str; 1] = ["category"];

/// What one row asks. The numbers are in the frame the caller takes them to be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowQuestion<'r> {
    pub lon: f64,
    pub lat: f64,
    pub accuracy_m: Option<f64>,
    pub category: Option<&'r str>,
}

impl<'r> RowQuestion<'r> {
    /// Puts a question together, or tells all faults of its parts.
    pub(super) fn of(
        position: Result<(f64, f64), String>,
        accuracy_m: Result<Option<f64>, String>,
        category: Result<Option<&'r str>, String>,
    ) -> Asked<'r> {
        match (position, accuracy_m, category) {
            (Ok((lon, lat)), Ok(accuracy_m), Ok(category)) => Ok(Self { lon, lat, accuracy_m, category }),
            (position, accuracy_m, category) => Err(joined([position.err(), accuracy_m.err(), category.err()])),
        }
    }
}

/// Puts a position together, or tells the faults of both parts.
pub(super) fn position(lon: Result<f64, String>, lat: Result<f64, String>) -> Result<(f64, f64), String> {
    match (lon, lat) {
        (Ok(lon), Ok(lat)) => Ok((lon, lat)),
        (lon, lat) => Err(joined([lon.err(), lat.err()])),
    }
}

/// All faults as one text.
pub(super) fn joined<const N: usize>(faults: [Option<String>; N]) -> String {
    faults.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// A row's question, or why it holds none.
pub type Asked<'r> = Result<RowQuestion<'r>, String>;

/// Whoever answers rows. One serves one thread.
pub trait RowLocator {
    /// Answers each of `asked` in turn, as far as a table has columns for it; an error is for whoever wrote the row.
    fn answer(&mut self, asked: &[Asked<'_>], each: &mut dyn FnMut(Result<&RowAnswer<'_>, &str>));

    /// Answers one question whole.
    ///
    /// # Errors
    /// In words, for whoever wrote the row.
    fn locate(&mut self, question: &RowQuestion<'_>) -> Result<Answer<'_>, String>;
}

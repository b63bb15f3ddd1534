//! A question as the members of a JSON object give it: each member is read by itself, so each tells its own fault.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::question::{Asked, RowQuestion};

/// What each part says; parts that may be absent and are give `None`.
pub(super) struct Given {
    /// Longitude and latitude.
    pub(super) position: Result<(f64, f64), String>,
    pub(super) accuracy_m: Result<Option<f64>, String>,
    pub(super) category: Result<Option<String>, String>,
}

/// What a row asks, or all its faults.
pub(super) fn asked(given: &Result<Given, String>) -> Asked<'_> {
    let Given { position, accuracy_m, category } = given.as_ref().map_err(Clone::clone)?;
    let category = category.as_ref().map(Option::as_deref).map_err(Clone::clone);
    RowQuestion::of(position.clone(), accuracy_m.clone(), category)
}

/// A number; `None` where it is absent, null or an empty text.
pub(super) fn number(name: &str, raw: Option<&RawValue>) -> Result<Option<f64>, String> {
    read(raw).map_err(|raw| format!("{name} {raw} is not a number"))
}

/// A text; `None` where it is absent, null or empty.
pub(super) fn text(name: &str, raw: Option<&RawValue>) -> Result<Option<String>, String> {
    read(raw).map_err(|raw| format!("{name} {raw} is not a text"))
}

/// Gives what cannot be read back.
fn read<'r, T: Deserialize<'r>>(raw: Option<&'r RawValue>) -> Result<Option<T>, &'r str> {
    let given = raw.map(RawValue::get).filter(|raw| !matches!(*raw, "null" | "\"\""));
    given.map(|raw| serde_json::from_str(raw).map_err(|_| raw)).transpose()
}

//! Codes that a reader takes for each other: `G１` and `G1`, `g1` and `G1`.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::geometry::coverage::report::{FaultKind, Severity, Size};
use crate::geometry::coverage::{Finding, RawArea};

/// A note for each set of different codes that look the same: alike when composed for compatibility (NFKC, Unicode
/// Standard Annex 15) and written small.
pub(super) fn codes(areas: &[RawArea]) -> impl Iterator<Item = Finding> {
    let mut by_look: BTreeMap<String, Vec<&RawArea>> = BTreeMap::new();
    for area in areas {
        let alike = by_look.entry(folded(&area.code)).or_default();
        if alike.iter().all(|known| known.code != area.code) {
            alike.push(area);
        }
    }
    by_look.into_values().filter(|alike| alike.len() > 1).map(|alike| Finding {
        kind: FaultKind::LookAlikeCode,
        severity: Severity::Note,
        codes: alike.iter().map(|area| area.code.clone()).collect(),
        parent: None,
        at: None,
        size: Size::default(),
        places: alike.iter().map(|area| area.place).collect(),
        n_places: 1,
        detail: "these codes look the same: are they of different areas?".to_owned(),
    })
}

fn folded(code: &str) -> String {
    if code.is_ascii() { code.to_ascii_lowercase() } else { code.nfkc().flat_map(char::to_lowercase).collect() }
}

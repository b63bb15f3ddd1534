//! Codes and parents: who is who, before any geometry.

use std::collections::HashMap;

use crate::geometry::coverage::report::{FaultKind, Severity, Size};
use crate::geometry::coverage::{Finding, RawArea};

/// Returns the place of each area's parent in the slice, with findings for those that cannot be found.
///
/// Parents are looked for only where the input has areas of a higher level: a layer checked alone names parents that are
/// elsewhere.
pub(super) fn parents(areas: &[RawArea], findings: &mut Vec<Finding>) -> Vec<Option<usize>> {
    let mut by_code: HashMap<&str, usize> = HashMap::new();
    for (index, area) in areas.iter().enumerate() {
        by_code.entry(&area.code).or_insert(index);
    }
    let top = areas.iter().map(|area| area.depth).min().unwrap_or(0);
    let parent = |area: &RawArea| {
        if area.depth == top {
            return None;
        }
        let detail = match &area.parent {
            None => "it names no parent, but areas of a higher level are given".to_owned(),
            Some(code) => match by_code.get(code.as_str()) {
                Some(&index) if areas[index].depth < area.depth => return Some(index),
                Some(_) => format!("its parent {code} is not of a higher level"),
                None => format!("its parent {code} is not among the areas given"),
            },
        };
        findings.push(Finding {
            kind: FaultKind::MissingParent,
            severity: Severity::Fault,
            codes: vec![area.code.clone()],
            parent: area.parent.clone(),
            at: area.polygons.first().and_then(|p| p.rings.first()?.first()).map(|v| v.position()),
            size: Size::default(),
            places: vec![area.place],
            n_places: 1,
            detail,
        });
        None
    };
    areas.iter().map(parent).collect()
}

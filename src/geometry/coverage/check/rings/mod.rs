//! Whether the rings of one area are valid, and where not.
//!
//! In three steps: each ring is cleaned of what has no ground in it (`cleaning`), edges that cross are looked for
//! (`crossing`), and where none do, which ring lies in which (`nesting`), or what those enclose that touch (`touching`).
//! Start with [`check`].

mod checked;
mod cleaning;
mod crossing;
mod nesting;
mod touching;

pub(super) use checked::CheckedArea;

use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{FaultKind, RawArea, Rules};
use crate::geometry::{Boundary, Polygon, Ring};
use checked::finding;

/// Checks the rings of one area. Cost: near-linear in vertices; a hopeless tangle is given up and reported as such.
pub(super) fn check(area: &RawArea, rules: &Rules) -> CheckedArea {
    let mut checked = CheckedArea { boundary: None, findings: Vec::new(), crossed: Vec::new() };
    let mut polygons = Vec::new();
    for polygon in &area.polygons {
        let mut rings = polygon.rings.iter().map(|ring| cleaning::clean(area, ring, rules, &mut checked.findings));
        let exterior = rings.next().flatten();
        let holes: Vec<Ring> = rings.flatten().collect();
        polygons.extend(exterior.map(|exterior| Polygon { exterior, holes }));
    }
    if polygons.is_empty() {
        if checked.findings.iter().all(|finding| finding.severity == Severity::Note) {
            let detail = "there is no geometry with an inside".to_owned();
            checked.findings.push(finding(area, FaultKind::EmptyGeometry, None, Size::default(), detail));
        }
        return checked;
    }
    let boundary = Boundary::from_valid(polygons);
    let edges = crossing::Edges::of(&boundary);
    match edges.crossings() {
        Err(at) => {
            let detail = "its edges cross or crowd each other so often that it was not checked further".to_owned();
            checked.findings.push(finding(area, FaultKind::TooEntangled, Some(at), Size::default(), detail));
            return checked;
        }
        Ok(crossings) if crossings.is_empty() => {
            let misplaced = nesting::misplaced(area, &boundary, &mut checked.findings);
            checked.boundary = nesting::without(boundary, &misplaced);
        }
        Ok(crossings) => {
            let n_crossed = edges.report(area, &crossings, &mut checked);
            checked.boundary = match n_crossed {
                0 => touching::judge(area, boundary, &mut checked.findings),
                _ => Some(boundary),
            };
        }
    }
    checked
}

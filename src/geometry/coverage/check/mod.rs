//! The checker: from raw areas to a report of every fault by place, kind and size.
//!
//! In four steps: codes and parents (`names`, `look_alike`), the rings of each area alone (`rings`), the places where areas of
//! the tree do not add up (`tree`, `overlay`, `faces`), and the causes those places follow from (`causes`), so that one mistake
//! is one finding however many places it shows in. Start with [`check`].

mod causes;
mod faces;
mod look_alike;
mod names;
mod overlay;
mod rings;
mod snap;
mod tree;

pub use snap::{Snapped, Tolerance, snap};

use std::collections::HashMap;
use std::sync::Arc;

use super::edges::AreaEdge;
use super::report::{FaultKind, Severity, Size};
use super::{Finding, RawArea, Report, Rules, Topology, ValidArea};
use crate::geometry::{Boundary, Ring, measure};

/// Reports every fault of `areas`, which may be of several levels in any order.
///
/// Parents are found by code among the areas themselves. Without any area of a higher level parents are not checked, and
/// a wide hole of the union cannot be told from an enclave: it becomes a note. Cost: near-linear in vertices; areas are
/// compared by place only where their edges do not match.
#[must_use]
pub fn check(areas: &[RawArea], rules: &Rules) -> Report {
    let mut report = Report::default();
    let mut parents = names::parents(areas, &mut report.findings);
    let checked: Vec<rings::CheckedArea> = areas.iter().map(|area| rings::check(area, rules)).collect();
    report.findings.extend(look_alike::codes(areas));
    report.findings.extend(checked.iter().flat_map(|area| area.findings.iter().cloned()));
    let mut boundaries: Vec<Option<&Boundary>> = checked.iter().map(|area| area.boundary.as_ref()).collect();
    drop_duplicates(areas, &mut parents, &mut boundaries, &mut report);
    let depths = areas.iter().map(|area| area.depth).collect();
    let tree = tree::Tree::new(depths, parents, boundaries);
    match faces::find(&tree) {
        Ok(found) => {
            let crossed: Vec<_> = checked.iter().map(|area| area.crossed.as_slice()).collect();
            causes::report(&causes::Case { areas, rules, tree: &tree, crossed: &crossed, found: &found }, &mut report);
        }
        Err((overlay::Entangled(a, b), edges)) => report.findings.push(entangled(areas, &edges, [a, b])),
    }
    report.sort();
    report
}

/// Returns the boundary of an area that belongs to no tree, whose own rings are all that can be wrong with it, rendered as
/// those of a tree are: simple rings, parts that share an edge joined.
///
/// # Errors
/// Every fault of its rings.
pub fn check_alone(area: &RawArea, rules: &Rules) -> Result<Boundary, Report> {
    let rings::CheckedArea { boundary, mut findings, .. } = rings::check(area, rules);
    findings.retain(|finding| finding.severity == Severity::Fault);
    let mut report = Report { findings };
    report.sort();
    let boundary = boundary.filter(|_| report.is_clean()).ok_or(report)?;
    let ground = Topology::build(&[ValidArea { depth: 0, parent: None, boundary: Arc::new(boundary) }])?;
    Ok(ground.boundary(0))
}

/// Takes areas out that repeat another one's ground, and reports them and codes given twice.
fn drop_duplicates(
    areas: &[RawArea],
    parents: &mut [Option<usize>],
    boundaries: &mut [Option<&Boundary>],
    report: &mut Report,
) {
    let mut by_ground: HashMap<(u8, Vec<AreaEdge>), usize> = HashMap::new();
    let mut by_size: HashMap<(u8, usize, i128), Vec<usize>> = HashMap::new();
    let mut by_code: HashMap<&str, usize> = HashMap::new();
    for (index, area) in areas.iter().enumerate() {
        if let Some(boundary) = boundaries[index] {
            let doubled = boundary.rings().map(Ring::signed_area2).sum();
            by_size.entry((area.depth, boundary.n_vertices(), doubled)).or_default().push(index);
        }
    }
    let mut same_ground = vec![None; areas.len()];
    for group in by_size.into_values().filter(|group| group.len() > 1) {
        for index in group {
            let Some(boundary) = boundaries[index] else { continue };
            let first = *by_ground.entry((areas[index].depth, ground_of(boundary))).or_insert(index);
            same_ground[index] = (first != index).then_some(first);
        }
    }
    for (index, area) in areas.iter().enumerate() {
        let known = by_code.insert(&area.code, index);
        let (kind, other, detail) = match (same_ground[index], known) {
            (Some(first), _) if areas[first].code == area.code => (FaultKind::Duplicate, first, "it is listed twice"),
            (Some(first), _) => (FaultKind::Duplicate, first, "the two have the same ground"),
            (None, Some(first)) => (FaultKind::DuplicateCode, first, "two areas of different ground have this code"),
            (None, None) => continue,
        };
        if kind == FaultKind::Duplicate {
            boundaries[index] = None;
            for parent in parents.iter_mut().filter(|parent| **parent == Some(index)) {
                *parent = Some(other);
            }
        }
        let mut codes = vec![areas[other].code.clone(), area.code.clone()];
        codes.dedup();
        report.findings.push(Finding {
            kind,
            severity: Severity::Fault,
            codes,
            parent: area.parent.clone(),
            at: area.polygons.first().and_then(|p| p.rings.first()?.first()).map(|v| v.position()),
            size: Size {
                area_m2: Some(areas[other].boundary().map_or(0.0, |b| measure::area_m2(&b))),
                ..Size::default()
            },
            places: vec![areas[other].place, area.place],
            n_places: 1,
            detail: detail.to_owned(),
        });
    }
}

/// The edges of a boundary in an order that does not depend on where its rings begin.
fn ground_of(boundary: &Boundary) -> Vec<AreaEdge> {
    let mut edges: Vec<AreaEdge> =
        boundary.rings().flat_map(Ring::edges).map(|(a, b)| AreaEdge::new(a, b, 0)).collect();
    edges.sort_unstable();
    edges
}

fn entangled(areas: &[RawArea], edges: &[AreaEdge], pair: [u32; 2]) -> Finding {
    let [a, b] = pair.map(|source| &edges[source as usize]);
    let (first, second) = (&areas[a.area as usize], &areas[b.area as usize]);
    Finding {
        kind: FaultKind::TooEntangled,
        severity: Severity::Fault,
        codes: vec![first.code.clone(), second.code.clone()],
        parent: None,
        at: Some(a.low.position()),
        size: Size::default(),
        places: vec![first.place, second.place],
        n_places: 1,
        detail: "their edges cross so often that gaps and overlaps were not measured".to_owned(),
    }
}

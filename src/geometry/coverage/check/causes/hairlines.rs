//! What is left at the end: places too small to be more than a note, and vertices that others have on a straight edge.

use std::collections::BTreeMap;

use super::case::Case;
use super::heap::Heap;
use crate::geometry::coverage::check::faces::Wrong;
use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{FaultKind, Finding, Report};

impl Heap<'_> {
    /// What is left is too small to be more than a note.
    pub(super) fn hairlines(&mut self, report: &mut Report) {
        let mut by_areas: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
        for (i, face) in self.open() {
            let mut areas = match &face.wrong {
                Wrong::Overlap(areas) => areas.clone(),
                Wrong::Outside { area, .. } | Wrong::ForeignArea { area, .. } => vec![*area],
                Wrong::Gap(_) | Wrong::Hole => self.around(face),
            };
            areas.sort_unstable();
            by_areas.entry(areas).or_default().push(i);
        }
        for (areas, mut faces) in by_areas {
            faces.retain(|&i| self.open[i]);
            let overlaps = faces.iter().filter(|&&i| matches!(self.face(i).wrong, Wrong::Overlap(_))).count();
            let gaps = faces.len() - overlaps;
            let detail = format!("their edges differ by hairlines: {overlaps} overlaps, {gaps} gaps");
            self.explain(&faces, FaultKind::EdgeMismatch, &areas, detail, report);
        }
    }
}

/// Notes vertices that lie exactly on another area's straight edge; the ground takes them into that edge.
pub(super) fn noded(case: &Case<'_>, report: &mut Report) {
    for run in case.found.noded.chunk_by(|a, b| a.0 == b.0) {
        let area = &case.areas[run[0].0 as usize];
        report.findings.push(Finding {
            kind: FaultKind::NodedIn,
            severity: Severity::Note,
            codes: vec![area.code.clone()],
            parent: None,
            at: Some(run[0].1.position()),
            size: Size::default(),
            places: vec![area.place],
            n_places: run.len(),
            detail: format!("vertices of others that lie exactly on its edge and are taken into it: {}", run.len()),
        });
    }
}

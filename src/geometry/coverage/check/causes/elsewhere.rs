//! Areas that lie where they do not belong: under the wrong parent, partly outside it, or on another parent's ground.

use std::collections::BTreeMap;

use super::heap::Heap;
use crate::geometry::coverage::check::faces::{Face, Wrong};
use crate::geometry::coverage::{FaultKind, Report};

impl Heap<'_> {
    pub(super) fn wrong_parent(&mut self, area: u32, report: &mut Report) {
        let is_outside = |face: &Face| matches!(face.wrong, Wrong::Outside { area: a, .. } if a == area);
        let faces: Vec<usize> = self.open_of(area).filter(|(_, face)| is_outside(face)).map(|(i, _)| i).collect();
        let outside: f64 = faces.iter().map(|&i| self.face(i).area_m2).sum();
        if faces.is_empty() || outside < 0.99 * self.area_m2(area) {
            return;
        }
        let Wrong::Outside { lies_in, .. } = self.face(faces[0]).wrong else { return };
        let says = self.case.tree.parents[area as usize].map(|parent| self.case.areas[parent].code.clone());
        let says = says.unwrap_or_default();
        let detail = match lies_in {
            Some(other) => format!("it says it belongs to {says}, but lies in {}", self.code(other)),
            None => format!("it says it belongs to {says}, but lies outside it"),
        };
        self.explain(&faces, FaultKind::WrongParent, &[area], detail, report);
    }

    /// Gaps covered by an area that belongs elsewhere follow from that area's own finding, if it has one.
    pub(super) fn foreign_areas(&mut self, report: &mut Report) {
        let mut by_area: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, face) in self.open() {
            if let Wrong::ForeignArea { area, .. } = face.wrong {
                by_area.entry(area).or_default().push(i);
            }
        }
        let named = [FaultKind::MissingParent, FaultKind::WrongParent, FaultKind::Shifted];
        for (area, faces) in by_area {
            let code = self.code(area);
            let known = report.findings.iter_mut().find(|f| named.contains(&f.kind) && f.codes[0] == code);
            if let Some(known) = known {
                known.n_places += self.close(&faces);
            } else {
                let detail = "it lies where only children of another area belong".to_owned();
                self.explain(&faces, FaultKind::OutsideParent, &[area], detail, report);
            }
        }
    }

    pub(super) fn outside(&mut self, report: &mut Report) {
        let mut by_area: BTreeMap<(u32, Option<u32>), Vec<usize>> = BTreeMap::new();
        for (i, face) in self.open().filter(|(_, face)| !self.is_hairline(face)) {
            if let Wrong::Outside { area, lies_in } = face.wrong {
                by_area.entry((area, lies_in)).or_default().push(i);
            }
        }
        for ((area, lies_in), faces) in by_area {
            let detail = match lies_in {
                Some(other) => format!("a part of it lies in {}", self.code(other)),
                None => "a part of it lies outside its parent".to_owned(),
            };
            self.explain(&faces, FaultKind::OutsideParent, &[area], detail, report);
        }
    }
}

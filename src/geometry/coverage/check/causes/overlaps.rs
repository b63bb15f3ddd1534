//! Areas that cover the same ground.

use std::collections::BTreeMap;

use super::heap::Heap;
use crate::geometry::coverage::check::faces::Wrong;
use crate::geometry::coverage::{FaultKind, Report};

impl Heap<'_> {
    /// One finding for each set of areas that overlap, whatever the number of places.
    pub(super) fn overlaps(&mut self, report: &mut Report) {
        let mut by_areas: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
        for (i, face) in self.open() {
            if let Wrong::Overlap(areas) = &face.wrong {
                let mut areas = areas.clone();
                areas.sort_unstable();
                by_areas.entry(areas).or_default().push(i);
            }
        }
        // Large ones first, so that hairlines beside them go with them.
        let area_m2 = |faces: &[usize]| -> f64 { faces.iter().map(|&i| self.face(i).area_m2).sum() };
        let mut by_areas: Vec<_> = by_areas.into_iter().map(|(areas, faces)| (area_m2(&faces), areas, faces)).collect();
        by_areas.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (area_m2, mut areas, mut faces) in by_areas {
            faces.retain(|&i| self.open[i]);
            if faces.iter().all(|&i| self.is_hairline(self.face(i))) {
                continue;
            }
            let inner = areas.iter().copied().find(|&area| area_m2 > 0.99 * self.area_m2(area));
            let widest = faces.iter().map(|&i| self.face(i).width_m).fold(0.0, f64::max);
            let kind = match inner {
                Some(inner) => {
                    areas.sort_by_key(|&area| (area != inner, area));
                    FaultKind::InsideAnother
                }
                None if widest < self.case.rules.sliver_width_m => FaultKind::SliverOverlap,
                None => FaultKind::Overlap,
            };
            let detail = match kind {
                FaultKind::InsideAnother => format!("{} lies inside {}", self.code(areas[0]), self.code(areas[1])),
                _ => "they cover the same ground".to_owned(),
            };
            self.explain(&faces, kind, &areas, detail, report);
        }
    }
}

//! Ground that no area covers.

use super::heap::Heap;
use crate::geometry::coverage::check::faces::{Face, Wrong};
use crate::geometry::coverage::report::Severity;
use crate::geometry::coverage::{FaultKind, Report};

impl Heap<'_> {
    pub(super) fn gaps(&mut self, report: &mut Report) {
        let mut gaps: Vec<(usize, &Face)> = self
            .open()
            .filter(|(_, f)| matches!(f.wrong, Wrong::Gap(_) | Wrong::Hole) && !self.is_hairline(f))
            .collect();
        gaps.sort_by(|a, b| b.1.area_m2.total_cmp(&a.1.area_m2));
        for (i, face) in gaps {
            if !self.open[i] {
                continue;
            }
            let rules = self.case.rules;
            let kind = match face.wrong {
                Wrong::Hole if face.width_m >= rules.enclave_width_m || self.is_drawn(face) => FaultKind::Hole,
                _ if face.width_m < rules.sliver_width_m => FaultKind::SliverGap,
                _ => FaultKind::Gap,
            };
            let areas = self.around(face);
            let detail = match face.wrong {
                Wrong::Gap(parent) => format!("no area covers this ground of {}", self.code(parent)),
                _ if self.is_drawn(face) && face.width_m < rules.enclave_width_m => {
                    "the area draws a narrow hole in itself".to_owned()
                }
                _ if self.is_drawn(face) => "no area covers this hole that the area draws: an enclave?".to_owned(),
                _ if kind == FaultKind::Hole => "no area covers this ground: a gap, or an enclave?".to_owned(),
                _ => "no area covers this ground".to_owned(),
            };
            self.explain(&[i], kind, &areas, detail, report);
            if kind == FaultKind::Hole {
                report.findings.last_mut().expect("it was just added").severity = Severity::Note;
            }
        }
    }

    /// The deepest areas round a gap that could have covered it, the longest border first.
    pub(super) fn around(&self, face: &Face) -> Vec<u32> {
        let tree = self.case.tree;
        let could = |area: u32| match face.wrong {
            Wrong::Gap(parent) => tree.parents[area as usize] == Some(parent as usize),
            _ => tree.parents[area as usize].is_none(),
        };
        let near: Vec<u32> = face.border.iter().copied().filter(|&area| could(area)).collect();
        if !near.is_empty() {
            return near;
        }
        match face.wrong {
            Wrong::Gap(parent) => vec![parent],
            _ => face.border.clone(),
        }
    }
}

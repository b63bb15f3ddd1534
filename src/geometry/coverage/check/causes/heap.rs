//! The faces not explained yet, and how a cause takes its own out.

use std::collections::HashMap;

use super::case::Case;
use super::kin::Kin;
use crate::geometry::coverage::check::faces::{Face, Wrong};
use crate::geometry::coverage::check::overlay::Fine;
use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{FaultKind, Finding, Report};
use crate::geometry::measure;

/// The faces not explained yet.
pub(super) struct Heap<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) open: Vec<bool>,
    pub(super) kin: Kin<'a>,
    by_vertex: HashMap<Fine, Vec<usize>>,
    by_area: HashMap<u32, Vec<usize>>,
}

impl<'a> Heap<'a> {
    pub(super) fn new(case: &'a Case<'a>) -> Self {
        let mut by_vertex: HashMap<Fine, Vec<usize>> = HashMap::new();
        let mut by_area: HashMap<u32, Vec<usize>> = HashMap::new();
        for (i, face) in case.found.wrong.iter().enumerate() {
            for &vertex in &face.vertices {
                by_vertex.entry(vertex).or_default().push(i);
            }
            for area in concerned(face) {
                by_area.entry(area).or_default().push(i);
            }
        }
        let open = vec![true; case.found.wrong.len()];
        let mut heap = Self { case, open, kin: Kin::new(case.tree, case.found), by_vertex, by_area };
        for (i, face) in case.found.wrong.iter().enumerate() {
            heap.open[i] = !heap.is_agreed(face);
        }
        heap
    }

    /// Tells whether the face is a hole that one area without parent draws itself.
    pub(super) fn is_drawn(&self, face: &Face) -> bool {
        let roots = face.border.iter().filter(|&&area| self.case.tree.parents[area as usize].is_none());
        face.wrong == Wrong::Hole && roots.count() == 1
    }

    /// Tells whether the face is a wide hole that an area draws and that those below it leave out, too.
    fn is_agreed(&self, face: &Face) -> bool {
        let is_above = |area: &u32| self.case.tree.has_children[*area as usize];
        self.is_drawn(face) && face.width_m >= self.case.rules.enclave_width_m && face.border.iter().any(is_above)
    }

    pub(super) fn face(&self, i: usize) -> &'a Face {
        &self.case.found.wrong[i]
    }

    pub(super) fn open(&self) -> impl Iterator<Item = (usize, &'a Face)> + '_ {
        self.case.found.wrong.iter().enumerate().filter(|(i, _)| self.open[*i])
    }

    /// The open faces that the area bounds, or that are a fault of it.
    pub(super) fn open_of(&self, area: u32) -> impl Iterator<Item = (usize, &'a Face)> + '_ {
        let faces = self.by_area.get(&area).into_iter().flatten();
        faces.filter(|&&i| self.open[i]).map(|&i| (i, self.face(i)))
    }

    /// Tells whether the area bounds an open face that is more than a hairline.
    pub(super) fn is_touched(&self, area: u32) -> bool {
        self.open_of(area).any(|(_, face)| face.border.contains(&area) && !self.is_hairline(face))
    }

    pub(super) fn is_hairline(&self, face: &Face) -> bool {
        face.area_m2 < self.case.rules.hairline_area_m2 && face.width_m < self.case.rules.hairline_width_m
    }

    /// Areas of open faces that are more than hairlines, ordered.
    pub(super) fn touched_areas(&self) -> Vec<u32> {
        let faces = self.open().filter(|(_, face)| !self.is_hairline(face));
        let mut areas: Vec<u32> = faces.flat_map(|(_, face)| face.border.iter().copied()).collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    fn is_narrow(&self, face: &Face) -> bool {
        face.width_m < self.case.rules.hairline_width_m
    }

    /// Closes these faces and what follows from them: hairlines that touch them, and strips as narrow as a hairline that
    /// touch a wide one. Returns how many places that makes.
    pub(super) fn close(&mut self, faces: &[usize]) -> usize {
        let mut n_places = 0;
        let mut next: Vec<usize> = faces.to_vec();
        while let Some(i) = next.pop() {
            if !std::mem::replace(&mut self.open[i], false) {
                continue;
            }
            n_places += 1;
            let wide = !self.is_narrow(self.face(i));
            for vertex in &self.face(i).vertices {
                let beside = self.by_vertex[vertex].iter().copied().map(|j| (j, self.face(j)));
                let follows = beside.filter(|(_, f)| self.is_hairline(f) || wide && self.is_narrow(f));
                next.extend(follows.map(|(j, _)| j));
            }
        }
        n_places
    }

    /// Closes `faces` and reports them as one finding.
    pub(super) fn explain(
        &mut self,
        faces: &[usize],
        kind: FaultKind,
        areas: &[u32],
        detail: String,
        report: &mut Report,
    ) {
        let Some(&largest) = faces.iter().max_by(|&&a, &&b| self.face(a).area_m2.total_cmp(&self.face(b).area_m2))
        else {
            return;
        };
        let hairline = faces.iter().all(|&i| self.is_hairline(self.face(i)));
        let size = Size {
            area_m2: Some(faces.iter().map(|&i| self.face(i).area_m2).sum()),
            width_m: faces.iter().map(|&i| self.face(i).width_m).max_by(f64::total_cmp),
            length_m: None,
        };
        let parent = match self.face(largest).wrong {
            Wrong::Gap(parent) | Wrong::ForeignArea { parent, .. } => Some(parent as usize),
            Wrong::Overlap(_) | Wrong::Outside { .. } | Wrong::Hole => {
                areas.first().and_then(|&area| self.case.tree.parents[area as usize])
            }
        };
        let n_places = self.close(faces);
        report.findings.push(Finding {
            kind,
            severity: if hairline { Severity::Note } else { Severity::Fault },
            codes: areas.iter().map(|&area| self.code(area)).collect(),
            parent: parent.map(|parent| self.case.areas[parent].code.clone()),
            at: Some(self.face(largest).at),
            size,
            places: areas.iter().map(|&area| self.case.areas[area as usize].place).collect(),
            n_places,
            detail,
        });
    }

    pub(super) fn code(&self, area: u32) -> String {
        self.case.areas[area as usize].code.clone()
    }

    pub(super) fn area_m2(&self, area: u32) -> f64 {
        self.case.tree.boundaries[area as usize].map_or(0.0, measure::area_m2)
    }
}

/// The areas that bound a face or are named by what is wrong there, each once.
fn concerned(face: &Face) -> Vec<u32> {
    let mut areas = face.border.clone();
    match &face.wrong {
        Wrong::Overlap(named) => areas.extend(named),
        Wrong::Outside { area, .. } | Wrong::ForeignArea { area, .. } => areas.push(*area),
        Wrong::Gap(_) | Wrong::Hole => {}
    }
    areas.sort_unstable();
    areas.dedup();
    areas
}

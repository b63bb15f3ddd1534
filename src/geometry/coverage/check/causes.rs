//! From wrong places to causes: one mistake is one finding, with the places that follow from it counted under it.
//!
//! Causes are tried from the surest to the plainest, and each takes its places out of the heap: a ring that crosses
//! itself, an area moved as a whole, an area under the wrong parent, an edge simplified on one side, an area inside
//! another. What is left is an overlap of two areas, or a gap. Hairlines that touch a place go with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::evidence;
use super::faces::{Face, Faces, Wrong};
use super::overlay::Fine;
use super::tree::Tree;
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::coverage::report::{FaultKind, Severity, Size};
use crate::geometry::coverage::{Finding, RawArea, Report, Rules};
use crate::geometry::{LatticePoint, Ring, measure};

/// Everything a cause is read from.
pub(super) struct Case<'a> {
    pub(super) areas: &'a [RawArea],
    pub(super) rules: &'a Rules,
    pub(super) tree: &'a Tree<'a>,
    /// The edges where each area's own rings cross.
    pub(super) crossed: &'a [&'a [(LatticePoint, LatticePoint)]],
    pub(super) found: &'a Faces,
}

/// The faces not explained yet.
struct Heap<'a> {
    case: &'a Case<'a>,
    open: Vec<bool>,
    by_vertex: HashMap<Fine, Vec<usize>>,
}

/// Adds a finding for every cause.
pub(super) fn report(case: &Case<'_>, report: &mut Report) {
    let mut heap = Heap::new(case);
    heap.crossed_rings(report);
    let touched = heap.touched_areas();
    for &area in &touched {
        heap.wrong_parent(area, report);
    }
    for &area in &touched {
        heap.shifted(area, report);
    }
    for &area in &touched {
        heap.simplified(area, report);
    }
    heap.strangers(report);
    heap.overlaps(report);
    heap.outside(report);
    heap.gaps(report);
    heap.hairlines(report);
    noded(case, report);
}

impl<'a> Heap<'a> {
    fn new(case: &'a Case<'a>) -> Self {
        let mut by_vertex: HashMap<Fine, Vec<usize>> = HashMap::new();
        for (i, face) in case.found.wrong.iter().enumerate() {
            for &vertex in &face.vertices {
                by_vertex.entry(vertex).or_default().push(i);
            }
        }
        let mut heap = Self { case, open: vec![true; case.found.wrong.len()], by_vertex };
        for (i, face) in case.found.wrong.iter().enumerate() {
            // A wide hole that one area draws itself is its own business.
            heap.open[i] = !(heap.is_drawn(face) && face.width_m >= case.rules.enclave_width_m);
        }
        heap
    }

    /// Tells whether the face is a hole that one area without parent draws itself.
    fn is_drawn(&self, face: &Face) -> bool {
        let roots = face.border.iter().filter(|&&area| self.case.tree.parents[area as usize].is_none());
        face.wrong == Wrong::Hole && roots.count() == 1
    }

    fn face(&self, i: usize) -> &'a Face {
        &self.case.found.wrong[i]
    }

    fn open(&self) -> impl Iterator<Item = (usize, &'a Face)> + '_ {
        self.case.found.wrong.iter().enumerate().filter(|(i, _)| self.open[*i])
    }

    fn is_hairline(&self, face: &Face) -> bool {
        face.area_m2 < self.case.rules.hairline_area_m2 && face.width_m < self.case.rules.hairline_width_m
    }

    /// Areas of open faces that are more than hairlines, ordered.
    fn touched_areas(&self) -> Vec<u32> {
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
    fn close(&mut self, faces: &[usize]) -> usize {
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
    fn explain(&mut self, faces: &[usize], kind: FaultKind, areas: &[u32], detail: String, report: &mut Report) {
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
            Wrong::Gap(parent) | Wrong::Stranger { parent, .. } => Some(parent as usize),
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

    fn code(&self, area: u32) -> String {
        self.case.areas[area as usize].code.clone()
    }

    /// Faces bounded by an edge that crosses its own ring follow from that.
    fn crossed_rings(&mut self, report: &mut Report) {
        for (area, crossed) in (0u32..).zip(self.case.crossed).filter(|(_, crossed)| !crossed.is_empty()) {
            let crossed: HashSet<_> = crossed.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
            let follows = |face: &Face| {
                let edges = face.sources.iter().map(|&source| &self.case.found.edges[source as usize]);
                edges.into_iter().any(|edge| edge.area == area && crossed.contains(&(edge.low, edge.high)))
            };
            let faces: Vec<usize> = self.open().filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
            let area_m2: f64 = faces.iter().map(|&i| self.face(i).area_m2).sum();
            let n_places = self.close(&faces);
            let code = self.code(area);
            let kinds = [FaultKind::RingCrossesItself, FaultKind::RingsCross];
            let ring = report.findings.iter_mut().find(|f| kinds.contains(&f.kind) && f.codes[0] == code);
            if let Some(ring) = ring.filter(|_| n_places > 0) {
                ring.size.area_m2 = Some(area_m2);
                ring.n_places += n_places;
                ring.detail = format!("{}; gaps and overlaps that follow from it: {n_places}", ring.detail);
            }
        }
    }

    fn wrong_parent(&mut self, area: u32, report: &mut Report) {
        let is_outside = |face: &Face| matches!(face.wrong, Wrong::Outside { area: a, .. } if a == area);
        let faces: Vec<usize> = self.open().filter(|(_, face)| is_outside(face)).map(|(i, _)| i).collect();
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

    fn shifted(&mut self, area: u32, report: &mut Report) {
        let concerned = self.open().any(|(_, face)| face.border.contains(&area) && !self.is_hairline(face));
        let Some(moved) = concerned.then(|| evidence::shift(self.case.tree, self.case.found, area)).flatten() else {
            return;
        };
        let Some(boundary) = self.case.tree.boundaries[area as usize] else { return };
        let vertices: HashSet<LatticePoint> = boundary.rings().flat_map(Ring::vertices).copied().collect();
        let was = |v: LatticePoint| {
            let back = (i32::try_from(i64::from(v.x) + moved.dx), i32::try_from(i64::from(v.y) + moved.dy));
            matches!(back, (Ok(x), Ok(y)) if vertices.contains(&LatticePoint::new(x, y)))
        };
        let follows = |face: &Face| {
            let edges = || face.sources.iter().map(|&source| &self.case.found.edges[source as usize]);
            let depth = |area: u32| self.case.tree.depths[area as usize];
            let of_the_move = |edge: &AreaEdge| edge.area == area || was(edge.low) && was(edge.high);
            match &face.wrong {
                Wrong::Overlap(areas) => areas.contains(&area),
                Wrong::Outside { area: outside, .. } => *outside == area,
                Wrong::Hole if self.is_drawn(face) => false,
                // Edges of areas above may be longer than the area's; but they alone do not tell of it.
                _ => {
                    edges().any(of_the_move) && edges().all(|edge| depth(edge.area) < depth(area) || of_the_move(edge))
                }
            }
        };
        let faces: Vec<usize> = self.open().filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
        // Equal outlines alone say nothing: the area must also stand where it should not.
        let misplaced = |&i: &usize| matches!(self.face(i).wrong, Wrong::Overlap(_) | Wrong::Outside { .. });
        if !faces.iter().any(misplaced) {
            return;
        }
        let from = vertices.iter().min().copied().unwrap_or(LatticePoint::new(0, 0));
        #[expect(clippy::cast_precision_loss, reason = "33 bits fit a double")]
        let (east, north) = (moved.dx as f64 / 1e7, moved.dy as f64 / 1e7);
        let scale = measure::MetresPerDegree::at(from.lat());
        let length = (east * scale.east).hypot(north * scale.north);
        let detail = format!("the whole area stands {length:.1} m from its place ({east:+.7}, {north:+.7} degrees)");
        self.explain(&faces, FaultKind::Shifted, &[area], detail, report);
        if let Some(finding) = report.findings.last_mut().filter(|f| f.kind == FaultKind::Shifted) {
            finding.size.length_m = Some(length);
        }
    }

    fn simplified(&mut self, area: u32, report: &mut Report) {
        let concerned = self.open().any(|(_, face)| face.border.contains(&area) && !self.is_hairline(face));
        if !concerned {
            return;
        }
        let simplified = evidence::simplified(self.case.tree, self.case.found, area);
        let edges: HashSet<u32> = simplified.iter().flat_map(|s| s.detour.iter().copied().chain([s.edge])).collect();
        let straight: HashSet<u32> = simplified.iter().map(|s| s.edge).collect();
        let along = |source: &u32| {
            // Edges of other levels that run along the same line are the same line.
            let edge = &self.case.found.edges[*source as usize];
            edges.iter().any(|&known| {
                let known = &self.case.found.edges[known as usize];
                (known.low, known.high) == (edge.low, edge.high)
            })
        };
        let follows = |face: &Face| {
            !self.is_drawn(face) && face.sources.iter().any(|s| straight.contains(s)) && face.sources.iter().all(along)
        };
        let faces: Vec<usize> = self.open().filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
        if faces.iter().all(|&i| self.is_hairline(self.face(i))) {
            return;
        }
        let n_skipped: usize = simplified.iter().map(|s| s.detour.len() - 1).sum();
        let detail = format!("its edge runs straight past vertices of its neighbours: {n_skipped}");
        self.explain(&faces, FaultKind::OneSidedSimplification, &[area], detail, report);
    }

    /// Gaps covered by an area that belongs elsewhere follow from that area's own finding, if it has one.
    fn strangers(&mut self, report: &mut Report) {
        let mut by_area: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (i, face) in self.open() {
            if let Wrong::Stranger { area, .. } = face.wrong {
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

    /// One finding for each set of areas that overlap, whatever the number of places.
    fn overlaps(&mut self, report: &mut Report) {
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

    fn outside(&mut self, report: &mut Report) {
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

    fn gaps(&mut self, report: &mut Report) {
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
                _ if self.is_drawn(face) => "the area draws a narrow hole in itself".to_owned(),
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
    fn around(&self, face: &Face) -> Vec<u32> {
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

    /// What is left is too small to be more than a note.
    fn hairlines(&mut self, report: &mut Report) {
        let mut by_areas: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
        for (i, face) in self.open() {
            let mut areas = match &face.wrong {
                Wrong::Overlap(areas) => areas.clone(),
                Wrong::Outside { area, .. } | Wrong::Stranger { area, .. } => vec![*area],
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

    fn area_m2(&self, area: u32) -> f64 {
        self.case.tree.boundaries[area as usize].map_or(0.0, measure::area_m2)
    }
}

/// Notes vertices that lie exactly on another area's straight edge; the ground takes them into that edge.
fn noded(case: &Case<'_>, report: &mut Report) {
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

//! Whether grids are a ground fit to be published.

use std::collections::HashMap;
use std::sync::Arc;

use super::state::GroundState;
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Grid, GridId};
use crate::geometry::coverage::{
    self, AreaIndex, FaultKind, Finding, RawArea, RawPolygon, Report, Rules, Tolerance, Topology, ValidArea,
};
use crate::geometry::{LatticePoint, Ring};

/// A grid that is to be, its parent named by code.
pub(in crate::service) struct Candidate {
    pub(in crate::service) id: GridId,
    pub(in crate::service) name: Option<String>,
    pub(in crate::service) area: RawArea,
}

/// A ground fit to be published.
pub(in crate::service) struct Judged {
    pub(in crate::service) state: GroundState,
    pub(in crate::service) gaps: Vec<AcknowledgedGap>,
    /// Vertices put into edges where a neighbour, a parent or a child has one.
    pub(in crate::service) n_noded: u64,
}

/// Checks the tree; returns it as a state when nothing keeps it from being published. Not even a hairline may
/// overlap, so nobody can choose other rules: what is narrow is settled first, if `tolerance` says what that is. Gaps are
/// allowed only where `accepts` says so.
pub(in crate::service) fn judge(
    candidates: Vec<Candidate>,
    tolerance: Option<&Tolerance>,
    accepts: impl Fn(&Finding) -> bool,
) -> (Report, Option<Judged>) {
    let (mut areas, names): (Vec<RawArea>, Vec<_>) =
        candidates.into_iter().map(|candidate| (candidate.area, (candidate.id, candidate.name))).unzip();
    let mut report = coverage::check(&areas, &Rules::for_publishing());
    if let Some(tolerance) = tolerance.filter(|_| !report.is_clean())
        && let Some(snapped) = coverage::snap(&areas, tolerance)
    {
        areas = snapped.areas;
        report = coverage::check(&areas, &Rules::for_publishing());
        report.add(snapped.report);
    }
    if report.faults().any(|fault| !(is_gap(fault.kind) && accepts(fault))) {
        return (report, None);
    }
    let places: HashMap<&str, AreaIndex> = (0..).zip(&areas).map(|(at, area)| (area.code.as_str(), at)).collect();
    let parent = |area: &RawArea| area.parent.as_deref().and_then(|code| places.get(code).copied());
    let boundary = |area: &RawArea| area.boundary().expect("the checker lets no area without a ring through");
    let valid: Vec<ValidArea> = areas
        .iter()
        .map(|area| ValidArea { depth: area.depth, parent: parent(area), boundary: Arc::new(boundary(area)) })
        .collect();
    let ground = match Topology::build(&valid) {
        Ok(ground) => ground,
        Err(contradictions) => {
            report.findings.extend(contradictions.findings);
            return (report, None);
        }
    };
    let grids = (0..).zip(&areas).zip(&names).map(|((at, area), (id, name))| Grid {
        id: id.clone(),
        code: area.code.clone(),
        name: name.clone(),
        depth: area.depth,
        parent: parent(area).map(|at| names[at as usize].0.clone()),
        boundary: ground.boundary(at),
    });
    let grids: Vec<Grid> = grids.collect();
    let gaps = report.faults().filter(|fault| is_gap(fault.kind)).filter_map(|fault| acknowledged(fault, &grids));
    let gaps = gaps.collect();
    let n_noded = ground.noded().len() as u64;
    (report, Some(Judged { state: GroundState::of(grids), gaps, n_noded }))
}

fn acknowledged(gap: &Finding, grids: &[Grid]) -> Option<AcknowledgedGap> {
    let at = LatticePoint::from(gap.at?);
    let around = grids.iter().filter(|grid| grid.boundary.covers(at)).max_by_key(|grid| grid.depth);
    let parent = around.map(|grid| grid.id.clone());
    Some(AcknowledgedGap { parent, at, area_m2: gap.size.area_m2.unwrap_or(0.0) })
}

fn is_gap(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Gap | FaultKind::SliverGap)
}

/// The grids of a state as candidates, in the order of their levels and codes.
pub(in crate::service) fn candidates(state: &GroundState) -> Vec<Candidate> {
    let codes: HashMap<&GridId, &str> = state.grids().map(|grid| (&grid.id, grid.code.as_str())).collect();
    let candidate = |grid: &Arc<Grid>| {
        // A parent that is gone has no code; the checker says so by the id.
        let parent = grid.parent.as_ref().map(|id| codes.get(id).map_or(id.as_str(), |code| *code).to_owned());
        Candidate { id: grid.id.clone(), name: grid.name.clone(), area: raw(grid, parent) }
    };
    let mut candidates: Vec<Candidate> = state.grids().map(candidate).collect();
    candidates.sort_by(|a, b| (a.area.depth, &a.area.code).cmp(&(b.area.depth, &b.area.code)));
    candidates
}

/// A grid of an earlier generation, to be checked again beside the new ones.
pub(in crate::service) fn raw(grid: &Grid, parent: Option<String>) -> RawArea {
    let ring = |ring: &Ring| ring.vertices().to_vec();
    let polygon = |polygon: &crate::geometry::Polygon| RawPolygon {
        rings: std::iter::once(&polygon.exterior).chain(&polygon.holes).map(ring).collect(),
    };
    let polygons = grid.boundary.polygons().iter().map(polygon).collect();
    RawArea { code: grid.code.clone(), depth: grid.depth, parent, polygons, place: 0 }
}

//! The mediators who fit: whose duty covers the point and is meant for the category, nearest first.
//!
//! The region says which roles mediate ([`crate::domain::Role::mediates`]); without one there are no mediators.
//! A duty with a polygon of its own overrides geography and comes first. A committee that no listed mediator belongs to
//! counts by itself. Where nobody who fits serves the point, the search widens to all who serve ground in the village,
//! then the township, and so on up the tree; the `why` says so. Ties go by id. At most [`MAX_MEDIATORS`] are named.

use std::collections::HashSet;

use super::chain::holder_ref;
use super::question::Question;
use crate::domain::answer::MAX_MEDIATORS;
use crate::domain::{Fit, FitRule, Holder, HolderId, HolderRef, Mediator};
use crate::geometry::LatticePoint;
use crate::index::projection::LocalProjection;
use crate::index::{Assignment, GridIndex, Snapshot};

/// One who may be named, and by which rule.
#[derive(Clone, Copy)]
struct Fitting<'s> {
    assignment: Assignment<'s>,
    holder: &'s Holder,
    /// The grid served; `None` for a polygon of its own.
    serves: Option<GridIndex>,
    distance_m: Option<f64>,
}

impl<'s> Fitting<'s> {
    /// Where the mediator is found.
    fn place(&self) -> Option<LatticePoint> {
        self.assignment.position().map(LatticePoint::from)
    }

    fn named(&self, rule: FitRule<'s>) -> Mediator<'s> {
        let why = Fit { rule, only_for: &self.assignment.duty.categories };
        let (holder, body) = (holder_ref(self.holder), self.assignment.body.map(holder_ref));
        Mediator { holder, body, distance_m: self.distance_m, why }
    }
}

/// Returns the mediators for `p`, whose way down the tree is `path`.
pub(super) fn mediators<'s>(
    snapshot: &'s Snapshot,
    path: &[GridIndex],
    p: LatticePoint,
    question: &Question<'_>,
) -> Vec<Mediator<'s>> {
    let search = Search { snapshot, projection: LocalProjection::around(p), question };
    let (fitting, within) = search.candidates(path, p);
    nearest(fitting, |one| search.rule(one, within))
}

/// Returns everyone of whom the nearest mediate for a point at the end of `path`, each once, by id, and where they are
/// found.
///
/// The same for every point of that ground where no duty's own polygon parts it.
pub(super) fn fitting_at_grid<'s>(
    snapshot: &'s Snapshot,
    path: &[GridIndex],
    question: &Question<'_>,
) -> Vec<(Mediator<'s>, Option<LatticePoint>)> {
    let p = snapshot.tree().point(question.position);
    let search = Search { snapshot, projection: LocalProjection::around(p), question };
    let (mut fitting, within) = search.candidates(path, p);
    fitting.sort_by(|a, b| a.holder.id.cmp(&b.holder.id));
    fitting.dedup_by(|later, first| later.holder.id == first.holder.id);
    let found = |one: &Fitting<'s>| (one.named(search.rule(one, within)), one.place());
    fitting.iter().map(found).collect()
}

/// Returns everyone of whom the nearest mediates for a point at the end of `path`, each once for each place; of those
/// found at one place the one with the smallest id.
///
/// The same for every point of that ground where no duty's own polygon parts it.
pub(super) fn places<'s>(
    snapshot: &'s Snapshot,
    path: &[GridIndex],
    question: &Question<'_>,
) -> Vec<(HolderRef<'s>, Option<LatticePoint>)> {
    let p = snapshot.tree().point(question.position);
    let search = Search { snapshot, projection: LocalProjection::around(p), question };
    let (fitting, _) = search.candidates(path, p);
    let mut places: Vec<_> = fitting.iter().map(|one| (one.place(), holder_ref(one.holder))).collect();
    places.sort_by_key(|(place, holder)| (*place, holder.id));
    places.dedup_by_key(|(place, _)| *place);
    places.into_iter().map(|(place, holder)| (holder, place)).collect()
}

struct Search<'s, 'q> {
    snapshot: &'s Snapshot,
    projection: LocalProjection,
    question: &'q Question<'q>,
}

impl<'s> Search<'s, '_> {
    /// Who covers the point, or where nobody does, who serves ground in the lowest grid above it that has anyone.
    fn candidates(&self, path: &[GridIndex], p: LatticePoint) -> (Vec<Fitting<'s>>, Option<GridIndex>) {
        let covering = self.covering(path, p);
        if !covering.is_empty() {
            return (covering, None);
        }
        let widened = path.iter().rev().map(|&above| (self.in_subtree(above), Some(above)));
        widened.into_iter().find(|(below, _)| !below.is_empty()).unwrap_or_default()
    }

    fn covering(&self, path: &[GridIndex], p: LatticePoint) -> Vec<Fitting<'s>> {
        let roster = self.snapshot.roster();
        self.of_roles(|role, take| {
            roster.on_polygons(role, p).for_each(|assignment| take(None, assignment));
            for &ix in path {
                roster.on_grids(role, ix..ix + 1).for_each(|(ix, assignment)| take(Some(ix), assignment));
            }
        })
    }

    fn in_subtree(&self, above: GridIndex) -> Vec<Fitting<'s>> {
        let roster = self.snapshot.roster();
        let grids = self.snapshot.tree().subtree(above);
        self.of_roles(|role, take| {
            roster.on_grids(role, grids.clone()).for_each(|(ix, assignment)| take(Some(ix), assignment));
        })
    }

    /// Who fits among the duties of each mediating role that `each` hands out. A body is left out where people of its own
    /// are named.
    fn of_roles(&self, each: impl Fn(&'s str, &mut dyn FnMut(Option<GridIndex>, Assignment<'s>))) -> Vec<Fitting<'s>> {
        let mut fitting: Vec<Fitting<'s>> = Vec::new();
        for role in self.snapshot.region().roles.iter().filter(|role| role.mediates) {
            each(&role.code, &mut |serves, assignment| fitting.extend(self.fit(serves, assignment)));
        }
        let with_people: HashSet<&HolderId> = fitting.iter().filter_map(|one| Some(&one.assignment.body?.id)).collect();
        fitting.retain(|one| !with_people.contains(&one.holder.id));
        fitting
    }

    fn fit(&self, serves: Option<GridIndex>, assignment: Assignment<'s>) -> Option<Fitting<'s>> {
        let fits = assignment.duty.holds_at(self.question.at) && self.question.fits(&assignment.duty.categories, true);
        let holder = assignment.holder.filter(|_| fits)?;
        let unplaced = Fitting { assignment, holder, serves, distance_m: None };
        Some(Fitting { distance_m: unplaced.place().map(|at| self.projection.distance_m(at)), ..unplaced })
    }

    /// Why one is named, who was found `within` a grid above the point when nobody covers it.
    fn rule(&self, one: &Fitting<'s>, within: Option<GridIndex>) -> FitRule<'s> {
        match (within, one.serves) {
            (Some(above), serves) => {
                FitRule::Widened { within: self.name(above), ground: serves.map(|ix| self.name(ix)) }
            }
            (None, Some(ix)) => FitRule::Serves { ground: self.name(ix) },
            (None, None) => FitRule::OwnPolygon { duty: &one.assignment.duty.id },
        }
    }

    fn name(&self, ix: GridIndex) -> &'s str {
        let grid = self.snapshot.grid_ref(ix);
        grid.name.unwrap_or(grid.code)
    }
}

/// The nearest of `fitting`, each once, those with a polygon of their own first.
fn nearest<'s>(mut fitting: Vec<Fitting<'s>>, rule: impl Fn(&Fitting<'s>) -> FitRule<'s>) -> Vec<Mediator<'s>> {
    fitting.sort_by(|a, b| {
        let far = |one: &Fitting<'_>| one.distance_m.unwrap_or(f64::INFINITY);
        let own = a.serves.is_some().cmp(&b.serves.is_some());
        own.then_with(|| far(a).total_cmp(&far(b))).then_with(|| a.holder.id.cmp(&b.holder.id))
    });
    let mut named: Vec<Mediator<'s>> = Vec::with_capacity(fitting.len().min(MAX_MEDIATORS));
    for one in &fitting {
        if named.len() == MAX_MEDIATORS {
            break;
        }
        if named.iter().all(|mediator| mediator.holder.id != &one.holder.id) {
            named.push(one.named(rule(one)));
        }
    }
    named
}

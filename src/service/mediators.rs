//! The mediators who fit: whose duty covers the point and is meant for the category, nearest first.
//!
//! A duty with a polygon of its own overrides geography and comes first. A committee that no listed mediator belongs to
//! stands for itself. Where nobody who fits serves the point, the search widens to all who serve ground in the village,
//! then the township, and so on up the tree; the `why` says so. Ties go by id. At most [`MAX_MEDIATORS`] are named.

use std::collections::HashSet;

use super::chain::holder_ref;
use super::locate::{Mediator, Question, grid_ref};
use crate::domain::answer::MAX_MEDIATORS;
use crate::domain::{Duty, Holder, HolderId};
use crate::geometry::LatticePoint;
use crate::index::metric::Metric;
use crate::index::{GridIndex, Snapshot};

const MEDIATOR: &str = "mediator";
const COMMITTEE: &str = "mediation_committee";

/// One who may be named, and by which rule.
struct Fitting<'s> {
    duty: &'s Duty,
    holder: &'s Holder,
    /// The grid served; `None` for a polygon of its own.
    serves: Option<GridIndex>,
    distance_m: Option<f64>,
}

/// Returns the mediators for `p`, whose way down the tree is `path`.
pub(super) fn mediators<'s>(
    snapshot: &'s Snapshot,
    path: &[GridIndex],
    p: LatticePoint,
    question: &Question<'_>,
) -> Vec<Mediator<'s>> {
    let search = Search { snapshot, metric: Metric::around(p), question };
    let covering = search.covering(path, p);
    if !covering.is_empty() {
        return search.render(covering, |fitting| search.covers_why(fitting));
    }
    for &above in path.iter().rev() {
        let below = search.in_subtree(above);
        if !below.is_empty() {
            return search.render(below, |fitting| search.widened_why(fitting, above));
        }
    }
    Vec::new()
}

struct Search<'s, 'q> {
    snapshot: &'s Snapshot,
    metric: Metric,
    question: &'q Question<'q>,
}

impl<'s> Search<'s, '_> {
    fn covering(&self, path: &[GridIndex], p: LatticePoint) -> Vec<Fitting<'s>> {
        self.persons_then_bodies(|role| {
            let roster = self.snapshot.roster();
            let own = roster.on_polygons(role, p).map(|duty| (None, duty));
            let on_path = path.iter().flat_map(|&ix| roster.on_grids(role, ix..ix + 1));
            own.chain(on_path.map(|(ix, duty)| (Some(ix), duty))).collect()
        })
    }

    fn in_subtree(&self, above: GridIndex) -> Vec<Fitting<'s>> {
        self.persons_then_bodies(|role| {
            let below = self.snapshot.roster().on_grids(role, self.snapshot.tree().subtree(above));
            below.map(|(ix, duty)| (Some(ix), duty)).collect()
        })
    }

    /// The fitting mediators that `duties_of` yields, and the fitting committees that none of them belongs to.
    fn persons_then_bodies(
        &self,
        duties_of: impl Fn(&'static str) -> Vec<(Option<GridIndex>, &'s Duty)>,
    ) -> Vec<Fitting<'s>> {
        let mut fitting: Vec<_> = duties_of(MEDIATOR).into_iter().filter_map(|found| self.fit(found)).collect();
        let with_persons: HashSet<&HolderId> = fitting.iter().filter_map(|one| one.holder.body.as_ref()).collect();
        let committees = duties_of(COMMITTEE).into_iter().filter_map(|found| self.fit(found));
        let alone: Vec<_> = committees.filter(|one| !with_persons.contains(&one.holder.id)).collect();
        fitting.extend(alone);
        fitting
    }

    fn fit(&self, (serves, duty): (Option<GridIndex>, &'s Duty)) -> Option<Fitting<'s>> {
        if !duty.holds_at(self.question.at) || !self.question.fits(&duty.categories, true) {
            return None;
        }
        let people = self.snapshot.people();
        let holder = people.holder(&duty.holder)?;
        let distance_m = people.position_of(holder).map(|at| self.metric.distance_m(LatticePoint::from(at)));
        Some(Fitting { duty, holder, serves, distance_m })
    }

    fn render(&self, mut fitting: Vec<Fitting<'s>>, why: impl Fn(&Fitting<'s>) -> String) -> Vec<Mediator<'s>> {
        fitting.sort_by(|a, b| {
            let far = |one: &Fitting<'_>| one.distance_m.unwrap_or(f64::INFINITY);
            let own = a.serves.is_some().cmp(&b.serves.is_some());
            own.then_with(|| far(a).total_cmp(&far(b))).then_with(|| a.holder.id.cmp(&b.holder.id))
        });
        let mut named = HashSet::new();
        let once = fitting.iter().filter(|one| named.insert(&one.holder.id)).take(MAX_MEDIATORS);
        once.map(|one| Mediator {
            holder: super::locate::HolderRef { id: &one.holder.id, name: &one.holder.name },
            body: one.holder.body.as_ref().and_then(|body| holder_ref(self.snapshot.roster(), body)),
            distance_m: one.distance_m,
            why: why(one),
        })
        .collect()
    }

    fn covers_why(&self, one: &Fitting<'_>) -> String {
        match one.serves {
            Some(ix) => format!("serves {}{}", self.name(ix), limited(one.duty)),
            None => format!("duty {} has a polygon of its own that covers the point{}", one.duty.id, limited(one.duty)),
        }
    }

    fn widened_why(&self, one: &Fitting<'_>, above: GridIndex) -> String {
        let served = one.serves.map_or_else(String::new, |ix| format!(", serves {}", self.name(ix)));
        format!("nobody who fits serves the point, nearest in {}{served}{}", self.name(above), limited(one.duty))
    }

    fn name(&self, ix: GridIndex) -> &'s str {
        let grid = grid_ref(self.snapshot, ix);
        grid.name.unwrap_or(grid.code)
    }
}

fn limited(duty: &Duty) -> String {
    if duty.categories.is_empty() { String::new() } else { format!(", for {} only", duty.categories.join(", ")) }
}

//! Who answers where: duties found by grid and role, and the few that have a polygon of their own.

use std::collections::HashMap;
use std::sync::Arc;

use super::tree::{GridIndex, Tree};
use crate::domain::{Duty, DutyArea, Holder, HolderId, ServicePoint};
use crate::geometry::{LatticePoint, Position};

/// Everyone and everything that helps, as stored: the same for every generation of the ground.
#[derive(Debug, Default)]
pub struct People {
    holders: HashMap<HolderId, Holder>,
    duties: Vec<Duty>,
    service_points: Vec<ServicePoint>,
}

impl People {
    /// Gathers the roster of a region. Duties of all times: a question about last March needs last March's.
    #[must_use]
    pub fn new(holders: Vec<Holder>, mut duties: Vec<Duty>, service_points: Vec<ServicePoint>) -> Self {
        duties.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let holders = holders.into_iter().map(|holder| (holder.id.clone(), holder)).collect();
        Self { holders, duties, service_points }
    }

    #[must_use]
    pub fn holder(&self, id: &HolderId) -> Option<&Holder> {
        self.holders.get(id)
    }

    /// Every duty of any time, ordered by id.
    #[must_use]
    pub fn duties(&self) -> &[Duty] {
        &self.duties
    }

    #[must_use]
    pub fn service_points(&self) -> &[ServicePoint] {
        &self.service_points
    }

    /// Where the holder is found: at the own place, else at the body's.
    #[must_use]
    pub fn position_of(&self, holder: &Holder) -> Option<Position> {
        holder.position.or_else(|| self.holder(holder.body.as_ref()?)?.position)
    }
}

/// The people laid over one tree of grids.
#[derive(Debug)]
pub struct Roster {
    people: Arc<People>,
    /// Duties on grids, ordered by role, then grid, then id: what a role has in a subtree is one range.
    on_grids: Vec<(Arc<str>, GridIndex, u32)>,
    on_polygons: Vec<u32>,
}

impl Roster {
    /// Lays `people` over `tree`. A duty on a grid this tree does not have counts nowhere in it.
    #[must_use]
    pub fn build(people: Arc<People>, tree: &Tree) -> Self {
        let mut roles: HashMap<&str, Arc<str>> = HashMap::new();
        let (mut on_grids, mut on_polygons) = (Vec::new(), Vec::new());
        for (at, duty) in (0..).zip(&people.duties) {
            match &duty.area {
                DutyArea::Polygon(_) => on_polygons.push(at),
                DutyArea::Grid(id) => {
                    let role = roles.entry(&duty.role).or_insert_with(|| duty.role.as_str().into());
                    on_grids.extend(tree.by_id(id.as_str()).map(|ix| (Arc::clone(role), ix, at)));
                }
            }
        }
        on_grids.sort_unstable();
        drop(roles);
        Self { people, on_grids, on_polygons }
    }

    #[must_use]
    pub fn people(&self) -> &Arc<People> {
        &self.people
    }

    /// The duties of `role` on one of `grids`, ordered by grid, then id. Cost: logarithmic in duties.
    pub fn on_grids<'r>(
        &'r self,
        role: &'r str,
        grids: std::ops::Range<GridIndex>,
    ) -> impl Iterator<Item = (GridIndex, &'r Duty)> + 'r {
        let start = self.on_grids.partition_point(|(r, ix, _)| (&**r, *ix) < (role, grids.start));
        self.on_grids[start..]
            .iter()
            .take_while(move |(r, ix, _)| &**r == role && *ix < grids.end)
            .map(|&(_, ix, at)| (ix, &self.people.duties[at as usize]))
    }

    /// The duties of `role` whose own polygon covers `p`, ordered by id. Cost: linear in duties with a polygon.
    pub fn on_polygons<'r>(&'r self, role: &'r str, p: LatticePoint) -> impl Iterator<Item = &'r Duty> + 'r {
        let duties = self.on_polygons.iter().map(|&at| &self.people.duties[at as usize]);
        duties.filter(move |duty| {
            duty.role == role && matches!(&duty.area, DutyArea::Polygon(boundary) if boundary.covers(p))
        })
    }
}

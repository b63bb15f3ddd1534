//! Who answers where: duties found by grid and role, and the few that have a polygon of their own.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::entry::GridIndex;
use super::tree::Tree;
use crate::domain::{Duty, DutyArea, Holder, HolderId, ServicePoint};
use crate::geometry::{Bbox, LatticePoint, Position};

/// Everyone and everything that helps, as stored: the same for every generation of the ground.
#[derive(Debug, Default)]
pub struct Directory {
    /// Ordered by id.
    holders: Vec<Holder>,
    /// The place of each holder's body among the holders.
    bodies: Vec<Option<u32>>,
    /// Ordered by id.
    duties: Vec<Duty>,
    /// The places of each duty's holder and deputy among the holders.
    named: Vec<(Option<u32>, Option<u32>)>,
    service_points: Vec<ServicePoint>,
}

/// A duty with those it names, as far as they are known.
#[derive(Clone, Copy, Debug)]
pub struct Assignment<'r> {
    pub duty: &'r Duty,
    pub holder: Option<&'r Holder>,
    /// The body the holder belongs to.
    pub body: Option<&'r Holder>,
    pub deputy: Option<&'r Holder>,
}

impl Directory {
    /// Gathers the roster of a region. Duties of all times: a question about last March needs last March's.
    #[must_use]
    pub fn new(mut holders: Vec<Holder>, mut duties: Vec<Duty>, service_points: Vec<ServicePoint>) -> Self {
        holders.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        duties.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let place = |id: &HolderId| {
            let place = holders.binary_search_by(|holder| holder.id.cmp(id)).ok()?;
            u32::try_from(place).ok()
        };
        let bodies = holders.iter().map(|holder| place(holder.body.as_ref()?)).collect();
        let named = duties.iter().map(|duty| (place(&duty.holder), duty.deputy.as_ref().and_then(place))).collect();
        Self { holders, bodies, duties, named, service_points }
    }

    #[must_use]
    pub fn holder(&self, id: &HolderId) -> Option<&Holder> {
        let place = self.holders.binary_search_by(|holder| holder.id.cmp(id)).ok()?;
        Some(&self.holders[place])
    }

    /// Everyone, ordered by id.
    #[must_use]
    pub fn holders(&self) -> &[Holder] {
        &self.holders
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

    fn assignment(&self, at: u32) -> Assignment<'_> {
        let (holder, deputy) = self.named[at as usize];
        let known = |place: Option<u32>| place.map(|place| &self.holders[place as usize]);
        let body = holder.and_then(|place| self.bodies[place as usize]);
        Assignment { duty: &self.duties[at as usize], holder: known(holder), body: known(body), deputy: known(deputy) }
    }
}

impl Assignment<'_> {
    /// Where the holder is found: at the own place, else at the body's.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.holder.and_then(|holder| holder.position).or_else(|| self.body?.position)
    }
}

/// The box around the polygon of a duty, which is named by its place.
type Around = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// The people laid over one tree of grids.
#[derive(Debug)]
pub struct Roster {
    people: Arc<Directory>,
    /// Duties on grids by role, each list ordered by grid, then id: what a role has in a subtree is one range.
    on_grids: HashMap<String, Vec<(GridIndex, u32)>>,
    /// Duties with a polygon of their own, by the box around it, in degrees.
    on_polygons: RTree<Around>,
}

impl Roster {
    /// Lays `people` over `tree`. A duty on a grid this tree does not have counts nowhere in it.
    #[must_use]
    pub fn build(people: Arc<Directory>, tree: &Tree) -> Self {
        let mut on_grids: HashMap<String, Vec<(GridIndex, u32)>> = HashMap::new();
        let mut on_polygons = Vec::new();
        for (at, duty) in (0..).zip(&people.duties) {
            match &duty.area {
                DutyArea::Polygon(boundary) => {
                    let Bbox { west, south, east, north } = boundary.bbox();
                    on_polygons.push(Around::new(Rectangle::from_corners([west, south], [east, north]), at));
                }
                DutyArea::Grid(id) => {
                    let Some(ix) = tree.by_id(id.as_str()) else { continue };
                    on_grids.entry(duty.role.clone()).or_default().push((ix, at));
                }
            }
        }
        for duties in on_grids.values_mut() {
            duties.sort_unstable();
        }
        Self { people, on_grids, on_polygons: RTree::bulk_load(on_polygons) }
    }

    #[must_use]
    pub fn people(&self) -> &Arc<Directory> {
        &self.people
    }

    /// The duties of `role` on one of `grids`, ordered by grid, then id. Cost: logarithmic in duties of the role.
    pub fn on_grids(&self, role: &str, grids: Range<GridIndex>) -> impl Iterator<Item = (GridIndex, Assignment<'_>)> {
        let of_role = self.on_grids.get(role).map_or(&[][..], Vec::as_slice);
        let start = of_role.partition_point(|(ix, _)| *ix < grids.start);
        let in_grids = of_role[start..].iter().take_while(move |(ix, _)| *ix < grids.end);
        in_grids.map(|&(ix, at)| (ix, self.people.assignment(at)))
    }

    /// Tells whether a duty's own polygon may reach into `bbox`: their boxes meet. Cost: logarithmic in duties with a
    /// polygon.
    #[must_use]
    pub fn has_polygon_in(&self, bbox: Bbox) -> bool {
        let boxes = bbox.plain().into_iter().map(|b| AABB::from_corners([b.west, b.south], [b.east, b.north]));
        boxes.into_iter().any(|plain| self.on_polygons.locate_in_envelope_intersecting(plain).next().is_some())
    }

    /// Tells whether a duty's own polygon, of any role and time, covers `p`. Cost: as [`Self::on_polygons`].
    #[must_use]
    pub fn has_polygon_over(&self, p: LatticePoint) -> bool {
        self.polygons_over(p).next().is_some()
    }

    /// The duties of `role` whose own polygon covers `p`, ordered by id.
    ///
    /// Cost: logarithmic in duties with a polygon, plus one exact test, linear in vertices, for each whose box holds `p`.
    pub fn on_polygons<'r>(&'r self, role: &str, p: LatticePoint) -> impl Iterator<Item = Assignment<'r>> + use<'r> {
        let of_role = self.polygons_over(p).filter(|at| self.people.duties[*at as usize].role == role);
        let mut found: Vec<u32> = of_role.collect();
        found.sort_unstable();
        found.into_iter().map(|at| self.people.assignment(at))
    }

    /// The places of the duties whose own polygon covers `p`, in no order.
    fn polygons_over(&self, p: LatticePoint) -> impl Iterator<Item = u32> + '_ {
        let around = self.on_polygons.locate_all_at_point([p.lon(), p.lat()]);
        around.map(|around| around.data).filter(move |at| {
            matches!(&self.people.duties[*at as usize].area, DutyArea::Polygon(boundary) if boundary.covers(p))
        })
    }
}

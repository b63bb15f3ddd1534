//! Is a patched tree what one built from nothing would be? The judge in tests and benches: it is compiled with debug assertions
//! and by the feature `judge`, and is not in what is released.
//!
//! The ground is built anew band by band, so that of a large region there is never a second tree beside the first.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::geometry::coverage::{AreaIndex, Topology, ValidArea, Window};
use crate::geometry::{LatticePoint, Ring};
use crate::index::entry::{GridIndex, UnplacedGrid};
use crate::index::hierarchy::Hierarchy;
use crate::index::locator::edges;
use crate::index::outline::{BorderLine, Slot};
use crate::index::tree::Tree;

/// A line and who owns its sides, by place.
type Placed<'l> = (&'l [LatticePoint], Option<GridIndex>, Option<GridIndex>);

impl Tree {
    /// Names what in the index is not what it is in a tree built from nothing, the cells byte for byte; `None` where all
    /// is: the judge of [`Self::patched`] in tests. Cost: that of building; about `at_once` grids are built at a time, and what
    /// lies around them.
    #[must_use]
    pub fn unlike_built(&self, at_once: usize) -> Option<&'static str> {
        let locator = &self.locator;
        let judged: [(&str, &dyn Fn() -> bool); 6] = [
            ("the order of the grids", &|| self.has_order_of_built()),
            ("the lines", &|| self.bands(at_once).into_iter().all(|band| self.has_lines_of_built(band))),
            ("the outlines", &|| self.has_outlines_of_lines()),
            ("the boxes", &|| self.has_boxes_of_outlines()),
            ("the nearest edges", &|| locator.near.is_up_to_date(|window| locator.lines_around(window))),
            ("the cells", &|| locator.cells.is_built_from(&edges(&locator.lines()))),
        ];
        judged.into_iter().find(|(_, is_same)| !is_same()).map(|(what, _)| what)
    }

    fn has_order_of_built(&self) -> bool {
        let unplaced = |ix| UnplacedGrid {
            entry: Arc::clone(self.entry(ix)),
            parent: self.parent(ix).map(|parent| self.grid(parent).id.clone()),
        };
        Hierarchy::build(self.indexes().map(unplaced).collect())
            .is_ok_and(|(built, _)| self.hierarchy.has_order_of(&built))
    }

    /// Windows from west to east that cover the ground, each line lying in one as a whole; one for all of a small region.
    fn bands(&self, at_once: usize) -> Vec<Window> {
        let corner = |y| (LatticePoint::new(i32::MIN, y), LatticePoint::new(i32::MAX, y));
        let band = |from: i64, to: i64| {
            let within = |y: i64| i32::try_from(y).unwrap_or(if y < 0 { i32::MIN } else { i32::MAX });
            Window { low: corner(within(from)).0, high: corner(within(to)).1 }
        };
        let n_bands = i64::try_from(self.len() / at_once.max(1)).expect("a tree has fewer grids") + 1;
        let lines = self.locator.lines();
        let Some(all) = lines.iter().map(BorderLine::window).reduce(Window::joined).filter(|_| n_bands > 1) else {
            return vec![band(i64::MIN, i64::MAX)];
        };
        let tallest = lines.iter().map(BorderLine::window).map(|around| around.high.y.abs_diff(around.low.y)).max();
        let (beyond, low) = (2 * i64::from(tallest.unwrap_or(0)), i64::from(all.low.y));
        let height = i64::from(all.high.y.abs_diff(all.low.y)) / n_bands + 1;
        (0..n_bands).map(|at| band(low + at * height - beyond, low + (at + 1) * height + beyond)).collect()
    }

    /// Tells whether the lines that lie in `band` as a whole are those of a graph built of all grids that reach into it.
    fn has_lines_of_built(&self, band: Window) -> bool {
        let is_inside = |points: &[LatticePoint]| points.iter().all(|point| band.holds(*point));
        let reaches = |ix: &GridIndex| {
            let mut vertices = self.grid(*ix).boundary.rings().flat_map(Ring::vertices);
            let first = *vertices.next().expect("a ring has vertices");
            let around = vertices.fold(Window::around(first, first), |all, v| all.joined(Window::around(*v, *v)));
            band.touches(around)
        };
        let places: Vec<GridIndex> = self.indexes().filter(reaches).collect();
        let number = |at: usize| AreaIndex::try_from(at).expect("a part of the tree has no more grids than it");
        let area = |ix: &GridIndex| {
            let parent = self.parent(*ix).and_then(|parent| places.binary_search(&parent).ok()).map(number);
            let entry = self.entry(*ix);
            ValidArea { depth: entry.depth, parent, boundary: Arc::clone(&entry.boundary) }
        };
        let Ok(ground) = Topology::build(&places.iter().map(area).collect::<Vec<_>>()) else { return false };
        let place = |area: Option<AreaIndex>| area.map(|area| places[area as usize]);
        let mut built: Vec<Placed<'_>> = (0..)
            .zip(ground.chains())
            .map(|(index, chain)| (ground.points(index), place(chain.left), place(chain.right)))
            .filter(|(points, ..)| is_inside(points))
            .collect();
        built.sort_unstable();
        let lines = self.locator.lines_meeting(&[band]);
        let place = |owner: Option<Slot>| owner.and_then(|slot| self.hierarchy.place(slot));
        let inside = lines.iter().filter(|line| is_inside(&line.points));
        let mut mine: Vec<Placed<'_>> =
            inside.map(|line| (&*line.points, place(line.left), place(line.right))).collect();
        mine.sort_unstable();
        mine == built
    }

    /// Tells whether every grid's outline is made of the lines it owns a side of, in their order, and of no others.
    fn has_outlines_of_lines(&self) -> bool {
        let (hierarchy, outlines) = (&self.hierarchy, &self.locator.outlines);
        let has = |slot: Slot, line: &BorderLine| outlines.get(slot).lines().contains(line);
        (0..).zip(outlines.iter()).all(|(slot, outline)| {
            let lines = outline.lines();
            (lines.is_empty() || hierarchy.place(slot).is_some())
                && lines.windows(2).all(|pair| pair[0].order() < pair[1].order())
                && lines.iter().all(|line| line.owners().any(|owner| owner == slot))
                && lines.iter().all(|line| line.owners().all(|owner| has(owner, line)))
        })
    }

    fn has_boxes_of_outlines(&self) -> bool {
        let corner = |at| LatticePoint::new(at, at);
        let everywhere = Window { low: corner(i32::MIN), high: corner(i32::MAX) };
        let boxes: BTreeSet<Slot> = self.locator.meeting(everywhere).collect();
        let outlines = (0..).zip(self.locator.outlines.iter());
        boxes.into_iter().eq(outlines.filter(|(_, outline)| !outline.is_empty()).map(|(slot, _)| slot))
    }
}

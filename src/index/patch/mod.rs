//! A tree made from another where few grids differ: what did not change is shared.
//!
//! 1. Edges that came or went, of grids of any level, lie in a few windows ([`windows`](mod@windows)). Ground has another
//!    owner now only inside them.
//! 2. There the planar graph is made anew ([`lines_in`]), from the boundaries around; lines that reach into a window are
//!    joined with it again.
//! 3. Who owns a line, old or new, gets a new [outline](super::outline); the cells in the windows are filled from the
//!    lines around them, the boxes replaced.
//!
//! Start with [`Tree::patched`].

#[cfg(any(debug_assertions, feature = "judge"))]
mod judge;
mod moved;
mod windows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use windows::{GridDelta, MOST_WINDOWS, windows};

use super::boxes::{Boxes, OfSlot};
use super::cells::CellIndex;
use super::entry::{TreeError, UnplacedGrid};
use super::hierarchy::{Change, Hierarchy};
use super::locator::{BorderPiece, Locator, OwnBox, edges};
use super::outline::{BorderLine, Outline, Slot};
use super::tree::{Entries, Tree};
use crate::domain::{Generation, Grid, GridId};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::{self, AreaIndex, AreaPart, Window, grown, lines_in};

/// With one grid in so many changed, and no fewer than this, all is built anew.
const MOST_CHANGED: usize = 8;
const FEW: usize = 16;

impl Tree {
    /// Returns the tree of another generation, in which the grids `put` are new or other than here, and `removed` are no
    /// longer there. It answers as one built from nothing does.
    ///
    /// Cost: the vertices around what changed, a search for each grid that comes or goes, and a few copies of what there
    /// is per grid; where much has changed, or the region has outgrown its index, that of [`Self::build`].
    ///
    /// # Errors
    /// As [`Self::build`].
    pub fn patched(&self, generation: Generation, put: Vec<Grid>, removed: &[GridId]) -> Result<Self, TreeError> {
        let put: Vec<UnplacedGrid> = put.into_iter().map(UnplacedGrid::from).collect();
        let n_changed = put.len() + removed.len();
        let patch = (n_changed < FEW + self.len() / MOST_CHANGED).then(|| Patch::new(self, &put, removed)).flatten();
        if let Some((hierarchy, entries, locator)) = patch.and_then(Patch::run) {
            return Ok(Self::of(generation, hierarchy, entries, locator));
        }
        let others: BTreeSet<&GridId> = put.iter().map(|grid| &grid.entry.id).chain(removed).collect();
        let stay = self.indexes().filter(|ix| !others.contains(&self.grid(*ix).id)).map(|ix| UnplacedGrid {
            entry: Arc::clone(self.entry(ix)),
            parent: self.parent(ix).map(|parent| self.grid(parent).id.clone()),
        });
        let grids = stay.chain(put.iter().cloned()).collect();
        Self::build_from(generation, grids)
    }
}

struct Patch<'t> {
    before: &'t Tree,
    hierarchy: Arc<Hierarchy>,
    entries: Entries,
    differing: BTreeMap<Slot, GridDelta>,
}

impl<'t> Patch<'t> {
    /// Gives every grid its slot and place. `None` when there is no tree that way.
    fn new(before: &'t Tree, put: &[UnplacedGrid], removed: &[GridId]) -> Option<Self> {
        let known = |id: &GridId| Some(before.hierarchy.slot(before.by_id(id.as_str())?));
        let mut free = before.hierarchy.free();
        let mut next = before.hierarchy.n_slots()..;
        let mut slots: BTreeMap<&GridId, Slot> = BTreeMap::new();
        for grid in put {
            let id = &grid.entry.id;
            let slot = known(id).or_else(|| free.next()).or_else(|| next.next())?;
            slots.insert(id, slot).is_none().then_some(())?;
        }
        let mut entries = before.entries.clone();
        let entry_of = |slot: Slot| before.hierarchy.place(slot).map(|_| Arc::clone(before.entries.get(slot)));
        let mut differing = BTreeMap::new();
        let mut change = Change::default();
        for id in removed {
            let slot = known(id)?;
            change.gone.push(slot);
            differing.insert(slot, GridDelta { before: entry_of(slot), after: None, is_moved: true });
        }
        for grid in put {
            let slot = slots[&grid.entry.id];
            let parent = match &grid.parent {
                Some(id) => Some(slots.get(id).copied().or_else(|| known(id))?),
                None => None,
            };
            let was = entry_of(slot);
            let is_moved = was
                .as_ref()
                .is_none_or(|was| before.hierarchy.parent_slot(slot) != parent || was.depth != grid.entry.depth);
            if is_moved || was.as_ref().is_none_or(|was| was.code != grid.entry.code) {
                change.gone.extend(was.as_ref().map(|_| slot));
                change.coming.push((slot, parent));
            }
            let differs = GridDelta { before: was, after: Some(Arc::clone(&grid.entry)), is_moved };
            differing.insert(slot, differs).is_none().then_some(())?;
        }
        let after = differing.iter().filter_map(|(slot, grid)| Some((*slot, Arc::clone(grid.after.as_ref()?))));
        entries.put(after);
        let hierarchy = if change.gone.is_empty() && change.coming.is_empty() {
            Arc::clone(&before.hierarchy)
        } else {
            Arc::new(before.hierarchy.patched(&change, |slot| before.entries.get(slot), |slot| entries.get(slot))?)
        };
        Some(Self { before, hierarchy, entries, differing })
    }

    /// `None` when the ground has to be looked at as a whole.
    fn run(self) -> Option<(Arc<Hierarchy>, Entries, Locator)> {
        let windows = windows(self.differing.values(), MOST_WINDOWS);
        let locator = self.locator(&windows)?;
        Some((self.hierarchy, self.entries, locator))
    }

    fn locator(&self, windows: &[Window]) -> Option<Locator> {
        let old = &self.before.locator;
        let reaching = old.lines_meeting(windows);
        let made = self.lines_in(windows, &reaching)?;
        let has = |lines: &[BorderLine], line: &BorderLine| {
            lines.binary_search_by_key(&line.order(), BorderLine::order).is_ok_and(|at| lines[at] == *line)
        };
        let dropped: Vec<BorderLine> = reaching.iter().filter(|line| !has(&made, line)).cloned().collect();
        let made: Vec<BorderLine> = made.into_iter().filter(|line| !has(&reaching, line)).collect();
        // Also outside the windows a line is written as a whole, from end to end.
        let lines = dropped.iter().chain(&made).map(BorderLine::window);
        let windows = Window::merge_overlapping(windows.iter().copied().chain(lines));

        let mut touched: BTreeSet<Slot> = self.differing.keys().copied().collect();
        touched.extend(dropped.iter().chain(&made).flat_map(BorderLine::owners));
        let touched: Vec<Slot> = touched.into_iter().collect();
        let outlines: Vec<(Slot, Outline)> =
            touched.iter().map(|slot| (*slot, self.outline(*slot, &dropped, &made))).collect();
        let is_gone = |slot: Slot| self.hierarchy.place(slot).is_none();
        if outlines.iter().any(|(slot, outline)| is_gone(*slot) && !outline.is_empty()) {
            return None;
        }
        let has_ground = outlines.iter().filter(|(_, outline)| !outline.is_empty());
        let boxes =
            old.boxes.patched(&touched, has_ground.map(|(slot, _)| OwnBox::new(*slot, self.entries.get(*slot))));
        let border = self.border(&touched, &outlines);
        let grounds = self.grounds(&outlines);
        let mut all = old.outlines.clone();
        all.put(outlines);
        let near = old.near.without(&grounds);
        let mut locator = Locator { cells: old.cells.clone(), near, outlines: all, boxes, border };
        locator.cells = locator.cells_patched(&windows)?;
        Some(locator)
    }

    /// The lines of the new ground that reach into a window, in their order, from those of the old that do.
    fn lines_in(&self, windows: &[Window], reaching: &[BorderLine]) -> Option<Vec<BorderLine>> {
        let (_, areas) = self.areas(windows)?;
        let (slots, areas) = self.areas(&grown(&areas, windows))?;
        let local = |owner: Option<Slot>| match owner {
            Some(slot) => Some(Some(AreaIndex::try_from(slots.iter().position(|one| *one == slot)?).ok()?)),
            None => Some(None),
        };
        let is_inside = |edge: &[LatticePoint]| windows.iter().any(|window| window.meets(edge[0], edge[1]));
        let mut kept = Vec::new();
        let mut nodes = Vec::new();
        for line in reaching {
            nodes.extend(self.ends(line).into_iter().filter(|end| !windows.iter().any(|window| window.holds(*end))));
            let edges: Vec<&[LatticePoint]> = line.points.windows(2).collect();
            for run in edges.chunk_by(|a, b| is_inside(a) == is_inside(b)).filter(|run| !is_inside(run[0])) {
                let points = run.iter().map(|edge| edge[0]).chain([run[run.len() - 1][1]]).collect();
                kept.push(coverage::Polyline { points, left: local(line.left)?, right: local(line.right)? });
            }
        }
        let owner = |area: Option<AreaIndex>| area.map(|area| slots[area as usize]);
        let made = lines_in(&areas, windows, &kept, nodes)?;
        let line = |line: coverage::Polyline| BorderLine {
            points: line.points.into(),
            left: owner(line.left),
            right: owner(line.right),
        };
        let mut made: Vec<BorderLine> = made.into_iter().map(line).collect();
        made.sort_by_key(BorderLine::order);
        Some(made)
    }

    /// The slots of all that can have an edge in one of `windows`: what has own ground there or changes, and all above,
    /// before and now.
    fn areas_in(&self, windows: &[Window]) -> BTreeSet<Slot> {
        let found = windows.iter().flat_map(|window| self.before.locator.meeting(*window));
        let mut all = BTreeSet::new();
        for slot in found.chain(self.differing.keys().copied()) {
            for hierarchy in [&self.before.hierarchy, &self.hierarchy] {
                let line = std::iter::successors(hierarchy.place(slot), |ix| hierarchy.parent(*ix));
                all.extend(line.map(|ix| hierarchy.slot(ix)));
            }
        }
        all
    }

    /// Who has a boundary in one of `windows`, of those that do not change: a line bounds all that lie above one side of it
    /// and not above the other.
    fn bounding(&self, windows: &[Window]) -> BTreeSet<Slot> {
        let hierarchy = &self.before.hierarchy;
        let above = |side: Option<Slot>| -> Vec<Slot> {
            let place = side.and_then(|slot| hierarchy.place(slot));
            std::iter::successors(place, |ix| hierarchy.parent(*ix)).map(|ix| hierarchy.slot(ix)).collect()
        };
        let lines = self.before.locator.lines_meeting(windows);
        let sides: BTreeSet<_> = lines.iter().map(|line| (line.left, line.right)).collect();
        let mut bounding = BTreeSet::new();
        for (left, right) in sides.into_iter().map(|(left, right)| (above(left), above(right))) {
            bounding.extend(left.iter().filter(|slot| !right.contains(slot)));
            bounding.extend(right.iter().filter(|slot| !left.contains(slot)));
        }
        bounding
    }

    /// What can have an edge in one of `windows` as areas of a graph of their own, parents first, with those edges and their
    /// slots. Those that bound nothing there are not searched.
    fn areas(&self, windows: &[Window]) -> Option<(Vec<Slot>, Vec<AreaPart>)> {
        let (slots, bounding) = (self.areas_in(windows), self.bounding(windows));
        let mut places: Vec<_> = slots.iter().filter_map(|slot| self.hierarchy.place(*slot)).collect();
        places.sort_unstable();
        let area = |ix| -> Option<AreaPart> {
            let slot = self.hierarchy.slot(ix);
            let reaches = bounding.contains(&slot) || self.differing.contains_key(&slot);
            let parent = match self.hierarchy.parent(ix) {
                Some(parent) => Some(AreaIndex::try_from(places.binary_search(&parent).ok()?).ok()?),
                None => None,
            };
            let edges = if reaches { self.entries.get(slot).edges_meeting(windows) } else { Vec::new() };
            Some(AreaPart { parent, edges })
        };
        let areas = places.iter().map(|ix| area(*ix)).collect::<Option<Vec<_>>>()?;
        Some((places.into_iter().map(|ix| self.hierarchy.slot(ix)).collect(), areas))
    }

    /// The two ends of a line; none of a closed one that no other touches, which may begin anywhere.
    fn ends(&self, line: &BorderLine) -> Vec<LatticePoint> {
        let (first, last) = (line.points[0], line.points[line.points.len() - 1]);
        if first != last {
            return vec![first, last];
        }
        let ends_here = |other: &BorderLine| {
            !Arc::ptr_eq(&other.points, &line.points)
                && (other.points[0] == first || other.points[other.points.len() - 1] == first)
        };
        let around = line.owners().flat_map(|slot| self.before.locator.outlines.get(slot).lines());
        if around.into_iter().any(ends_here) { vec![first] } else { Vec::new() }
    }

    fn outline(&self, slot: Slot, dropped: &[BorderLine], made: &[BorderLine]) -> Outline {
        let had = (slot as usize) < self.before.locator.outlines.len();
        let old: &[BorderLine] = if had { self.before.locator.outlines.get(slot).lines() } else { &[] };
        let is_dropped = |line: &&BorderLine| dropped.iter().any(|one| Arc::ptr_eq(&one.points, &line.points));
        let new = made.iter().filter(|line| line.owners().any(|owner| owner == slot));
        let mut lines: Vec<BorderLine> = old.iter().filter(|line| !is_dropped(line)).chain(new).cloned().collect();
        lines.sort_by_key(BorderLine::order);
        Outline::new(slot, lines)
    }

    /// The boxes around own ground that is another now, before and after.
    fn grounds(&self, outlines: &[(Slot, Outline)]) -> Vec<Window> {
        let old = &self.before.locator.outlines;
        let before = |slot: &Slot| ((*slot as usize) < old.len()).then(|| old.get(*slot).window()).flatten();
        outlines.iter().flat_map(|(slot, outline)| [before(slot), outline.window()]).flatten().collect()
    }

    /// The outer border, with that of the `touched` grids put anew where it is another.
    fn border(&self, touched: &[Slot], outlines: &[(Slot, Outline)]) -> Boxes<BorderPiece> {
        let old = &self.before.locator;
        let on_border = |line: &BorderLine| line.left.is_none() || line.right.is_none();
        let had = |slot: &Slot| {
            (*slot as usize) < old.outlines.len() && old.outlines.get(*slot).lines().iter().any(on_border)
        };
        let edges: Vec<BorderPiece> =
            outlines.iter().flat_map(|(_, outline)| outline.lines()).flat_map(BorderPiece::of).collect();
        let mut slots: Vec<Slot> = touched.iter().filter(|slot| had(slot)).copied().collect();
        slots.extend(edges.iter().map(OfSlot::slot));
        slots.dedup();
        if slots.is_empty() { old.border.clone() } else { old.border.patched(&slots, edges) }
    }
}

impl Locator {
    /// The cells with those that meet a window filled anew. `None` when the region has outgrown their raster.
    fn cells_patched(&self, windows: &[Window]) -> Option<CellIndex> {
        let reach = |window: &Window| Some((*window, self.cells.reach(window.low, window.high)?));
        let mut reaches = windows.iter().map(reach).collect::<Option<Vec<_>>>()?;
        // Those further east first: a patch takes it that what lies east of it is right.
        reaches.sort_by_key(|(_, (_, high))| std::cmp::Reverse(high.x));
        let mut cells = self.cells.clone();
        for (window, (low, high)) in reaches {
            let lines = self.lines_meeting(&[Window { low, high }]);
            cells = cells.patched(&edges(&lines), window.low, window.high)?;
        }
        Some(cells)
    }
}

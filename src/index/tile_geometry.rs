//! The ground as it is drawn: the grids in a tile, their outlines simplified so that no gap shows between them.
//!
//! Every chain of the planar [`Topology`](crate::geometry::coverage::Topology) is projected once and, for the zooms at which
//! details cannot be seen, simplified once; its ends stay. A grid's rings are the list of its chains, which is the same at
//! every zoom. So what two grids share is one line however far one zooms out, and no white sliver can open.
//!
//! ```text
//! chains ─ World positions ─┬─ zoom 0..13: pixels, simplified, made when first asked for
//!                         └─ zoom 14..18: pixels, taken on the way
//! grids ─ rings of chains; an R-tree of boxes for each level
//! ```

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::entry::GridIndex;
use super::tree::Tree;
use crate::domain::Depth;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::ChainIndex;
use crate::geometry::tile::clip::clip;
use crate::geometry::tile::mend::{are_polygons, mend};
use crate::geometry::tile::simplify::simplify;
use crate::geometry::tile::{MAX_ZOOM, Pixel, PixelBox, Tile, World, screen_area2};

/// Up to this zoom lines are simplified and kept; deeper there are few in a tile.
const SIMPLIFIED: u8 = 13;
/// How far a simplified line may stray: half a pixel of a tile shown 512 wide.
const TOLERANCE: u32 = 4;

type Boxed = GeomWithData<Rectangle<[i64; 2]>, GridIndex>;

/// One tree, ready to be drawn.
#[derive(Debug)]
pub struct TileGeometry {
    tree: Arc<Tree>,
    /// The chains' vertices one chain after the other; those of chain `i` end at `ends[i]`.
    places: Vec<World>,
    ends: Vec<u32>,
    /// The box around each chain: north-west and south-east.
    boxes: Vec<(World, World)>,
    rings: Rings,
    by_level: Vec<RTree<Boxed>>,
    /// A point well inside each grid.
    insides: Vec<LatticePoint>,
    zooms: [OnceLock<Lines>; SIMPLIFIED as usize + 1],
    /// By zoom and grid, whether its rings are polygons as they are: [`UNKNOWN`] until it is first drawn.
    shapes: Vec<AtomicU8>,
}

/// Nobody has looked yet.
const UNKNOWN: u8 = 0;
const POLYGONS: u8 = 1;
/// Simplified, or on pixels, some ring touches or crosses itself or another.
const ENTANGLED: u8 = 2;

/// The rings of every grid as chains: `!chain` is one run backwards.
#[derive(Debug, Default)]
struct Rings {
    steps: Vec<i32>,
    /// Where each ring ends among the steps, and whether it is an outer one.
    ends: Vec<(u32, bool)>,
    /// Where the rings of each grid end.
    grids: Vec<u32>,
}

/// All chains at one zoom.
#[derive(Debug)]
struct Lines {
    pixels: Vec<Pixel>,
    ends: Vec<u32>,
}

/// What is drawn of one grid in one tile: rings of pixels from the tile's corner, clockwise on the screen; a hole follows
/// the outer ring it lies in and runs the other way. No ring repeats its first pixel or is empty.
#[derive(Clone, Debug, Default)]
pub struct TilePolygon {
    pixels: Vec<Pixel>,
    ends: Vec<usize>,
}

impl TilePolygon {
    pub fn rings(&self) -> impl Iterator<Item = &[Pixel]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.pixels[start..end])
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn push(&mut self, ring: &[Pixel], corner: Pixel) {
        self.pixels.extend(ring.iter().map(|p| Pixel { x: p.x - corner.x, y: p.y - corner.y }));
        self.ends.push(self.pixels.len());
    }
}

/// How a ring was cut at the frame.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// It lies in the frame.
    Whole,
    /// It leaves the frame, and comes back where it left.
    Once,
    /// It comes back elsewhere, so that parts of it are joined along the frame.
    Bridged,
}

/// Room to work in, for many grids.
#[derive(Debug, Default)]
struct Scratch {
    line: Vec<Pixel>,
    ring: Vec<Pixel>,
    spare: Vec<Pixel>,
    /// The shell in work and its holes, where they have to be mended.
    polygon: Vec<Vec<Pixel>>,
    drawn: TilePolygon,
}

impl TileGeometry {
    /// Projects the chains of `tree` and lists the rings of its grids.
    ///
    /// Cost: linear in vertices; about as long as rendering every boundary.
    ///
    /// # Panics
    /// When there are more than 2^31 chains.
    #[must_use]
    pub fn new(tree: Arc<Tree>) -> Self {
        let ground = tree.ground();
        let (mut places, mut ends, mut boxes) = (Vec::new(), Vec::new(), Vec::new());
        for (chain, _) in (0..).zip(ground.chains()) {
            let start = places.len();
            places.extend(ground.points(chain).iter().map(|&point| World::of(point)));
            ends.push(number(places.len()));
            boxes.push(around(&places[start..]));
        }
        let mut rings = Rings::default();
        let n_levels = tree.n_levels();
        let mut by_level: Vec<Vec<Boxed>> = vec![Vec::new(); n_levels];
        for ix in tree.indexes() {
            for ring in ground.outline(ix) {
                rings.steps.extend(ring.steps.iter().map(|&(chain, forward)| step(chain, forward)));
                rings.ends.push((number(rings.steps.len()), ring.is_shell));
            }
            rings.grids.push(number(rings.ends.len()));
            let all = rings.of(ix).flat_map(|(steps, _)| steps).map(|&step| boxes[arc_of(step).0]);
            if let Some((low, high)) = all.reduce(joined) {
                let corner = |world: World| [i64::from(world.x), i64::from(world.y)];
                let rectangle = Rectangle::from_corners(corner(low), corner(high));
                by_level[usize::from(tree.grid(ix).depth)].push(GeomWithData::new(rectangle, ix));
            }
        }
        let by_level = by_level.into_iter().map(RTree::bulk_load).collect();
        let insides = tree.indexes().map(|ix| tree.grid(ix).boundary.point_inside()).collect();
        let shapes = (0..(usize::from(MAX_ZOOM) + 1) * tree.len()).map(|_| AtomicU8::new(UNKNOWN)).collect();
        Self { tree, places, ends, boxes, rings, by_level, insides, zooms: Default::default(), shapes }
    }

    /// A point well inside a grid, for its name.
    #[must_use]
    pub fn point_inside(&self, ix: GridIndex) -> LatticePoint {
        self.insides[ix as usize]
    }

    #[must_use]
    pub fn tree(&self) -> &Arc<Tree> {
        &self.tree
    }

    /// Tells whether the lines of that zoom are there; making them takes a while the first time.
    #[must_use]
    pub fn is_ready(&self, zoom: u8) -> bool {
        self.zooms.get(usize::from(zoom)).is_none_or(|lines| lines.get().is_some())
    }

    /// Tells whether no grid reaches into `tile`.
    #[must_use]
    pub fn is_bare(&self, tile: Tile) -> bool {
        let frame = envelope(tile.drawn(), tile.zoom());
        self.by_level.iter().all(|boxes| boxes.locate_in_envelope_intersecting(frame).next().is_none())
    }

    /// Gives `draw` every grid of `level` that something is seen of in `tile`, in the order of the tree.
    ///
    /// A grid too small to be seen at this zoom is not drawn. Cost: linear in what is drawn.
    pub fn draw(&self, tile: Tile, level: Depth, mut draw: impl FnMut(GridIndex, &TilePolygon)) {
        let Some(boxes) = self.by_level.get(usize::from(level)) else { return };
        let frame = tile.drawn();
        let mut found: Vec<GridIndex> =
            boxes.locate_in_envelope_intersecting(envelope(frame, tile.zoom())).map(|boxed| boxed.data).collect();
        found.sort_unstable();
        let mut room = Scratch::default();
        for ix in found {
            self.draw_one(ix, tile, frame, &mut room);
            if !room.drawn.is_empty() {
                draw(ix, &room.drawn);
            }
        }
    }

    fn draw_one(&self, ix: GridIndex, tile: Tile, frame: PixelBox, room: &mut Scratch) {
        room.drawn.pixels.clear();
        room.drawn.ends.clear();
        let (corner, is_entangled) = (tile.corner(), self.is_entangled(ix, tile.zoom(), room));
        let mut rings = self.rings.of(ix).peekable();
        while let Some((shell, _)) = rings.next() {
            let holes = std::iter::from_fn(|| rings.next_if(|(_, is_shell)| !is_shell).map(|(steps, _)| steps));
            self.draw_polygon(shell, holes, is_entangled, (tile.zoom(), frame, corner), room);
        }
    }

    /// Draws a shell and its holes. What has shrunk to a line, or turned over in doing so, is not seen.
    fn draw_polygon<'p>(
        &'p self,
        shell: &[i32],
        holes: impl Iterator<Item = &'p [i32]>,
        is_entangled: bool,
        (zoom, frame, corner): (u8, PixelBox, Pixel),
        room: &mut Scratch,
    ) {
        let cut = self.trace(shell, zoom, frame, room);
        if screen_area2(&room.ring) <= 0 {
            holes.for_each(drop);
            return;
        }
        let mut holes = holes.peekable();
        // Few polygons have to be put together before they are drawn.
        if !is_entangled && (cut == Cut::Whole || cut == Cut::Once && holes.peek().is_none()) {
            room.drawn.push(&room.ring, corner);
            for hole in holes {
                self.trace(hole, zoom, frame, room);
                if screen_area2(&room.ring) < 0 {
                    room.drawn.push(&room.ring, corner);
                }
            }
            return;
        }
        room.polygon.clear();
        room.polygon.push(room.ring.clone());
        let mut needs_mending = is_entangled || cut == Cut::Bridged;
        for hole in holes {
            needs_mending |= self.trace(hole, zoom, frame, room) != Cut::Whole;
            if screen_area2(&room.ring) < 0 {
                room.polygon.push(room.ring.clone());
            }
        }
        if needs_mending {
            room.polygon = mend(&room.polygon).into_iter().flatten().collect();
        }
        room.polygon.iter().for_each(|ring| room.drawn.push(ring, corner));
    }

    /// Looks at a whole grid once for each zoom.
    fn is_entangled(&self, ix: GridIndex, zoom: u8, room: &mut Scratch) -> bool {
        let hierarchy = &self.shapes[usize::from(zoom) * self.tree.len() + ix as usize];
        let mut known = hierarchy.load(Ordering::Relaxed);
        if known == UNKNOWN {
            let everything = PixelBox { west: i32::MIN, north: i32::MIN, east: i32::MAX, south: i32::MAX };
            room.polygon.clear();
            for (steps, is_shell) in self.rings.of(ix) {
                self.trace(steps, zoom, everything, room);
                if (screen_area2(&room.ring) > 0) == is_shell {
                    room.polygon.push(room.ring.clone());
                }
            }
            known = if are_polygons(&room.polygon) { POLYGONS } else { ENTANGLED };
            hierarchy.store(known, Ordering::Relaxed);
        }
        known == ENTANGLED
    }

    /// Puts one ring together, as far as it lies in the frame.
    fn trace(&self, steps: &[i32], zoom: u8, frame: PixelBox, room: &mut Scratch) -> Cut {
        room.ring.clear();
        let mut leaves_the_frame = false;
        // Chains run with the grid to their left, which on the screen, where y grows southwards, is counter-clockwise.
        for &step in steps.iter().rev() {
            let (chain, forward) = arc_of(step);
            let around = self.pixel_box(chain, zoom);
            leaves_the_frame |= !frame.holds(around);
            self.line(chain, zoom, frame.has_beyond_one_edge(around), &mut room.line);
            if forward {
                room.ring.extend(room.line.iter().rev());
            } else {
                room.ring.extend(&room.line);
            }
        }
        room.ring.dedup();
        while room.ring.len() > 1 && room.ring.first() == room.ring.last() {
            room.ring.pop();
        }
        if !leaves_the_frame {
            return Cut::Whole;
        }
        if clip(&mut room.ring, frame, &mut room.spare) { Cut::Bridged } else { Cut::Once }
    }

    /// The pixels of a chain. Of one that lies beyond an edge of the frame the ends do: all of it falls on that edge.
    fn line(&self, chain: usize, zoom: u8, only_ends: bool, line: &mut Vec<Pixel>) {
        line.clear();
        if only_ends {
            let places = self.places(chain);
            line.extend([places[0], places[places.len() - 1]].map(|place| place.pixel(zoom)));
            return;
        }
        match self.zooms.get(usize::from(zoom)) {
            Some(lines) => line.extend(lines.get_or_init(|| self.simplified(zoom)).of(chain)),
            None => line.extend(self.places(chain).iter().map(|place| place.pixel(zoom))),
        }
    }

    fn simplified(&self, zoom: u8) -> Lines {
        let mut lines = Lines { pixels: Vec::new(), ends: Vec::with_capacity(self.ends.len()) };
        let mut line: Vec<Pixel> = Vec::new();
        for chain in 0..self.ends.len() {
            line.clear();
            line.extend(self.places(chain).iter().map(|place| place.pixel(zoom)));
            line.dedup();
            simplify(&line, TOLERANCE, &mut lines.pixels);
            lines.ends.push(number(lines.pixels.len()));
        }
        lines.pixels.shrink_to_fit();
        lines
    }

    fn places(&self, chain: usize) -> &[World] {
        &self.places[run(&self.ends, chain)]
    }

    fn pixel_box(&self, chain: usize, zoom: u8) -> PixelBox {
        let (low, high) = self.boxes[chain];
        let (low, high) = (low.pixel(zoom), high.pixel(zoom));
        PixelBox { west: low.x, north: low.y, east: high.x, south: high.y }
    }
}

impl Rings {
    /// The steps of each ring of a grid, and whether it is an outer one.
    fn of(&self, ix: GridIndex) -> impl Iterator<Item = (&[i32], bool)> {
        let rings = run(&self.grids, ix as usize);
        rings.map(|ring| {
            let start = if ring == 0 { 0 } else { self.ends[ring - 1].0 as usize };
            let (end, is_shell) = self.ends[ring];
            (&self.steps[start..end as usize], is_shell)
        })
    }
}

impl Lines {
    fn of(&self, chain: usize) -> &[Pixel] {
        &self.pixels[run(&self.ends, chain)]
    }
}

/// What lies between the end before and the own one.
fn run(ends: &[u32], at: usize) -> std::ops::Range<usize> {
    let start = if at == 0 { 0 } else { ends[at - 1] };
    start as usize..ends[at] as usize
}

fn number(n: usize) -> u32 {
    u32::try_from(n).expect("vertices and chains are numbered by u32")
}

fn step(chain: ChainIndex, forward: bool) -> i32 {
    let chain = i32::try_from(chain).expect("fewer than 2^31 chains");
    if forward { chain } else { !chain }
}

fn arc_of(step: i32) -> (usize, bool) {
    if step >= 0 { (step.unsigned_abs() as usize, true) } else { ((!step).unsigned_abs() as usize, false) }
}

fn around(places: &[World]) -> (World, World) {
    places.iter().map(|&place| (place, place)).reduce(joined).expect("a chain has two ends")
}

fn joined(a: (World, World), b: (World, World)) -> (World, World) {
    let low = World { x: a.0.x.min(b.0.x), y: a.0.y.min(b.0.y) };
    (low, World { x: a.1.x.max(b.1.x), y: a.1.y.max(b.1.y) })
}

/// What may be seen in a frame of pixels, in world steps.
fn envelope(frame: PixelBox, zoom: u8) -> AABB<[i64; 2]> {
    let step = 1_i64 << (20 - zoom);
    let at = |pixel: i32| i64::from(pixel) * step;
    // Half a pixel more: positions are rounded to the nearest.
    AABB::from_corners([at(frame.west) - step, at(frame.north) - step], [at(frame.east) + step, at(frame.south) + step])
}

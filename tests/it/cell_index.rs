//! The cell index against the definition: of all boundaries, the one that owns the point (`Boundary::owns`), one by one.

use gridmap::geometry::{Boundary, LatticePoint, Polygon, Ring};
use gridmap::index::GridIndex;
use gridmap::index::cells::{CellIndex, Edges};

/// A shaken chequerboard whose fields have owners or nobody: neighbours with one owner make grids of any form, with
/// holes, exclaves and gaps.
struct Board {
    side: usize,
    corners: Vec<LatticePoint>,
    /// The vertex in the middle of each field's south side, then of its west side; on the straight line or beside it.
    middles: [Vec<LatticePoint>; 2],
    owners: Vec<Option<GridIndex>>,
}

/// How a board is made.
#[derive(Clone, Copy, Debug)]
struct Cast {
    seed: u64,
    side: usize,
    n_owners: u64,
    low: (i32, i32),
    /// Steps from corner to corner, and how far a corner may be off; even, so that middles lie on the lattice.
    pitch: i32,
    shake: i32,
    bend: i32,
}

const COUNTY: Cast =
    Cast { seed: 1, side: 14, n_owners: 9, low: (1_035_000_000, 340_000_000), pitch: 8_000, shake: 1_500, bend: 900 };

#[test]
fn every_point_has_the_owner_that_its_boundary_says() {
    check_owners(COUNTY);
}

#[test]
fn squares_with_every_edge_on_a_line_of_the_lattice() {
    check_owners(Cast { shake: 0, bend: 0, ..COUNTY });
    check_owners(Cast { seed: 2, shake: 0, bend: 0, pitch: 2, side: 12, n_owners: 40, low: (-12, -12) });
}

#[test]
fn grids_a_few_steps_wide_are_told_apart_down_to_the_step() {
    check_owners(Cast { seed: 3, pitch: 10, shake: 2, bend: 1, n_owners: 100, low: (-70, -70), side: 14 });
}

#[test]
fn long_edges_need_the_wide_lines() {
    check_owners(Cast { seed: 4, pitch: 2_000_000, shake: 600_000, bend: 0, ..COUNTY });
    check_owners(Cast {
        seed: 5,
        side: 12,
        n_owners: 4,
        low: (-1_800_000_000, -900_000_000),
        pitch: 150_000_000,
        shake: 30_000_000,
        bend: 10_000_000,
    });
}

#[test]
fn one_owner_or_none_at_all() {
    check_owners(Cast { n_owners: 1, ..COUNTY });
    let nobody = CellIndex::build(&Edges::default(), 2);
    assert_eq!(nobody.owner(LatticePoint::new(0, 0)), None);
    assert_eq!(nobody.owner(LatticePoint::new(i32::MIN, i32::MAX)), None);
}

#[test]
fn a_far_exclave_crowds_the_cells_but_not_the_truth() {
    let board = Board::new(COUNTY);
    let far = LatticePoint::new(1_400_000_000, 500_000_000);
    let ring = [far, LatticePoint::new(far.x + 10, far.y), LatticePoint::new(far.x + 4, far.y + 9)];
    let mut edges = board.edges();
    edges.push(&[ring[0], ring[1], ring[2], ring[0]], Some(3), None);
    let index = CellIndex::build(&edges, 2);
    assert_eq!(index.owner(LatticePoint::new(far.x + 5, far.y + 2)), Some(3));
    assert_eq!(index.owner(LatticePoint::new(far.x, far.y + 9)), None);
    board.check(&index, 800);
}

#[test]
fn hundreds_of_grids_meet_in_one_point() {
    let n = 300;
    let rim = |k: u32| {
        let angle = f64::from(k % n) * std::f64::consts::TAU / f64::from(n);
        #[expect(clippy::cast_possible_truncation, reason = "small")]
        LatticePoint::new((angle.cos() * 4e5).round() as i32, (angle.sin() * 4e5).round() as i32)
    };
    let hub = LatticePoint::new(0, 0);
    let mut edges = Edges::default();
    for k in 0..n {
        edges.push(&[hub, rim(k)], Some(k), Some((k + n - 1) % n));
        edges.push(&[rim(k), rim(k + 1)], Some(k), None);
    }
    let index = CellIndex::build(&edges, 2);
    let slices: Vec<Boundary> = (0..n).map(|k| polygon(vec![hub, rim(k), rim(k + 1)])).collect();
    let near = (-3..=3).flat_map(|x| (-3..=3).map(move |y| LatticePoint::new(x, y)));
    for p in near.chain((0..n).step_by(7).map(rim)).chain((0..n).step_by(9).map(|k| halfway(hub, rim(k)))) {
        let owner = (0..).zip(&slices).find(|(_, slice)| slice.owns(p)).map(|(k, _)| k);
        assert_eq!(index.owner(p), owner, "{p:?}");
    }
}

#[test]
fn neighbours_need_not_share_their_vertices() {
    // A long northern edge without the vertex where its two southern neighbours meet: each side told on its own.
    let p = |x, y| LatticePoint::new(x, y);
    let rings = [
        vec![p(0, 0), p(7000, 1000), p(7000, 9000), p(0, 8000)],
        vec![p(0, 0), p(0, -6000), p(3500, -6000), p(3500, 500)],
        vec![p(3500, 500), p(3500, -6000), p(7000, -6000), p(7000, 1000)],
    ];
    let grids: Vec<Boundary> = rings.into_iter().map(polygon).collect();
    let mut edges = Edges::default();
    for (ix, grid) in (0..).zip(&grids) {
        for ring in grid.rings() {
            let closed: Vec<_> = ring.vertices().iter().chain(ring.vertices().first()).copied().collect();
            edges.push(&closed, Some(ix), None);
        }
    }
    let index = CellIndex::build(&edges, 1);
    for k in 0..=7000 {
        for p in [p(k, k / 7), p(k, k / 7 + 1), p(k, k / 7 - 1)] {
            let owner = (0..).zip(&grids).find(|(_, grid)| grid.owns(p)).map(|(ix, _)| ix);
            assert_eq!(index.owner(p), owner, "{p:?}");
        }
    }
}

#[test]
fn after_200_edits_a_patched_index_equals_a_rebuilt_one() {
    let mut board = Board::new(COUNTY);
    let first = CellIndex::build(&board.edges(), 2);
    let mut index = first.clone();
    let mut random = 77;
    for edit in 1..=200 {
        let (low, high) = board.edit(&mut random);
        index = index.patched(&board.edges(), low, high).expect("the edit stays inside");
        if edit % 40 == 0 {
            assert!(index == index.rebuilt(&board.edges(), 2).unwrap(), "edit {edit}");
            board.check(&index, 300);
        }
    }
    Board::new(COUNTY).check(&first, 300);
}

#[test]
fn a_region_that_outgrows_its_raster_is_built_anew() {
    let mut edges = Board::new(COUNTY).edges();
    let index = CellIndex::build(&edges, 1);
    let p = |x, y| LatticePoint::new(x, y);
    edges.push(&[p(0, 0), p(9, 0), p(0, 9), p(0, 0)], Some(1), None);
    assert!(index.patched(&edges, p(0, 0), p(9, 9)).is_none());
    assert!(index.rebuilt(&edges, 1).is_none());
}

fn check_owners(cast: Cast) {
    let board = Board::new(cast);
    let index = CellIndex::build(&board.edges(), 2);
    assert!(index == CellIndex::build(&board.edges(), 1), "threads do not matter");
    board.check(&index, 1000);
}

impl Board {
    fn new(cast: Cast) -> Self {
        let Cast { side, pitch, shake, bend, low, .. } = cast;
        let mut random = cast.seed;
        let mut off = |most: i32| -> i32 {
            let wide = u64::from(most.unsigned_abs()) * 2 + 1;
            i32::try_from(next(&mut random) % wide).unwrap() - most
        };
        let place = |n: usize| i32::try_from(n).unwrap() * pitch;
        let corners: Vec<LatticePoint> = (0..(side + 1) * (side + 1))
            .map(|at| {
                let (x, y) = (place(at % (side + 1)) + off(shake), place(at / (side + 1)) + off(shake));
                LatticePoint::new(low.0 + x / 2 * 2, low.1 + y / 2 * 2)
            })
            .collect();
        let mut middle = |a: LatticePoint, b: LatticePoint| {
            let straight = halfway(a, b);
            LatticePoint::new(straight.x + off(bend), straight.y + off(bend))
        };
        let corner = |i: usize, j: usize| corners[j * (side + 1) + i];
        let fields = || (0..(side + 1) * (side + 1)).map(|at| (at % (side + 1), at / (side + 1)));
        let south = fields().map(|(i, j)| middle(corner(i, j), corner((i + 1).min(side), j))).collect();
        let west = fields().map(|(i, j)| middle(corner(i, j), corner(i, (j + 1).min(side)))).collect();
        let owners = (0..side * side).map(|_| owner(next(&mut random), cast.n_owners)).collect();
        Self { side, corners, middles: [south, west], owners }
    }

    fn corner(&self, i: usize, j: usize) -> LatticePoint {
        self.corners[j * (self.side + 1) + i]
    }

    /// From corner to corner: along the south side of field (i, j), or up its west side.
    fn line(&self, i: usize, j: usize, west: bool) -> [LatticePoint; 3] {
        let end = if west { self.corner(i, j + 1) } else { self.corner(i + 1, j) };
        [self.corner(i, j), self.middles[usize::from(west)][j * (self.side + 1) + i], end]
    }

    fn owner(&self, i: Option<usize>, j: Option<usize>) -> Option<GridIndex> {
        let (i, j) = (i.filter(|i| *i < self.side)?, j.filter(|j| *j < self.side)?);
        self.owners[j * self.side + i]
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::default();
        for j in 0..=self.side {
            for i in 0..self.side {
                let (above, under) = (self.owner(Some(i), Some(j)), self.owner(Some(i), j.checked_sub(1)));
                edges.push(&self.line(i, j, false), above, under);
                let (i, j) = (j, i);
                edges.push(&self.line(i, j, true), self.owner(i.checked_sub(1), Some(j)), self.owner(Some(i), Some(j)));
            }
        }
        edges
    }

    fn fields(&self) -> Vec<(Boundary, Option<GridIndex>)> {
        let field = |at: usize| {
            let (i, j) = (at % self.side, at / self.side);
            let (south, east) = (self.line(i, j, false), self.line(i + 1, j, true));
            let (mut north, mut west) = (self.line(i, j + 1, false), self.line(i, j, true));
            north.reverse();
            west.reverse();
            let sides = [south, east, north, west];
            (polygon(sides.iter().flat_map(|side| &side[..2]).copied().collect()), self.owners[at])
        };
        (0..self.side * self.side).map(field).collect()
    }

    /// Moves one middle, or gives one field to another owner; returns the box around what changed.
    fn edit(&mut self, random: &mut u64) -> (LatticePoint, LatticePoint) {
        let at = usize::try_from(next(random)).unwrap_or(0) % self.owners.len();
        let (i, j) = (at % self.side, at / self.side);
        let mut changed: Vec<LatticePoint> = [false, true].iter().flat_map(|west| self.line(i, j, *west)).collect();
        if next(random).is_multiple_of(2) {
            let nearer = halfway(self.line(i, j, true)[1], halfway(changed[3], changed[5]));
            self.middles[1][j * (self.side + 1) + i] = nearer;
            changed.push(nearer);
        } else {
            self.owners[at] = owner(next(random), 9);
            changed.extend(self.line(i, j + 1, false));
            changed.extend(self.line(i + 1, j, true));
        }
        let x = changed.iter().map(|p| p.x);
        let y = changed.iter().map(|p| p.y);
        let low = LatticePoint::new(x.clone().min().unwrap(), y.clone().min().unwrap());
        (low, LatticePoint::new(x.max().unwrap(), y.max().unwrap()))
    }

    /// Compares points anywhere, on edges, and on every vertex, one at a time and all at once.
    fn check(&self, index: &CellIndex, n: usize) {
        let fields = self.fields();
        let mut points = self.corners.clone();
        points.extend(self.middles.iter().flatten());
        for i in 0..self.side {
            for [a, m, b] in [self.line(i, self.side - 1 - i, false), self.line(i, i, true)] {
                points.extend([halfway(a, m), halfway(m, b), halfway(a, b)]);
            }
        }
        let (low, high) = (self.corner(0, 0), self.corner(self.side, self.side));
        let mut random = 99;
        points.extend(
            (0..n).map(|_| LatticePoint::new(between(low.x, high.x, &mut random), between(low.y, high.y, &mut random))),
        );
        let mut owners = vec![None; points.len()];
        index.owners(&points, &mut owners);
        for (p, together) in points.into_iter().zip(owners) {
            let mut owning = fields.iter().filter(|(field, _)| field.owns(p));
            let owner = owning.next().and_then(|(_, owner)| *owner);
            assert_eq!(owning.count(), 0, "the board is broken at {p:?}");
            assert_eq!(index.owner(p), owner, "{p:?}");
            assert_eq!(together, owner, "{p:?} in a batch");
        }
    }
}

fn polygon(ring: Vec<LatticePoint>) -> Boundary {
    Boundary::from_valid(vec![Polygon { exterior: Ring::new(ring).unwrap(), holes: Vec::new() }])
}

/// One draw in five is nobody.
fn owner(draw: u64, n_owners: u64) -> Option<GridIndex> {
    (!draw.is_multiple_of(5)).then(|| GridIndex::try_from(draw / 5 % n_owners).unwrap())
}

fn halfway(a: LatticePoint, b: LatticePoint) -> LatticePoint {
    LatticePoint::new(a.x.midpoint(b.x), a.y.midpoint(b.y))
}

/// From a little below `low` to a little above `high`.
fn between(low: i32, high: i32, random: &mut u64) -> i32 {
    let (low, high) = (i64::from(low), i64::from(high));
    let margin = (high - low) / 20 + 2;
    let span = u64::try_from(high - low + 2 * margin).unwrap();
    let at = low - margin + i64::try_from(next(random) % span).unwrap();
    i32::try_from(at.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap()
}

/// `SplitMix64` (Steele et al. 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

//! The judge: who owns a point, found by the definition, from the rings alone.
//!
//! Every edge of every ring that spans the point's height is asked whether it lies east of the point; the owner is the
//! one grid that was asked oddly often. Edges are only sorted by height, to leave out those that cannot answer yes.

use gridmap::geometry::{Boundary, LatticePoint, Ring};

#[derive(Debug)]
pub struct Oracle {
    south: i32,
    shift: u32,
    /// Per stripe of 2^shift steps: grid and edge, grid by grid.
    stripes: Vec<Vec<(u32, LatticePoint, LatticePoint)>>,
}

impl Oracle {
    pub fn new(boundaries: &[Boundary]) -> Self {
        let edges = || {
            (0..)
                .zip(boundaries)
                .flat_map(|(ix, boundary)| boundary.rings().flat_map(Ring::edges).map(move |(a, b)| (ix, a, b)))
        };
        let heights = || edges().map(|(_, a, _)| a.y);
        let (south, north) = (heights().min().expect("some edge"), heights().max().expect("some edge"));
        let shift = 11;
        let stripe = |y: i32| (y.abs_diff(south) >> shift) as usize;
        let mut stripes = vec![Vec::new(); stripe(north) + 1];
        for (ix, a, b) in edges().filter(|(_, a, b)| a.y != b.y) {
            for stripe in &mut stripes[stripe(a.y.min(b.y))..=stripe(a.y.max(b.y))] {
                stripe.push((ix, a, b));
            }
        }
        Self { south, shift, stripes }
    }

    /// Every grid that owns `p`: in a true partition one, or none.
    pub fn owners(&self, p: LatticePoint) -> Vec<u32> {
        let Some(up) = p.y.checked_sub(self.south).and_then(|up| usize::try_from(up).ok()) else { return Vec::new() };
        let Some(stripe) = self.stripes.get(up >> self.shift) else { return Vec::new() };
        let asked = |(_, a, b): &&(u32, LatticePoint, LatticePoint)| (a.y <= p.y) != (b.y <= p.y) && is_east(*a, *b, p);
        let of_grids = stripe.chunk_by(|a, b| a.0 == b.0);
        of_grids.filter(|edges| edges.iter().filter(asked).count() % 2 == 1).map(|edges| edges[0].0).collect()
    }
}

/// Tells whether the edge lies strictly east of `p` at its height; nudged east, a point on the edge has passed it.
fn is_east(a: LatticePoint, b: LatticePoint, p: LatticePoint) -> bool {
    let wide = i128::from;
    // x at the height of p, times the height of the edge, exactly.
    let (rise, run, up) = (wide(b.y) - wide(a.y), wide(b.x) - wide(a.x), wide(p.y) - wide(a.y));
    let ahead = (wide(p.x) - wide(a.x)) * rise;
    if rise > 0 { run * up > ahead } else { run * up < ahead }
}

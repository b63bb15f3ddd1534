//! Many points at once: the pieces of a whole group are read before any is worked on.

use super::{NearEdges, Nearest, Seen};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;
use crate::index::metric::Metric;
use crate::index::outline::{Line, Slot};

/// Points under way at once.
const GROUP: usize = 16;

impl NearEdges {
    /// Calls `put` with the place of each point that has an owner and what [`Self::nearest`] gives for it.
    pub(in crate::index) fn nearest_of_each(
        &self,
        points: &[LatticePoint],
        owners: &[Option<Slot>],
        lines_in: impl Fn(Window) -> Vec<Line>,
        mut put: impl FnMut(usize, Option<Nearest>),
    ) {
        for (group, (points, owners)) in points.chunks(GROUP).zip(owners.chunks(GROUP)).enumerate() {
            let mut seen: [Option<Seen<'_>>; GROUP] = [None; GROUP];
            let mut errors = [0.0; GROUP];
            for ((seen, p), owner) in seen.iter_mut().zip(points).zip(owners) {
                *seen = owner.and_then(|_| self.seen(*p, &lines_in));
            }
            for (error, seen) in errors.iter_mut().zip(&seen) {
                *error = seen.map_or(0.0, |seen| seen.error());
            }
            for (at, (p, owner)) in points.iter().zip(owners).enumerate() {
                if let Some(own) = *owner {
                    let nearest = seen[at].and_then(|seen| seen.nearest(errors[at], &Metric::around(*p), own));
                    put(group * GROUP + at, nearest);
                }
            }
        }
    }
}

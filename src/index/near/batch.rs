//! Many points at once: the edges of a whole group are read before any is worked on.

use std::hint::black_box;

use super::plane::Plane;
use super::{NearEdges, Seen};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;
use crate::index::outline::{BorderLine, Nearest, Slot};
use crate::index::projection::LocalProjection;

/// Points under way at once.
const GROUP: usize = 16;

impl NearEdges {
    /// Calls `put` with the place of each point that has an owner and what [`Self::nearest`] gives for it.
    pub(in crate::index) fn nearest_of_each(
        &self,
        points: &[LatticePoint],
        owners: &[Option<Slot>],
        lines_in: impl Fn(Window) -> Vec<BorderLine>,
        mut put: impl FnMut(usize, Option<Nearest>),
    ) {
        for (group, (points, owners)) in points.chunks(GROUP).zip(owners.chunks(GROUP)).enumerate() {
            let mut seen: [Option<Seen<'_>>; GROUP] = [None; GROUP];
            for ((seen, p), owner) in seen.iter_mut().zip(points).zip(owners) {
                *seen = owner.and_then(|_| self.seen(*p, &lines_in));
            }
            for seen in seen.iter().flatten() {
                seen.read();
            }
            for (at, (p, owner)) in points.iter().zip(owners).enumerate() {
                if let Some(own) = *owner {
                    let nearest = seen[at].and_then(|seen| seen.nearest(&Plane::of(&LocalProjection::around(*p)), own));
                    put(group * GROUP + at, nearest);
                }
            }
        }
    }
}

impl Seen<'_> {
    /// Has the processor fetch what will be worked on.
    #[inline]
    fn read(&self) {
        for run in self.runs {
            let vertices = self.page.vertices(*run);
            black_box((vertices[0], vertices[vertices.len() - 1], self.page.sides(*run)));
        }
    }
}

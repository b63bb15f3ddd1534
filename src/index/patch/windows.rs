//! Where boundaries differ: the edges that came or went, and boxes around them.
//!
//! Most of a long boundary stays as it is when a part is drawn anew, though its rings may begin elsewhere. So each ring is
//! laid beside the one it was, and only what lies between their same ends is compared.
//!
//! Whatever ground changes its owner is bounded by edges that came or went, and those of one bound touch each other: so it
//! lies in one of the boxes.

use std::sync::Arc;

use crate::geometry::coverage::Window;
use crate::geometry::{LatticePoint, Ring};
use crate::index::entry::GridEntry;

/// With more windows than this a patch takes them as one.
pub(super) const MOST_WINDOWS: usize = 64;

/// One grid that differs.
pub(super) struct GridDelta {
    pub(super) before: Option<Arc<GridEntry>>,
    pub(super) after: Option<Arc<GridEntry>>,
    /// Whether it belongs to another parent or level now.
    pub(super) is_moved: bool,
}

/// Boxes around the edges that came or went, apart from each other.
pub(super) fn windows<'d>(differing: impl IntoIterator<Item = &'d GridDelta>, most: usize) -> Vec<Window> {
    let mut all: Vec<Window> = Vec::new();
    for edges in differing.into_iter().flat_map(GridDelta::edges) {
        let mut run: Option<Window> = None;
        for (a, b) in edges {
            let window = Window::around(a, b);
            match &mut run {
                Some(run) if run.touches(window) => *run = run.joined(window),
                _ => all.extend(run.replace(window)),
            }
        }
        all.extend(run);
    }
    let apart = Window::merge_overlapping(all);
    if apart.len() <= most {
        return apart;
    }
    apart.into_iter().reduce(Window::joined).into_iter().collect()
}

type Edge = (LatticePoint, LatticePoint);

impl GridDelta {
    /// The edges it had and has no longer, and those it has now, run by run.
    ///
    /// Cost: a look at every vertex, and a sort of what lies between the first and the last change of each ring.
    fn edges(&self) -> [Vec<Edge>; 2] {
        fn rings(entry: Option<&Arc<GridEntry>>) -> Vec<&Ring> {
            entry.into_iter().flat_map(|entry| entry.boundary.rings()).collect()
        }
        let all = |rings: &[&Ring]| -> Vec<Edge> { rings.iter().flat_map(|ring| ring.edges()).collect() };
        let (mut before, mut after) = (rings(self.before.as_ref()), rings(self.after.as_ref()));
        if self.is_moved {
            return [all(&before), all(&after)];
        }
        before.retain(|ring| match after.iter().position(|other| other == ring) {
            Some(at) => {
                after.swap_remove(at);
                false
            }
            None => true,
        });
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for ring in before {
            let beside = |other: &&Ring| same_vertex(ring.vertices(), other.vertices());
            match after.iter().enumerate().find_map(|(at, other)| Some((at, beside(other)?))) {
                Some((at, starts)) => {
                    let other = after.swap_remove(at);
                    let (of_one, of_other) = between_same_ends(ring.vertices(), other.vertices(), starts);
                    gone.extend(of_one);
                    come.extend(of_other);
                }
                None => gone.extend(ring.edges()),
            }
        }
        come.extend(all(&after));
        [without(&gone, &come), without(&come, &gone)]
    }
}

/// How many vertices of a ring are looked for in another.
const N_TRIED: usize = 4;

/// The places of a vertex that both rings have, if one of a few tried is such.
fn same_vertex(before: &[LatticePoint], after: &[LatticePoint]) -> Option<(usize, usize)> {
    let tried = (0..N_TRIED).map(|at| at * before.len() / N_TRIED);
    tried.into_iter().find_map(|at| Some((at, after.iter().position(|vertex| *vertex == before[at])?)))
}

/// The edges of two rings, run from the vertices at `starts`, which are the same, without those that both begin and end
/// with.
fn between_same_ends(
    before: &[LatticePoint],
    after: &[LatticePoint],
    starts: (usize, usize),
) -> (Vec<Edge>, Vec<Edge>) {
    let run = |ring: &[LatticePoint], start: usize| [&ring[start..], &ring[..start]].concat();
    let (before, after) = (run(before, starts.0), run(after, starts.1));
    let n_first = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let n = before.len().min(after.len()) - n_first;
    let n_last = before.iter().rev().zip(after.iter().rev()).take(n).take_while(|(a, b)| a == b).count();
    let edges = |ring: &[LatticePoint]| {
        (n_first - 1..ring.len() - n_last).map(|at| (ring[at], ring[(at + 1) % ring.len()])).collect()
    };
    (edges(&before), edges(&after))
}

fn without(edges: &[Edge], others: &[Edge]) -> Vec<Edge> {
    let mut others = others.to_vec();
    others.sort_unstable();
    edges.iter().filter(|edge| others.binary_search(edge).is_err()).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(xs: &[i32]) -> Vec<LatticePoint> {
        xs.iter().map(|x| LatticePoint::new(*x, x * x)).collect()
    }

    fn check(before: &[i32], after: &[i32], gone: &[(i32, i32)], come: &[(i32, i32)]) {
        let (before, after) = (ring(before), ring(after));
        let starts = same_vertex(&before, &after).expect("a vertex stays");
        let (of_one, of_other) = between_same_ends(&before, &after, starts);
        let plain = |edges: Vec<Edge>| edges.iter().map(|(a, b)| (a.x, b.x)).collect::<Vec<_>>();
        assert_eq!(plain(without(&of_one, &of_other)), gone);
        assert_eq!(plain(without(&of_other, &of_one)), come);
    }

    #[test]
    fn only_what_changed_is_told_wherever_rings_begin() {
        check(&[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5], &[], &[]);
        check(&[1, 2, 3, 4, 5], &[4, 5, 1, 2, 3], &[], &[]);
        check(&[1, 2, 3, 4, 5], &[4, 5, 1, 2, 9, 3], &[(2, 3)], &[(2, 9), (9, 3)]);
        check(&[1, 2, 3, 4, 5], &[2, 3, 4, 5], &[(5, 1), (1, 2)], &[(5, 2)]);
        check(&[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5, 6], &[(5, 1)], &[(5, 6), (6, 1)]);
        check(
            &[1, 2, 3, 4, 5, 6],
            &[1, 7, 3, 4, 8, 6],
            &[(1, 2), (2, 3), (4, 5), (5, 6)],
            &[(1, 7), (7, 3), (4, 8), (8, 6)],
        );
    }
}

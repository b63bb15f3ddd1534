//! Who owns the two sides of an edge: the deepest area there.
//!
//! In a nested coverage this is decided by the edge alone. The areas that have the edge on their left are one family
//! line (an area, its parent, its parent's parent ...), and so are those on its right; above both lines stands the same
//! parent, in which the edge is no boundary. A side without an area of its own belongs to that parent. Whatever breaks
//! this pattern is not a coverage.

use super::AreaIndex;
use super::edges::AreaEdge;

/// The two owners of an edge run from its low to its high end; `None` is outside everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owners {
    pub(super) left: Option<AreaIndex>,
    pub(super) right: Option<AreaIndex>,
}

/// Returns the owners of the sides of one edge, given every area that has it and the parents of all areas; `None` when they
/// contradict each other.
pub(super) fn of_edge(run: &[AreaEdge], parents: &[Option<AreaIndex>]) -> Option<Owners> {
    let right = run.partition_point(|edge| !edge.on_left);
    let (right, left) = (family_line(&run[..right], parents)?, family_line(&run[right..], parents)?);
    let parent = |top: AreaIndex| parents[top as usize];
    Some(match (left, right) {
        (Some(left), Some(right)) => {
            if parent(left.top) != parent(right.top) {
                return None;
            }
            Owners { left: Some(left.deepest), right: Some(right.deepest) }
        }
        (Some(left), None) => Owners { left: Some(left.deepest), right: parent(left.top) },
        (None, Some(right)) => Owners { left: parent(right.top), right: Some(right.deepest) },
        (None, None) => Owners { left: None, right: None },
    })
}

struct FamilyLine {
    deepest: AreaIndex,
    top: AreaIndex,
}

/// The family line these edges' areas form: `Some(None)` when there are none, `None` when they are not one line.
#[expect(clippy::option_option, reason = "no areas and no line are two different things")]
fn family_line(side: &[AreaEdge], parents: &[Option<AreaIndex>]) -> Option<Option<FamilyLine>> {
    // Parents come before their children, so a line's areas are already ordered from the top down.
    let (Some(first), Some(last)) = (side.first(), side.last()) else { return Some(None) };
    let linked = side.windows(2).all(|pair| parents[pair[1].area as usize] == Some(pair[0].area));
    linked.then_some(Some(FamilyLine { deepest: last.area, top: first.area }))
}

//! Who answers for this point. Pure: no clock, no database, no waiting.

use chrono::{DateTime, Utc};

pub use super::question::Question;
use super::{Caller, Refused, chain, mediators};
use crate::domain::answer::MAX_CANDIDATES;
use crate::domain::{Action, Grant, Noun, Principal};
pub use crate::domain::{
    Answer, Candidate, Edge, Fit, FitRule, GridRef, HolderRef, How, Link, Mediator, Nearest, Rule,
};
use crate::geometry::{LatticePoint, Position};
use crate::index::{GridIndex, Snapshot};

/// Answers who is responsible for a position: on the ground in force at `at` (the question's own instant where it is
/// absent), as known at `known_at`. `render` writes the answer out before the ground is let go, with telephones where it
/// is handed the right to them.
///
/// # Errors
/// When the caller may not ask, no ground was in force then, or the ground of another day cannot be read.
pub async fn ask<R>(
    caller: &Caller<'_>,
    question: &Question<'_>,
    at: Option<DateTime<Utc>>,
    known_at: Option<DateTime<Utc>>,
    render: impl FnOnce(&Answer<'_>, Option<&Grant>) -> R,
) -> Result<R, Refused> {
    caller.principal().allows(Action::Locate, Noun::Grids)?;
    let snapshot = caller.ground_at(at, known_at).await?;
    Ok(render(&locate(&snapshot, question), phones(caller.principal()).as_ref()))
}

/// The right of `principal` to the telephones of those who answer: what reveals one here reveals it in a list of holders.
/// A holder is in no grid, so a right to some areas is a right to no telephone.
#[must_use]
pub fn phones(principal: &Principal) -> Option<Grant> {
    principal.allows(Action::Personal, Noun::Holders).ok().filter(|grant| grant.scope().holds(None))
}

/// Answers who is responsible for a position, from memory.
///
/// The position is taken to the lattice (1e-7 degree). The edge rule is that of `Tree::owner`. Where nothing covers the
/// position the answer has no grids and no chain but names the nearest grid.
/// Cost: logarithmic in grids and duties, plus the vertices of a few boundaries; see `make bench`.
#[must_use]
pub fn locate<'s>(snapshot: &'s Snapshot, question: &Question<'_>) -> Answer<'s> {
    let tree = snapshot.tree();
    let p = tree.point(question.position);
    let mut answer = empty(snapshot, question.position);
    let Some(owner) = tree.owner(p) else {
        answer.nearest = tree.nearest(p).map(|(ix, distance_m)| Nearest { grid: snapshot.grid_ref(ix), distance_m });
        let border_m = answer.nearest.map(|nearest| nearest.distance_m);
        doubt(&mut answer, snapshot, question, border_m);
        return answer;
    };
    let path = tree.path(owner);
    answer.grids = path.iter().map(|&ix| snapshot.grid_ref(ix)).collect();
    answer.edge = tree
        .edge(owner, p)
        .map(|(distance_m, beyond)| Edge { distance_m, neighbour: beyond.map(|ix| snapshot.grid_ref(ix)) });
    let border_m = answer.edge.map(|edge| edge.distance_m);
    doubt(&mut answer, snapshot, question, border_m);
    answer.chain = chain::chain(snapshot, &path, p, question);
    answer.mediators = mediators::mediators(snapshot, &path, p, question);
    answer
}

fn empty(snapshot: &Snapshot, position: Position) -> Answer<'_> {
    Answer {
        revision: snapshot.revision(),
        generation: snapshot.generation().number,
        position,
        grids: Vec::new(),
        edge: None,
        certain: true,
        candidates: Vec::new(),
        n_candidates: 0,
        chain: Vec::new(),
        mediators: Vec::new(),
        nearest: None,
    }
}

/// Lists the candidates when the accuracy reaches the border.
fn doubt<'s>(answer: &mut Answer<'s>, snapshot: &'s Snapshot, question: &Question<'_>, border_m: Option<f64>) {
    let Some(accuracy_m) = question.accuracy_m.filter(|m| *m > 0.0 && border_m.is_some_and(|border_m| border_m <= *m))
    else {
        return;
    };
    let p = snapshot.tree().point(question.position);
    let within = snapshot.tree().within(p, accuracy_m);
    answer.certain = false;
    answer.n_candidates = within.len();
    let candidates = within.iter().take(MAX_CANDIDATES);
    answer.candidates = candidates.map(|&(ix, distance_m)| candidate(snapshot, ix, distance_m, p, question)).collect();
}

fn candidate<'s>(
    snapshot: &'s Snapshot,
    ix: GridIndex,
    distance_m: f64,
    p: LatticePoint,
    question: &Question<'_>,
) -> Candidate<'s> {
    let path = snapshot.tree().path(ix);
    let above = path[..path.len() - 1].iter().map(|&ix| snapshot.grid_ref(ix)).collect();
    let responsible = chain::first_to_call(&chain::chain(snapshot, &path, p, question));
    Candidate { grid: snapshot.grid_ref(ix), above, distance_m, responsible }
}

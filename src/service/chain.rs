//! The chain: who answers at each level above a point, and by which rule.
//!
//! At each level the role that answers there is looked for, in this order:
//! 1. a duty of that role whose own polygon covers the point (a trade body, an estate run by someone else): it overrides
//!    geography;
//! 2. a duty of that role on the grid;
//! 3. the deputy named by the duty that is vacant: one that ended (the one that ended last) or has not begun (the one
//!    that begins first);
//! 4. whoever answers at the level above, and at the top the region's fallback. So it is never nobody.
//!
//! A duty counts when it holds at the asked time and its holder exists. One limited to categories counts only for a
//! question that names one of them. Of several, the one that began last counts; then the smallest id.

use chrono::{DateTime, Utc};

use super::question::Question;
use crate::domain::{Duty, Holder, HolderRef, How, Link, Rule};
use crate::geometry::LatticePoint;
use crate::index::{Assignment, GridIndex, Snapshot};

/// Returns who answers for `p`, from the lowest level of `path` (top first) up. Never empty when `path` is not.
pub(super) fn chain<'s>(
    snapshot: &'s Snapshot,
    path: &[GridIndex],
    p: LatticePoint,
    question: &Question<'_>,
) -> Vec<Link<'s>> {
    let mut links: Vec<Link<'s>> = Vec::with_capacity(path.len());
    for &ix in path {
        let level = snapshot.region().level(snapshot.grid(ix).depth);
        let Some(role) = &level.answers else { continue };
        let found = answering(snapshot, ix, role, p, question);
        let (holder, how, why) =
            found.unwrap_or_else(|| inherited(snapshot, links.last(), &snapshot.grid(ix).code, role));
        links.push(Link { level: &level.code, role, holder, how, why });
    }
    if let (true, Some(&top)) = (links.is_empty(), path.first()) {
        let level = snapshot.region().level(snapshot.grid(top).depth);
        let (holder, how, why) = inherited(snapshot, None, &snapshot.grid(top).code, "fallback");
        links.push(Link { level: &level.code, role: "fallback", holder, how, why });
    }
    links.reverse();
    links
}

/// Of a chain the lowest who holds a duty of their own: whom to call first.
pub(super) fn first_to_call<'s>(chain: &[Link<'s>]) -> Option<Link<'s>> {
    chain.iter().find(|link| link.how == How::Duty).or(chain.first()).copied()
}

type Found<'s> = (HolderRef<'s>, How, Rule<'s>);

fn answering<'s>(
    snapshot: &'s Snapshot,
    ix: GridIndex,
    role: &'s str,
    p: LatticePoint,
    question: &Question<'_>,
) -> Option<Found<'s>> {
    let roster = snapshot.roster();
    let counts = |duty: &Duty| duty.holds_at(question.at) && question.fits(&duty.categories, false);
    let holding = |assignment: Assignment<'s>| {
        Some((assignment.duty, holder_ref(assignment.holder?))).filter(|(duty, _)| counts(duty))
    };

    if let Some((duty, holder)) = roster.on_polygons(role, p).filter_map(holding).reduce(began_last) {
        return Some((holder, How::Duty, Rule::OwnPolygon { duty: &duty.id }));
    }
    let on_grid = || roster.on_grids(role, ix..ix + 1).map(|(_, assignment)| assignment);
    let code = &snapshot.grid(ix).code;
    if let Some((_, holder)) = on_grid().filter_map(holding).reduce(began_last) {
        return Some((holder, How::Duty, Rule::Held { role, code }));
    }
    let vacant = on_grid().filter(|assignment| question.fits(&assignment.duty.categories, false));
    let with_deputy = vacant.filter_map(|assignment| Some((assignment.duty, holder_ref(assignment.deputy?))));
    let (duty, deputy) = with_deputy.min_by_key(|(duty, _)| vacancy_order(duty, question.at))?;
    Some((deputy, How::Deputy, Rule::Deputy { role, code, duty: &duty.id }))
}

fn inherited<'s>(snapshot: &'s Snapshot, above: Option<&Link<'s>>, code: &'s str, role: &'s str) -> Found<'s> {
    if let Some(above) = above {
        let why = Rule::Above { role, code, above_role: above.role, above_level: above.level };
        return (above.holder, How::Parent, why);
    }
    let fallback = &snapshot.region().fallback;
    let phone = snapshot.people().holder(&fallback.holder).map(|holder| &holder.phone);
    let holder = HolderRef { id: &fallback.holder, name: &fallback.name, phone };
    (holder, How::Parent, Rule::Fallback { role, code })
}

pub(super) fn holder_ref(holder: &Holder) -> HolderRef<'_> {
    HolderRef { id: &holder.id, name: &holder.name, phone: Some(&holder.phone) }
}

/// Of two duties that count, the one that began last; the first where both began at once.
fn began_last<'s>(a: (&'s Duty, HolderRef<'s>), b: (&'s Duty, HolderRef<'s>)) -> (&'s Duty, HolderRef<'s>) {
    if b.0.from > a.0.from { b } else { a }
}

/// Orders vacant duties: a holder who is gone first, then what ended last, then what begins first.
fn vacancy_order(duty: &Duty, at: DateTime<Utc>) -> (u8, i64) {
    match (duty.from, duty.to) {
        (_, Some(to)) if to <= at => (1, (at - to).num_milliseconds()),
        (Some(from), _) if from > at => (2, (from - at).num_milliseconds()),
        _ => (0, 0),
    }
}

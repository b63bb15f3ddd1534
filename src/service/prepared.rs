//! Answers to the plain question, about a point as it stands now, with all their standing text already written.
//!
//! For every point of one own ground the grids, the chain and the mediators' names are the same: only the position, the
//! distances and the neighbour differ. So the text of an answer is rendered once for each ground, by the same
//! [`AnswerJson`] as any other, cut where those stand, and a further answer is a copy of the pieces. Holds for one
//! snapshot, and until the next duty begins or ends.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::locate::{Question, grid_ref, locate};
use super::mediators;
use crate::domain::answer::MAX_MEDIATORS;
use crate::domain::{Answer, Duty, Mediator, Principal};
use crate::format::answer::{AnswerJson, GridJson, MediatorJson, rounded};
use crate::geometry::{LatticePoint, Position};
use crate::index::metric::Metric;
use crate::index::{GridIndex, Snapshot};

/// How many grounds keep their text: about 3 kB each, so a province does not fill the memory with answers.
const MAX_GROUNDS: usize = 16_384;

/// The standing texts of one snapshot's grounds, each written when it is first asked for.
#[derive(Debug)]
pub struct Prepared {
    snapshot: Arc<Snapshot>,
    principal: Principal,
    /// While `now` is in it, the same duties count.
    holds: Range<DateTime<Utc>>,
    /// By grid; empty where a duty on a polygon of its own may answer differently within one ground.
    grounds: Box<[OnceLock<Standing>]>,
    /// By grid, as a neighbour is named.
    names: Box<[OnceLock<Box<str>>]>,
    n_grounds: AtomicUsize,
}

/// What is the same in every answer from one ground.
#[derive(Debug)]
struct Standing {
    before_position: String,
    before_edge: String,
    before_mediators: String,
    end: String,
    mediators: Vec<StandingMediator>,
}

#[derive(Debug)]
struct StandingMediator {
    at: Option<LatticePoint>,
    before_distance: String,
    end: String,
}

impl Prepared {
    /// Prepares answers from `snapshot` for questions that `principal` asks at `now` and around it.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, principal: Principal, now: DateTime<Utc>) -> Self {
        let of_grids = if snapshot.roster().has_polygons() { 0 } else { snapshot.tree().len() };
        let holds = unchanged_around(snapshot.people().duties(), now);
        let grounds = std::iter::repeat_with(OnceLock::new).take(of_grids).collect();
        let names = std::iter::repeat_with(OnceLock::new).take(of_grids).collect();
        Self { snapshot, principal, holds, grounds, names, n_grounds: AtomicUsize::new(0) }
    }

    /// Tells whether it answers `principal` for `snapshot` at `now`.
    #[must_use]
    pub fn answers_for(&self, snapshot: &Arc<Snapshot>, principal: Principal, now: DateTime<Utc>) -> bool {
        Arc::ptr_eq(&self.snapshot, snapshot) && self.principal == principal && self.holds.contains(&now)
    }

    /// Returns the JSON of [`locate`]'s answer for an exact position at `now`, or `None` where it has to be asked.
    ///
    /// Cost: one look-up of the owner, the distances to its edges and mediators, and a copy of the text.
    #[must_use]
    pub fn answer(&self, position: Position, now: DateTime<Utc>) -> Option<Vec<u8>> {
        let p = LatticePoint::from(position);
        let tree = self.snapshot.tree();
        let owner = tree.owner(p)?;
        let standing = self.standing(owner, position, now)?;
        let mut out = Vec::with_capacity(4096);
        let mut put = |text: &str| out.extend_from_slice(text.as_bytes());
        put(&standing.before_position);
        number(position.lon(), &mut out);
        out.extend_from_slice(b",\"lat\":");
        number(position.lat(), &mut out);
        out.extend_from_slice(standing.before_edge.as_bytes());
        let (distance_m, beyond) = tree.edge(owner, p)?;
        out.extend_from_slice(b"{\"distance_m\":");
        number(rounded(distance_m), &mut out);
        out.extend_from_slice(b",\"neighbour\":");
        out.extend_from_slice(beyond.map_or("null", |ix| self.name(ix)).as_bytes());
        out.extend_from_slice(standing.before_mediators.as_bytes());
        standing.write_mediators(Metric::around(p), &mut out);
        out.extend_from_slice(standing.end.as_bytes());
        Some(out)
    }

    fn name(&self, ix: GridIndex) -> &str {
        self.names[ix as usize].get_or_init(|| {
            let name = serde_json::to_string(&GridJson(&grid_ref(&self.snapshot, ix)));
            name.expect("a grid's names are text").into_boxed_str()
        })
    }

    fn standing(&self, owner: GridIndex, position: Position, now: DateTime<Utc>) -> Option<&Standing> {
        let place = self.grounds.get(owner as usize)?;
        if let Some(standing) = place.get() {
            return Some(standing);
        }
        if self.n_grounds.load(Ordering::Relaxed) >= MAX_GROUNDS {
            return None;
        }
        let standing = Standing::render(&self.snapshot, owner, &Question::new(self.principal, position, now))?;
        Some(place.get_or_init(|| {
            self.n_grounds.fetch_add(1, Ordering::Relaxed);
            standing
        }))
    }
}

impl Standing {
    /// Renders one answer from the ground and cuts it where points differ; `None` where nobody on it mediates.
    fn render(snapshot: &Snapshot, owner: GridIndex, question: &Question<'_>) -> Option<Self> {
        let origin = Position::new(0.0, 0.0).expect("zero is a position");
        let covering = mediators::covering(snapshot, &snapshot.path(owner), question);
        if covering.is_empty() {
            return None;
        }
        let answer = Answer { position: origin, edge: None, mediators: Vec::new(), ..locate(snapshot, question) };
        let text =
            serde_json::to_string(&AnswerJson(&answer)).expect("an answer has only text keys and finite numbers");
        // Quotes inside names are escaped, so each of these stands once, where it belongs.
        let (before_position, rest) = text.split_once("0.0,\"lat\":0.0")?;
        let (before_edge, rest) = rest.split_once("null,\"certain\"")?;
        let (before_mediators, end) = rest.split_once("],\"nearest\"")?;
        Some(Self {
            before_position: before_position.to_owned(),
            before_edge: before_edge.to_owned(),
            before_mediators: format!("}},\"certain\"{before_mediators}"),
            end: format!("],\"nearest\"{end}"),
            mediators: covering.iter().filter_map(|(mediator, at)| StandingMediator::render(*mediator, *at)).collect(),
        })
    }

    fn write_mediators(&self, metric: Metric, out: &mut Vec<u8>) {
        let far = |one: &StandingMediator| one.at.map(|at| metric.distance_m(at));
        let mut nearest: Vec<(Option<f64>, &StandingMediator)> = self.mediators.iter().map(|m| (far(m), m)).collect();
        nearest.sort_by(|(a, _), (b, _)| a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)));
        // Those of one committee are found at one place, so a distance is printed once for all of them.
        let mut printed = (None, Vec::new());
        for (place, (distance_m, mediator)) in nearest.into_iter().take(MAX_MEDIATORS).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            if let Some(m) = distance_m.filter(|_| distance_m != printed.0) {
                printed = (distance_m, Vec::new());
                number(rounded(m), &mut printed.1);
            }
            out.extend_from_slice(mediator.before_distance.as_bytes());
            out.extend_from_slice(if distance_m.is_some() { &printed.1 } else { b"null" });
            out.extend_from_slice(mediator.end.as_bytes());
        }
    }
}

impl StandingMediator {
    fn render(mediator: Mediator<'_>, at: Option<LatticePoint>) -> Option<Self> {
        let mediator = Mediator { distance_m: None, ..mediator };
        let text = serde_json::to_string(&MediatorJson(&mediator)).expect("a mediator's names are text");
        let (before, end) = text.split_once("null,\"why\"")?;
        Some(Self { at, before_distance: before.to_owned(), end: format!(",\"why\"{end}") })
    }
}

fn number(n: f64, out: &mut Vec<u8>) {
    serde_json::to_writer(out, &n).expect("a finite number is JSON");
}

/// The time around `now` in which no duty begins or ends.
fn unchanged_around(duties: &[Duty], now: DateTime<Utc>) -> Range<DateTime<Utc>> {
    let turns = || duties.iter().flat_map(|duty| [duty.from, duty.to]).flatten();
    let start = turns().filter(|turn| *turn <= now).max().unwrap_or(DateTime::<Utc>::MIN_UTC);
    let end = turns().filter(|turn| *turn > now).min().unwrap_or(DateTime::<Utc>::MAX_UTC);
    start..end
}

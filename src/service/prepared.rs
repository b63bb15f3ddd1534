//! Answers to the plain question, about a point as it stands now, with all their standing text already written.
//!
//! For every point of one own ground the grids, the chain and the mediators' names are the same: only the position, the
//! distances and the neighbour differ. So the text of an answer is rendered once for each ground, by the same
//! [`AnswerJson`] as any other, cut where those stand, and a further answer is a copy of the pieces. Holds for one
//! snapshot, and until the next duty begins or ends.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};

use super::locate::{Question, grid_ref, locate};
use super::made::Made;
use super::{Gridmap, mediators};
use crate::domain::answer::MAX_MEDIATORS;
use crate::domain::{Action, Answer, Duty, Mediator, Noun, Principal};
use crate::format::answer::{AnswerJson, GridJson, MediatorJson, rounded};
use crate::geometry::{LatticePoint, Position};
use crate::index::metric::Metric;
use crate::index::{GridIndex, Published, Snapshot};

/// How many grounds keep their text: about 3 kB each, so a province does not fill the memory with answers.
const MAX_GROUNDS: usize = 16_384;

/// With more mediators to choose from than this, a ground keeps no text.
const MAX_STANDING_MEDIATORS: usize = 64;

/// Bytes that an answer seldom exceeds; a longer one only costs a further growth.
const USUAL_LENGTH: usize = 4096;

/// The standing texts of one snapshot's grounds, each written when it is first asked for.
#[derive(Debug)]
pub struct Prepared {
    snapshot: Arc<Snapshot>,
    /// While `now` is in it, the same duties count.
    holds: Range<DateTime<Utc>>,
    /// By grid; `None` where every point has to be asked.
    grounds: Box<[OnceLock<Option<Standing>>]>,
    /// By grid, as a neighbour is named.
    names: Box<[OnceLock<Box<str>>]>,
    n_grounds: AtomicUsize,
}

/// The prepared answers of the published snapshot, kept from one request to the next. They are the same for everyone.
#[derive(Debug, Default)]
pub struct AnswerCache {
    prepared: Published<Prepared>,
    made: Made,
}

impl AnswerCache {
    /// How many sets of answers were begun.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    fn answer(&self, snapshot: &Arc<Snapshot>, position: Position, now: DateTime<Utc>) -> Option<Bytes> {
        if let Some(prepared) = self.prepared.glance().as_ref()
            && prepared.answers_for(snapshot, now)
        {
            return written(prepared, position, now);
        }
        let prepared = Arc::new(Prepared::new(Arc::clone(snapshot), now));
        self.made.note();
        self.prepared.publish(Arc::clone(&prepared));
        written(&prepared, position, now)
    }
}

/// The JSON of who answers at `position` now, if that is a question with a prepared answer and `principal` may ask it.
///
/// What dispatchers ask all day: it makes no [`Caller`](super::Caller) and waits for nothing.
#[must_use]
pub fn answer(gridmap: &Gridmap, principal: &Principal, position: Position) -> Option<Bytes> {
    if !principal.may(Action::Locate, Noun::Grids) {
        return None;
    }
    gridmap.caches().answers.answer(gridmap.glance().as_ref()?, position, gridmap.now())
}

/// Enough for the answers that one thread has under way at a time.
const RESPONSE_BUFFER_BYTES: usize = 64 * 1024;

thread_local! {
    /// Answers are written one behind the other into one piece of memory, which comes round again once they are sent.
    static RESPONSE_BUFFER: RefCell<BytesMut> = RefCell::new(BytesMut::with_capacity(RESPONSE_BUFFER_BYTES));
}

fn written(prepared: &Prepared, position: Position, now: DateTime<Utc>) -> Option<Bytes> {
    RESPONSE_BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        prepared.answer(position, now, buffer)?;
        Some(buffer.split().freeze())
    })
}

/// What is the same in every answer from one ground: pieces of one text, in the order in which they mostly stand, so that
/// copying them reads on through memory.
#[derive(Debug)]
struct Standing {
    text: Box<str>,
    before_position: Range<usize>,
    before_edge: Range<usize>,
    before_mediators: Range<usize>,
    mediators: Box<[StandingMediator]>,
    end: Range<usize>,
    /// Whether all mediators are found at one place, so that none is nearer than another.
    one_place: bool,
}

#[derive(Debug)]
struct StandingMediator {
    at: Option<LatticePoint>,
    before_distance: Range<usize>,
    end: Range<usize>,
}

impl Prepared {
    /// Prepares answers from `snapshot` for questions asked at `now` and around it.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, now: DateTime<Utc>) -> Self {
        let of_grids = snapshot.tree().len();
        let holds = unchanged_around(snapshot.people().duties(), now);
        let grounds = std::iter::repeat_with(OnceLock::new).take(of_grids).collect();
        let names = std::iter::repeat_with(OnceLock::new).take(of_grids).collect();
        Self { snapshot, holds, grounds, names, n_grounds: AtomicUsize::new(0) }
    }

    /// Tells whether it answers for `snapshot` at `now`.
    #[must_use]
    pub fn answers_for(&self, snapshot: &Arc<Snapshot>, now: DateTime<Utc>) -> bool {
        Arc::ptr_eq(&self.snapshot, snapshot) && self.holds.contains(&now)
    }

    /// Appends the JSON of [`locate`]'s answer for an exact position at `now`; `None`, and nothing appended that
    /// counts, where it has to be asked.
    ///
    /// Cost: one look-up of the owner, the distances to its edges and mediators, and a copy of the text.
    #[must_use]
    pub fn answer(&self, position: Position, now: DateTime<Utc>, out: &mut BytesMut) -> Option<()> {
        let p = LatticePoint::from(position);
        let tree = self.snapshot.tree();
        let owner = tree.owner(p)?;
        let standing = self.standing(owner, position, now)?;
        let (distance_m, beyond) = tree.edge(owner, p)?;
        out.reserve(USUAL_LENGTH);
        standing.put(&standing.before_position, out);
        out.extend_from_slice(Printed::new(position.lon()).as_bytes());
        out.extend_from_slice(b",\"lat\":");
        out.extend_from_slice(Printed::new(position.lat()).as_bytes());
        standing.put(&standing.before_edge, out);
        out.extend_from_slice(b"{\"distance_m\":");
        out.extend_from_slice(Printed::new(rounded(distance_m)).as_bytes());
        out.extend_from_slice(b",\"neighbour\":");
        out.extend_from_slice(beyond.map_or("null", |ix| self.name(ix)).as_bytes());
        standing.put(&standing.before_mediators, out);
        standing.put_mediators(Metric::around(p), out);
        standing.put(&standing.end, out);
        Some(())
    }

    fn name(&self, ix: GridIndex) -> &str {
        self.names[ix as usize].get_or_init(|| {
            let name = serde_json::to_string(&GridJson(&grid_ref(&self.snapshot, ix)));
            name.expect("a grid's names are text").into_boxed_str()
        })
    }

    fn standing(&self, owner: GridIndex, position: Position, now: DateTime<Utc>) -> Option<&Standing> {
        let place = &self.grounds[owner as usize];
        if let Some(standing) = place.get() {
            return standing.as_ref();
        }
        if self.n_grounds.load(Ordering::Relaxed) >= MAX_GROUNDS {
            return None;
        }
        let standing = Standing::render(&self.snapshot, owner, &Question::new(position, now));
        let kept = || {
            self.n_grounds.fetch_add(1, Ordering::Relaxed);
            standing
        };
        place.get_or_init(kept).as_ref()
    }
}

impl Standing {
    /// Renders one answer from the ground and cuts it where points differ; `None` where a duty's own polygon may answer
    /// differently within the ground, or too many mediators are to choose from.
    fn render(snapshot: &Snapshot, owner: GridIndex, question: &Question<'_>) -> Option<Self> {
        if snapshot.roster().has_polygon_in(snapshot.grid(owner).bbox) {
            return None;
        }
        let origin = Position::new(0.0, 0.0).expect("zero is a position");
        let standing = mediators::standing(snapshot, &snapshot.path(owner), question);
        if standing.len() > MAX_STANDING_MEDIATORS {
            return None;
        }
        let answer = Answer { position: origin, edge: None, mediators: Vec::new(), ..locate(snapshot, question) };
        let answer =
            serde_json::to_string(&AnswerJson(&answer)).expect("an answer has only text keys and finite numbers");
        // Quotes inside names are escaped, so each of these stands once, where it belongs.
        let (before_position, rest) = answer.split_once("0.0,\"lat\":0.0")?;
        let (before_edge, rest) = rest.split_once("null,\"certain\"")?;
        let (before_mediators, end) = rest.split_once("],\"nearest\"")?;
        let mut text = String::with_capacity(USUAL_LENGTH);
        let mut add = |piece: &str| {
            let start = text.len();
            text.push_str(piece);
            start..text.len()
        };
        let before_position = add(before_position);
        let before_edge = add(before_edge);
        let before_mediators = add(&format!("}},\"certain\"{before_mediators}"));
        let mediators: Box<[_]> =
            standing.iter().map(|(mediator, at)| StandingMediator::render(*mediator, *at, &mut add)).collect();
        let end = add(&format!("],\"nearest\"{end}"));
        let one_place = mediators.windows(2).all(|two| two[0].at == two[1].at);
        Some(Self { text: text.into(), before_position, before_edge, before_mediators, mediators, end, one_place })
    }

    fn put(&self, piece: &Range<usize>, out: &mut BytesMut) {
        out.extend_from_slice(&self.text.as_bytes()[piece.clone()]);
    }

    fn put_mediators(&self, metric: Metric, out: &mut BytesMut) {
        let far = |one: &StandingMediator| one.at.map(|at| metric.distance_m(at));
        if self.one_place {
            let distance = Printed::distance(self.mediators.first().and_then(far));
            self.put_each(self.mediators.iter().map(|one| (distance, one)), out);
            return;
        }
        let mut nearest: Vec<(Option<f64>, &StandingMediator)> = self.mediators.iter().map(|m| (far(m), m)).collect();
        nearest.sort_by(|(a, _), (b, _)| a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)));
        self.put_each(nearest.into_iter().map(|(distance_m, one)| (Printed::distance(distance_m), one)), out);
    }

    fn put_each<'a>(&self, nearest: impl Iterator<Item = (Printed, &'a StandingMediator)>, out: &mut BytesMut) {
        for (place, (distance, mediator)) in nearest.take(MAX_MEDIATORS).enumerate() {
            if place > 0 {
                out.extend_from_slice(b",");
            }
            self.put(&mediator.before_distance, out);
            out.extend_from_slice(distance.as_bytes());
            self.put(&mediator.end, out);
        }
    }
}

impl StandingMediator {
    /// Renders one mediator, having `add` keep the pieces.
    fn render(mediator: Mediator<'_>, at: Option<LatticePoint>, mut add: impl FnMut(&str) -> Range<usize>) -> Self {
        let mediator = Mediator { distance_m: None, ..mediator };
        let text = serde_json::to_string(&MediatorJson(&mediator)).expect("a mediator's names are text");
        let (before, end) = text.split_once("null,\"why\"").expect("a distance that is not known is null");
        Self { at, before_distance: add(before), end: add(&format!(",\"why\"{end}")) }
    }
}

/// A number as JSON.
#[derive(Clone, Copy, Debug)]
struct Printed {
    text: [u8; 24],
    length: usize,
}

impl Printed {
    fn new(n: f64) -> Self {
        let mut text = [0; 24];
        let mut rest = &mut text[..];
        serde_json::to_writer(&mut rest, &n).expect("no finite number is longer than 24 characters");
        let length = 24 - rest.len();
        Self { text, length }
    }

    /// A distance as it is told, or that it is not known.
    fn distance(distance_m: Option<f64>) -> Self {
        Self::new(distance_m.map_or(f64::NAN, rounded))
    }

    fn as_bytes(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// The time around `now` in which no duty begins or ends.
fn unchanged_around(duties: &[Duty], now: DateTime<Utc>) -> Range<DateTime<Utc>> {
    let turns = || duties.iter().flat_map(|duty| [duty.from, duty.to]).flatten();
    let start = turns().filter(|turn| *turn <= now).max().unwrap_or(DateTime::<Utc>::MIN_UTC);
    let end = turns().filter(|turn| *turn > now).min().unwrap_or(DateTime::<Utc>::MAX_UTC);
    start..end
}

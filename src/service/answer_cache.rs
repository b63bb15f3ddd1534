//! Answers to the plain question, about a point as of now, with all that is the same already written.
//!
//! For every point of one grid's own ground that no duty's own polygon covers, the grids, the chain and the mediators'
//! names are the same: only the position, the distances and the neighbour differ. So each grid has an [`AnswerTemplate`],
//! and a further answer fills it. Holds while the ground and the people are the same, and until the next duty begins or
//! ends: an incident or a household that is stored only puts another revision into it.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Utc};

use super::locate::{Question, locate, phones};
use super::made::Made;
use super::{Gridmap, mediators};
use crate::domain::answer::MAX_MEDIATORS;
use crate::domain::{Action, Duty, Grant, Mediator, Noun, Principal, Revision};
use crate::format::answer::GridJson;
use crate::format::answer_template::AnswerTemplate;
use crate::geometry::{LatticePoint, Position};
use crate::index::projection::LocalProjection;
use crate::index::{GridIndex, Published, Snapshot};

/// How many grids keep a template: about 3 kB each, so a province does not fill the memory with answers.
const MOST_GRIDS: usize = 16_384;

/// With more mediators to choose from than this, a grid keeps none.
const MOST_MEDIATORS: usize = 64;

/// The answers of one ground's grids, each made when it is first asked for.
#[derive(Debug)]
pub struct GridAnswers {
    snapshot: Arc<Snapshot>,
    /// While `now` is in it, the same duties count.
    holds: Range<DateTime<Utc>>,
    /// The right to the telephones that are in them.
    phones: Option<Grant>,
    /// By grid; `None` where every point has to be asked.
    grids: Box<[OnceLock<Option<GridAnswer>>]>,
    /// By grid, as a neighbour is named.
    names: Box<[OnceLock<Box<str>>]>,
    n_made: AtomicUsize,
}

/// The prepared answers of the published snapshot, kept from one request to the next: those without telephones, and those
/// with them for callers of all the ground. Nothing else of an answer differs by who asks.
#[derive(Debug, Default)]
pub struct AnswerCache {
    without_phones: Published<GridAnswers>,
    with_phones: Published<GridAnswers>,
    made: Made,
}

impl AnswerCache {
    /// How many sets of answers were begun.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    fn answer(
        &self,
        snapshot: &Arc<Snapshot>,
        position: Position,
        now: DateTime<Utc>,
        phones: Option<Grant>,
    ) -> Option<Bytes> {
        let kept = if phones.is_some() { &self.with_phones } else { &self.without_phones };
        if let Some(prepared) = kept.load().as_ref()
            && prepared.answers_for(snapshot, now)
        {
            return written(prepared, snapshot.revision(), position, now);
        }
        let prepared = Arc::new(GridAnswers::new(Arc::clone(snapshot), now, phones));
        self.made.note();
        kept.publish(Arc::clone(&prepared));
        written(&prepared, snapshot.revision(), position, now)
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
    gridmap.caches().answers.answer(gridmap.load().as_ref()?, position, gridmap.now(), phones(principal))
}

/// Enough for the answers that one thread has under way at a time.
const RESPONSE_BUFFER_BYTES: usize = 64 * 1024;

thread_local! {
    /// Answers are written one behind the other into one piece of memory, which comes round again once they are sent.
    static RESPONSE_BUFFER: RefCell<BytesMut> = RefCell::new(BytesMut::with_capacity(RESPONSE_BUFFER_BYTES));
}

fn written(prepared: &GridAnswers, revision: Revision, position: Position, now: DateTime<Utc>) -> Option<Bytes> {
    RESPONSE_BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        prepared.answer(revision, position, now, buffer)?;
        Some(buffer.split().freeze())
    })
}

/// What the answers of one grid's own ground are filled from.
#[derive(Debug)]
struct GridAnswer {
    template: AnswerTemplate,
    /// Where each mediator of the template is found.
    mediators: Box<[Option<LatticePoint>]>,
    /// Whether all mediators are found at one place, so that none is nearer than another.
    one_place: bool,
    /// Whether a duty's own polygon may reach in: where one covers the point, it has to be asked.
    has_polygons: bool,
}

impl GridAnswers {
    /// Prepares answers from `snapshot` for questions asked at `now` and around it, by callers with the right `phones`.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, now: DateTime<Utc>, phones: Option<Grant>) -> Self {
        let of_grids = snapshot.tree().len();
        let holds = unchanged_around(snapshot.people().duties(), now);
        let grids = std::iter::repeat_with(OnceLock::new).take(of_grids).collect();
        let names = std::iter::repeat_with(OnceLock::new).take(of_grids).collect();
        Self { snapshot, holds, phones, grids, names, n_made: AtomicUsize::new(0) }
    }

    /// Tells whether it answers for `snapshot` at `now`: one of the same ground and people, of whatever revision.
    #[must_use]
    pub fn answers_for(&self, snapshot: &Snapshot, now: DateTime<Utc>) -> bool {
        self.snapshot.answers_like(snapshot) && self.holds.contains(&now)
    }

    /// Appends the JSON of [`locate`]'s answer for an exact position at `now`, as of `revision`; `None`, and nothing appended
    /// that counts, where it has to be asked.
    ///
    /// Cost: one look-up of the owner, the distances to its edges and mediators, and a copy of the text.
    #[must_use]
    pub fn answer(&self, revision: Revision, position: Position, now: DateTime<Utc>, out: &mut BytesMut) -> Option<()> {
        let tree = self.snapshot.tree();
        let p = tree.point(position);
        let owner = tree.owner(p)?;
        let grid_answer = self.grid_answer(owner, position, now)?;
        if grid_answer.has_polygons && self.snapshot.roster().has_polygon_over(p) {
            return None;
        }
        let (distance_m, beyond) = tree.edge(owner, p)?;
        let neighbour = beyond.map(|ix| self.name(ix));
        grid_answer.fill(revision, p, position, distance_m, neighbour, out);
        Some(())
    }

    fn name(&self, ix: GridIndex) -> &str {
        self.names[ix as usize].get_or_init(|| {
            let name = serde_json::to_string(&GridJson(&self.snapshot.grid_ref(ix)));
            name.expect("a grid's names are text").into_boxed_str()
        })
    }

    fn grid_answer(&self, owner: GridIndex, position: Position, now: DateTime<Utc>) -> Option<&GridAnswer> {
        let place = &self.grids[owner as usize];
        if let Some(made) = place.get() {
            return made.as_ref();
        }
        if self.n_made.load(Ordering::Relaxed) >= MOST_GRIDS {
            return None;
        }
        let question = Question::new(position, now);
        if self.snapshot.roster().has_polygon_over(self.snapshot.tree().point(position)) {
            return None;
        }
        let made = GridAnswer::new(&self.snapshot, owner, &question, self.phones.as_ref());
        let kept = || {
            self.n_made.fetch_add(1, Ordering::Relaxed);
            made
        };
        place.get_or_init(kept).as_ref()
    }
}

impl GridAnswer {
    /// Made of the answer to a point that no duty's own polygon covers; `None` where too many mediators are to choose from.
    fn new(snapshot: &Snapshot, owner: GridIndex, question: &Question<'_>, phones: Option<&Grant>) -> Option<Self> {
        let fitting = mediators::fitting_at_grid(snapshot, &snapshot.path(owner), question);
        if fitting.len() > MOST_MEDIATORS {
            return None;
        }
        let (named, mediators): (Vec<Mediator<'_>>, Vec<_>) = fitting.into_iter().unzip();
        let template = AnswerTemplate::new(&locate(snapshot, question), named, phones);
        let one_place = mediators.windows(2).all(|two| two[0] == two[1]);
        let has_polygons = snapshot.roster().has_polygon_in(snapshot.grid(owner).bbox);
        Some(Self { template, mediators: mediators.into(), one_place, has_polygons })
    }

    fn fill(
        &self,
        revision: Revision,
        p: LatticePoint,
        position: Position,
        distance_m: f64,
        neighbour: Option<&str>,
        out: &mut BytesMut,
    ) {
        let projection = LocalProjection::around(p);
        let far = |at: &Option<LatticePoint>| at.map(|at| projection.distance_m(at));
        if self.one_place {
            let distance = self.mediators.first().and_then(far);
            let first = (0..self.mediators.len().min(MAX_MEDIATORS)).map(|at| (at, distance));
            return self.template.fill(revision, position, distance_m, neighbour, first, out);
        }
        let mut nearest: Vec<(usize, Option<f64>)> = self.mediators.iter().map(far).enumerate().collect();
        nearest.sort_by(|(_, a), (_, b)| a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY)));
        self.template.fill(revision, position, distance_m, neighbour, nearest.into_iter().take(MAX_MEDIATORS), out);
    }
}

/// The time around `now` in which no duty begins or ends.
fn unchanged_around(duties: &[Duty], now: DateTime<Utc>) -> Range<DateTime<Utc>> {
    let turns = || duties.iter().flat_map(|duty| [duty.from, duty.to]).flatten();
    let start = turns().filter(|turn| *turn <= now).max().unwrap_or(DateTime::<Utc>::MIN_UTC);
    let end = turns().filter(|turn| *turn > now).min().unwrap_or(DateTime::<Utc>::MAX_UTC);
    start..end
}

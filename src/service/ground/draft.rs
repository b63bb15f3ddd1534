//! Changes of the ground as they would be published: each on the state in force at its own date, with all that count from
//! later dates made anew around it.
//!
//! A draft is made before anything is locked; [`publish`](super::publish()) writes all of it or nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use thiserror::Error;

use super::judge::{candidates, judge};
use super::merge::{Clash, merge};
use super::state::GroundState;
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationKind, GenerationNumber, Grid, NewGeneration, Parts, Revision, Timeline};
use crate::geometry::{LatticePoint, Position};
use crate::service::Gridmap;
use crate::store::{Store, StoreError};

/// A place where a change does not fit a generation of a later date.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The generation it does not fit, what its plan was called, and from when it counts.
    pub generation: GenerationNumber,
    pub plan: String,
    pub in_force: DateTime<Utc>,
    /// The code of the grid.
    pub code: String,
    /// `code`, `name`, `level`, `parent`, `boundary`; `grid` where it is removed, `ground` where grids do not fit together.
    pub field: &'static str,
    pub at: Option<Position>,
    pub what: String,
}

/// Why a change was not published.
#[derive(Debug, Error)]
pub enum NotPublished {
    #[error("{} places do not fit what is published for later dates", .0.len())]
    Conflicts(Vec<Conflict>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One change of the ground, whole.
pub(in crate::service) struct Change {
    pub(in crate::service) plan: String,
    pub(in crate::service) kind: GenerationKind,
    /// The generation whose difference is stored.
    pub(in crate::service) base: Option<GenerationNumber>,
    pub(in crate::service) in_force: DateTime<Utc>,
    pub(in crate::service) state: GroundState,
    pub(in crate::service) gaps: Vec<AcknowledgedGap>,
    pub(in crate::service) accept_gaps: bool,
}

pub(in crate::service) struct Draft {
    pub(in crate::service) store: Arc<dyn Store>,
    pub(in crate::service) now: DateTime<Utc>,
    /// What there was when the draft was begun.
    pub(in crate::service) revision: Revision,
    pub(in crate::service) settled: Option<GenerationNumber>,
    pub(in crate::service) known: Vec<Generation>,
    /// Those and the new ones.
    pub(in crate::service) generations: Vec<Generation>,
    states: HashMap<GenerationNumber, GroundState>,
    pub(in crate::service) new: Vec<NewGeneration>,
    /// Which generation the new one on the right replaces.
    pub(in crate::service) replaced: Vec<(GenerationNumber, GenerationNumber)>,
    /// Whether any of the changes moves ground.
    pub(in crate::service) moves_ground: bool,
}

impl Draft {
    /// Begins a draft on what is published now.
    pub(in crate::service) async fn begin(gridmap: &Gridmap) -> Result<Self, StoreError> {
        let store = Arc::clone(gridmap.store());
        // In this order, so that the settled one is among those known. Whether they are still the same is seen under the lock.
        let Parts { revision, settled, .. } = store.parts().await?;
        let known = store.generations().await?;
        Ok(Self {
            store,
            now: gridmap.now().trunc_subsecs(6),
            revision,
            settled,
            generations: known.clone(),
            known,
            states: HashMap::new(),
            new: Vec::new(),
            replaced: Vec::new(),
            moves_ground: false,
        })
    }

    pub(in crate::service) fn timeline(&self) -> Timeline<'_> {
        Timeline::new(&self.generations)
    }

    /// The whole ground of a generation. The first one is read whole, others by what differs.
    pub(in crate::service) async fn state(&mut self, number: GenerationNumber) -> Result<GroundState, StoreError> {
        if let Some(known) = self.states.get(&number) {
            return Ok(known.clone());
        }
        let near = self.states.iter().find(|(number, _)| Timeline::new(&self.known).get(**number).is_some());
        let state = match near {
            Some((from, state)) => state.followed(&*self.store, *from, number).await?,
            None => GroundState::read(&*self.store, number).await?,
        };
        self.states.insert(number, state.clone());
        Ok(state)
    }

    /// The ground in force at `at`, with its generation; nothing before the first.
    pub(in crate::service) async fn state_at(
        &mut self,
        at: DateTime<Utc>,
    ) -> Result<(Option<GenerationNumber>, GroundState), StoreError> {
        let Some(number) = self.timeline().base_for(at).map(|base| base.number) else {
            return Ok((None, GroundState::default()));
        };
        Ok((Some(number), self.state(number).await?))
    }

    /// The generation that counts when the draft is published: the settled one, unless a new one counts already. Time does
    /// not run backwards: what is settled counts, whatever the clock says.
    pub(super) fn counts_now(&self) -> Option<GenerationNumber> {
        let settled = self.settled.and_then(|settled| self.timeline().get(settled));
        let now = settled.map_or(self.now, |settled| settled.in_force.max(self.now));
        match settled {
            Some(settled) if self.new.iter().all(|new| new.in_force > now) => Some(settled.number),
            _ => self.timeline().base_for(now).map(|counting| counting.number),
        }
    }

    /// Tells whether every position keeps its grid when the draft is published and `target` counts, also on the day of each
    /// generation that waits: only names change.
    pub(in crate::service) fn keeps_ground_until(&self, target: GenerationNumber) -> bool {
        let known = Timeline::new(&self.known);
        let target = self.timeline().get(target).map(|target| target.in_force);
        let before = target.and_then(|date| known.base_for(date)).map(|before| before.number);
        !self.moves_ground && self.settled.is_some() && before == self.settled
    }

    /// Adds a change, and merges it into every generation that counts from a later date. Returns its number.
    ///
    /// A ground before which there was none leaves later ones as they are: they were not made on it.
    pub(in crate::service) async fn put(&mut self, change: Change) -> Result<GenerationNumber, NotPublished> {
        let (before, old) = self.state_at(change.in_force).await?;
        let later: Vec<Generation> = match before {
            Some(_) => self.timeline().later_than(change.in_force).into_iter().cloned().collect(),
            None => Vec::new(),
        };
        let in_force = change.in_force;
        let (new, gaps, accept_gaps) = (change.state.clone(), change.gaps.clone(), change.accept_gaps);
        let moves_ground = old.difference(&new).moves_ground;
        self.moves_ground |= moves_ground;
        let number = self.push(change).await?;
        let same_date = |base: &&Generation| base.in_force == in_force;
        if let Some(before) = before.and_then(|before| self.timeline().get(before)).filter(same_date) {
            self.replaced.push((before.number, number));
        }
        let mut conflicts = Vec::new();
        for later in later {
            let theirs = self.state(later.number).await?;
            let gaps = [gaps.clone(), self.gaps(later.number).await?];
            let rebase = Rebase { old: &old, new: &new, theirs: &theirs, later: &later, gaps, accept_gaps };
            match rebase.run().await {
                Err(found) => conflicts.extend(found),
                Ok((state, _)) if theirs.difference(&state).is_empty() => {}
                Ok((state, gaps)) => {
                    let kind = GenerationKind::Rebased { of: later.origin() };
                    let (base, plan, in_force) = (Some(later.number), later.plan.clone(), later.in_force);
                    let rebased = Change { plan, kind, base, in_force, state, gaps, accept_gaps };
                    let number = self.push(rebased).await?;
                    self.replaced.push((later.number, number));
                }
            }
        }
        if conflicts.is_empty() { Ok(number) } else { Err(NotPublished::Conflicts(conflicts)) }
    }

    /// The holes that were accepted in a generation.
    pub(in crate::service) async fn gaps(&self, number: GenerationNumber) -> Result<Vec<AcknowledgedGap>, StoreError> {
        let is_it = |new: &&NewGeneration| new.newest.unwrap_or(0) + 1 == number;
        match self.new.iter().find(is_it) {
            Some(new) => Ok(new.acknowledged_gaps.clone()),
            None => self.store.acknowledged_gaps(number).await,
        }
    }

    /// Adds a generation as it is.
    async fn push(&mut self, change: Change) -> Result<GenerationNumber, StoreError> {
        let base = match change.base {
            Some(base) => self.state(base).await?,
            None => GroundState::default(),
        };
        let difference = base.difference(&change.state);
        let newest = self.timeline().newest();
        let number = newest.unwrap_or(0) + 1;
        self.new.push(NewGeneration {
            plan: change.plan.clone(),
            kind: change.kind,
            newest,
            base: change.base,
            in_force: change.in_force,
            put: difference.grids(),
            removed: difference.removed,
            acknowledged_gaps: change.gaps.clone(),
        });
        self.generations.push(Generation {
            number,
            plan: change.plan,
            kind: change.kind,
            base: change.base,
            recorded: self.known.iter().map(|known| known.recorded).max().map_or(self.now, |last| last.max(self.now)),
            in_force: change.in_force,
            n_acknowledged_gaps: u32::try_from(change.gaps.len()).unwrap_or(u32::MAX),
        });
        self.states.insert(number, change.state);
        Ok(number)
    }
}

/// One merge of a change into a generation of a later date.
struct Rebase<'r> {
    old: &'r GroundState,
    new: &'r GroundState,
    theirs: &'r GroundState,
    later: &'r Generation,
    /// Those accepted in the change, and in the later generation.
    gaps: [Vec<AcknowledgedGap>; 2],
    accept_gaps: bool,
}

type Rebased = Result<(GroundState, Vec<AcknowledgedGap>), Vec<Conflict>>;

impl Rebase<'_> {
    async fn run(self) -> Rebased {
        let merged = match merge(self.old, self.new, self.theirs) {
            Ok(merged) => merged,
            Err(clashes) => return Err(clashes.into_iter().map(|clash| self.conflict(clash)).collect()),
        };
        let [ours, theirs] = &self.gaps;
        if !self.old.difference(self.theirs).moves_ground {
            return self.with_codes(merged, ours.clone());
        }
        if !self.old.difference(self.new).moves_ground {
            return self.with_codes(merged, theirs.clone());
        }
        let accepted: BTreeSet<LatticePoint> = ours.iter().chain(theirs).map(|gap| gap.at).collect();
        let accept_gaps = self.accept_gaps;
        let judging = tokio::task::spawn_blocking(move || {
            let known = |at: Position| accepted.contains(&LatticePoint::from(at));
            judge(candidates(&merged), None, |gap| accept_gaps || gap.at.is_some_and(known))
        });
        let (report, judged) = judging.await.expect("the checker returns whatever it is given");
        judged
            .map(|judged| (judged.state, judged.gaps))
            .ok_or_else(|| report.faults().map(Clash::from).map(|clash| self.conflict(clash)).collect())
    }

    /// Only names or only the one side's ground is other, so the grids fit; no code may be there twice.
    fn with_codes(&self, merged: GroundState, gaps: Vec<AcknowledgedGap>) -> Rebased {
        let mut seen = BTreeSet::new();
        let twice = merged.grids().filter(|grid| !seen.insert(grid.code.clone()));
        let clash = |grid: &Arc<Grid>| Clash {
            code: grid.code.clone(),
            field: "code",
            at: Some(grid.boundary.point_inside().position()),
            what: "two grids would have it".to_owned(),
        };
        let conflicts: Vec<Conflict> = twice.map(clash).map(|clash| self.conflict(clash)).collect();
        if conflicts.is_empty() { Ok((merged, gaps)) } else { Err(conflicts) }
    }

    fn conflict(&self, clash: Clash) -> Conflict {
        Conflict {
            generation: self.later.number,
            plan: self.later.plan.clone(),
            in_force: self.later.in_force,
            code: clash.code,
            field: clash.field,
            at: clash.at,
            what: clash.what,
        }
    }
}

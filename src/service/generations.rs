//! The generations of the ground as an operator sees them: what counts, what waits; and those that wait withdrawn or put to
//! another date.
//!
//! Nothing is taken away: a withdrawal is a generation of the same date whose ground is that in force before it, with the
//! other plans of that very date; what counts from later dates is published anew without the plan.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use thiserror::Error;

use super::ground::{
    Change, Clash, Conflict, Draft, GroundState, Judged, MAX_TRIES, NotPublished, candidates, judge, merge, publish,
};
use super::{Caller, Gridmap};
use crate::domain::{Action, Denied, Generation, GenerationKind, GenerationNumber, Noun, Revision, Timeline};
use crate::store::StoreError;

/// Why a waiting generation stays as it is.
#[derive(Debug, Error)]
pub enum ChangeError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no generation {0}")]
    Unknown(GenerationNumber),
    #[error("generation {number} counts since {in_force}: publish the correction you want instead")]
    InForce { number: GenerationNumber, in_force: DateTime<Utc> },
    #[error("generation {0} is withdrawn already")]
    Withdrawn(GenerationNumber),
    #[error("no ground counts before generation {0}, so nothing would be there without it")]
    First(GenerationNumber),
    #[error("generation {number} counts from {in_force} already")]
    SameDate { number: GenerationNumber, in_force: DateTime<Utc> },
    #[error("{} places do not fit what is published", .0.len())]
    Conflicts(Vec<Conflict>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotPublished> for ChangeError {
    fn from(refused: NotPublished) -> Self {
        match refused {
            NotPublished::Conflicts(conflicts) => Self::Conflicts(conflicts),
            NotPublished::Store(error) => Self::Store(error),
        }
    }
}

/// The state of a generation at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GenerationState {
    /// It counted before the one in force.
    Past,
    InForce,
    Waiting,
    /// Another was published for the same date, with its change in it.
    Replaced,
    /// It is a plan that was withdrawn, or what was made of one.
    Withdrawn,
}

impl GenerationState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Past => "past",
            Self::InForce => "in force",
            Self::Waiting => "waiting",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What was published to withdraw a plan or to put it to another date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub revision: Revision,
    /// The new generations, in the order of their numbers.
    pub published: Vec<(GenerationNumber, DateTime<Utc>)>,
    /// Households, incidents and service points that lie in another grid now.
    pub n_relocated: u64,
}

/// Returns every generation, by number, with its state now.
///
/// # Errors
/// When the store cannot be read.
pub async fn list(gridmap: &Gridmap) -> Result<Vec<(Generation, GenerationState)>, StoreError> {
    let generations = gridmap.store().generations().await?;
    let timeline = Timeline::new(&generations);
    let now = gridmap.now();
    let counting = timeline.base_for(now).map(|counting| counting.number);
    let state = |generation: &Generation| {
        let visible = timeline.base_for(generation.in_force).map(|visible| visible.number);
        if timeline.is_withdrawn(generation.origin()) {
            GenerationState::Withdrawn
        } else if visible != Some(generation.number) {
            GenerationState::Replaced
        } else if counting == Some(generation.number) {
            GenerationState::InForce
        } else if generation.in_force > now {
            GenerationState::Waiting
        } else {
            GenerationState::Past
        }
    };
    Ok(generations.iter().map(|generation| (generation.clone(), state(generation))).collect())
}

/// Withdraws the plan that generation `number` carries, which waits for its date.
///
/// # Errors
/// When it counts already, was withdrawn, or others hang on it; then nothing is changed.
pub async fn withdraw(caller: &Caller<'_>, number: GenerationNumber) -> Result<Changed, ChangeError> {
    change(caller, number, None).await
}

/// Puts the plan that generation `number` carries, which waits for its date, to another date; that may be one that has come.
///
/// # Errors
/// Like [`withdraw`]; also when it does not fit the ground of the new date.
pub async fn reschedule(
    caller: &Caller<'_>,
    number: GenerationNumber,
    in_force: DateTime<Utc>,
) -> Result<Changed, ChangeError> {
    change(caller, number, Some(in_force.trunc_subsecs(6))).await
}

async fn change(
    caller: &Caller<'_>,
    number: GenerationNumber,
    to: Option<DateTime<Utc>>,
) -> Result<Changed, ChangeError> {
    caller.principal().allows(Action::Import, Noun::Grids)?;
    let mut n_tries = 1;
    loop {
        match try_change(caller, number, to).await {
            Err(ChangeError::Store(StoreError::GenerationMoved { .. } | StoreError::Overtaken))
                if n_tries < MAX_TRIES =>
            {
                n_tries += 1;
            }
            done => return done,
        }
    }
}

async fn try_change(
    caller: &Caller<'_>,
    number: GenerationNumber,
    to: Option<DateTime<Utc>>,
) -> Result<Changed, ChangeError> {
    let gridmap = caller.gridmap();
    gridmap.refresh().await?;
    let mut draft = Draft::begin(gridmap).await?;
    let plan = waiting_plan(&draft, number)?;
    if to == Some(plan.in_force) {
        return Err(ChangeError::SameDate { number: plan.number, in_force: plan.in_force });
    }
    let without = without(&mut draft, &plan).await?;
    draft.put(without).await?;
    if let Some(in_force) = to {
        let moved = moved_to(&mut draft, &plan, in_force).await?;
        draft.put(moved).await?;
    }
    let reason = if to.is_some() { "a plan put to another date" } else { "a plan withdrawn" };
    let written = publish(caller, &mut draft, reason).await?;
    gridmap.refresh().await?;
    let published = draft.generations[draft.known.len()..].iter().map(|new| (new.number, new.in_force)).collect();
    Ok(Changed { revision: written.revision, published, n_relocated: written.moved.total() })
}

/// The plan that a generation carries, if it waits and was not withdrawn.
fn waiting_plan(draft: &Draft, number: GenerationNumber) -> Result<Generation, ChangeError> {
    let timeline = draft.timeline();
    let asked = timeline.get(number).ok_or(ChangeError::Unknown(number))?;
    let plan = timeline.get(asked.origin()).ok_or(ChangeError::Unknown(number))?;
    if plan.in_force <= draft.now {
        return Err(ChangeError::InForce { number: plan.number, in_force: plan.in_force });
    }
    if plan.kind != GenerationKind::Plan || timeline.is_withdrawn(plan.number) {
        return Err(ChangeError::Withdrawn(plan.number));
    }
    Ok(plan.clone())
}

/// The ground of the plan's date without it: that in force before, with the other plans of that date.
async fn without(draft: &mut Draft, plan: &Generation) -> Result<Change, ChangeError> {
    let (base, mut state) = draft.state_at(plan.in_force - TimeDelta::microseconds(1)).await?;
    let base = base.ok_or(ChangeError::First(plan.number))?;
    let mut gaps = draft.gaps(base).await?;
    let others = draft.timeline().plans_of(plan.in_force);
    let others: Vec<Generation> = others.into_iter().filter(|other| other.number != plan.number).cloned().collect();
    for other in others {
        (state, gaps) = with_plan(draft, &other, &state, &gaps).await?;
    }
    Ok(Change {
        plan: format!("withdrawal of generation {} ({})", plan.number, plan.plan),
        kind: GenerationKind::Withdrawal { of: plan.number },
        base: Some(base),
        in_force: plan.in_force,
        state,
        gaps,
        accept_gaps: false,
    })
}

/// The plan on the ground of another date.
async fn moved_to(draft: &mut Draft, plan: &Generation, in_force: DateTime<Utc>) -> Result<Change, ChangeError> {
    let (base, state) = draft.state_at(in_force).await?;
    let gaps = match base {
        Some(base) => draft.gaps(base).await?,
        None => return Err(ChangeError::First(plan.number)),
    };
    let (state, gaps) = with_plan(draft, plan, &state, &gaps).await?;
    let title = plan.plan.clone();
    Ok(Change { plan: title, kind: GenerationKind::Plan, base, in_force, state, gaps, accept_gaps: false })
}

/// `state` with what the plan changed, checked as a whole; holes are allowed where `gaps` or the plan accepted them.
async fn with_plan(
    draft: &mut Draft,
    plan: &Generation,
    state: &GroundState,
    gaps: &[crate::domain::generation::AcknowledgedGap],
) -> Result<(GroundState, Vec<crate::domain::generation::AcknowledgedGap>), ChangeError> {
    let before = match plan.base {
        Some(base) => draft.state(base).await?,
        None => GroundState::default(),
    };
    let after = draft.state(plan.number).await?;
    let conflict = |clash: Clash| Conflict {
        generation: plan.number,
        plan: plan.plan.clone(),
        in_force: plan.in_force,
        code: clash.code,
        field: clash.field,
        at: clash.at,
        what: clash.what,
    };
    let refused = |clashes: Vec<Clash>| ChangeError::Conflicts(clashes.into_iter().map(conflict).collect());
    let merged = merge(&before, &after, state).map_err(refused)?;
    let accepted: Vec<_> = gaps.iter().chain(&draft.gaps(plan.number).await?).map(|gap| gap.at).collect();
    let judging = tokio::task::spawn_blocking(move || {
        judge(candidates(&merged), None, |gap| gap.at.is_some_and(|at| accepted.contains(&at.into())))
    });
    let (report, judged) = judging.await.expect("the checker returns whatever it is given");
    match judged {
        Some(Judged { state, gaps, .. }) => Ok((state, gaps)),
        None => Err(refused(report.faults().map(Clash::from).collect())),
    }
}

//! The day of a waiting generation: what is stored is taken over onto its ground by one cheap transaction.
//!
//! The grids of stored things are those of one generation, the settled one, and the snapshot that is published is over its
//! ground: so figures, filters and locate agree, also while nobody can write. Any server may take over, also one that was
//! started on that day; the others find it done.

use chrono::TimeDelta;

use super::draft::Draft;
use super::publish::{NEW_DAY, resettle, still_the_same};
use crate::domain::{Generation, GenerationNumber, Noun, Timeline};
use crate::service::{Caller, Gridmap};
use crate::store::Result;

/// A clock behind the settled ground by no more than this is a clock that goes wrong a little, not one that was set back.
const CLOCKS_APART: TimeDelta = TimeDelta::hours(1);

impl Gridmap {
    /// The generation that counts by the clock, if what is stored is located on another.
    pub(super) fn due(
        &self,
        generations: &[Generation],
        settled: Option<GenerationNumber>,
    ) -> Option<GenerationNumber> {
        let (timeline, now) = (Timeline::new(generations), self.now());
        let target = timeline.base_for(now)?;
        let Some(settled) = settled.and_then(|settled| timeline.get(settled)) else { return Some(target.number) };
        let is_set_back = now + CLOCKS_APART < settled.in_force;
        let is_other = target.number != settled.number && (target.in_force >= settled.in_force || is_set_back);
        is_other.then_some(target.number)
    }

    /// Puts what is stored onto the ground that counts by the clock. Done twice, or by several servers, the second finds
    /// nothing to do.
    ///
    /// Cost: what moves; one pass over all that is stored where it is not known what ground that is located on.
    pub(super) async fn settle(&self) -> Result<()> {
        let mut draft = Draft::begin(self).await?;
        let Some(target) = self.due(&draft.known, draft.settled) else { return Ok(()) };
        let Some(days) = days_between(Timeline::new(&draft.known), draft.settled, target) else {
            let written = resettle(&Caller::system(self), &mut draft, target).await?;
            tracing::debug!(
                generation = target,
                n_moved = written.moved.total(),
                "all that is stored was put on this ground"
            );
            return Ok(());
        };
        let mut transaction = Caller::system(self).begin(NEW_DAY).await?;
        transaction.reserve(Noun::Grids).await?;
        transaction.hold().await?;
        still_the_same(&mut *transaction, &draft).await?;
        for day in days {
            transaction.take_over(day).await?;
        }
        transaction.commit().await?;
        tracing::debug!(generation = target, "a generation came into force");
        Ok(())
    }
}

/// The waiting generations whose days have come, if they lead from the settled one to the target.
fn days_between(
    timeline: Timeline<'_>,
    settled: Option<GenerationNumber>,
    target: GenerationNumber,
) -> Option<Vec<GenerationNumber>> {
    let (settled, target) = (timeline.get(settled?)?, timeline.get(target)?);
    let counts = timeline.base_for(settled.in_force).is_some_and(|counting| counting.number == settled.number);
    let days = timeline.later_than(settled.in_force).into_iter().filter(|day| day.in_force <= target.in_force);
    let days: Vec<GenerationNumber> = days.map(|day| day.number).collect();
    (counts && days.last() == Some(&target.number)).then_some(days)
}

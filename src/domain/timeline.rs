//! Which generation counts when: the only place that knows two dates.
//!
//! Of the generations recorded by a moment, the one in force last by a date is the ground of that date; of two in force
//! from the same instant, the one recorded later. This is right because whoever publishes a change for a date publishes,
//! in the same transaction, the generations of later dates anew with that change merged in ([`Timeline::later_than`]).

use chrono::{DateTime, Utc};

use super::generation::GenerationKind;
use super::{Generation, GenerationNumber};

/// Every generation there is, also superseded ones and those to come.
///
/// ```
/// use gridmap::domain::{Generation, GenerationKind, Timeline};
///
/// let day = |text: &str| format!("{text}T00:00:00Z").parse().unwrap();
/// let generation = |number, recorded, in_force| Generation {
///     number, plan: String::new(), kind: GenerationKind::Plan, base: None,
///     recorded: day(recorded), in_force: day(in_force), n_acknowledged_gaps: 0,
/// };
/// let all = [generation(1, "2024-01-05", "2024-01-01"), generation(2, "2024-02-01", "2024-06-01")];
/// let timeline = Timeline::new(&all);
/// assert_eq!(timeline.in_force(day("2024-06-02"), day("2024-06-02")).map(|g| g.number), Some(2));
/// assert_eq!(timeline.in_force(day("2024-06-02"), day("2024-01-20")).map(|g| g.number), Some(1), "as known then");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'g>(&'g [Generation]);

impl<'g> Timeline<'g> {
    /// Looks at `generations`, in any order.
    #[must_use]
    pub fn new(generations: &'g [Generation]) -> Self {
        Self(generations)
    }

    /// Returns the generation that counts at `at`, as known at `known_at`; `None` before the first.
    #[must_use]
    pub fn in_force(self, at: DateTime<Utc>, known_at: DateTime<Utc>) -> Option<&'g Generation> {
        let begun = self.known(known_at).filter(|generation| generation.in_force <= at);
        begun.max_by_key(|generation| (generation.in_force, generation.number))
    }

    /// The generations that were recorded by a moment.
    pub fn known(self, known_at: DateTime<Utc>) -> impl Iterator<Item = &'g Generation> {
        self.0.iter().filter(move |generation| generation.recorded <= known_at)
    }

    /// Returns what a change in force from `in_force` is made on: the ground of that date, as known now.
    #[must_use]
    pub fn base_for(self, in_force: DateTime<Utc>) -> Option<&'g Generation> {
        self.in_force(in_force, DateTime::<Utc>::MAX_UTC)
    }

    /// The generations that count from a date after `date` as known now, in the order of their dates: those that a change
    /// of `date` is merged into.
    #[must_use]
    pub fn later_than(self, date: DateTime<Utc>) -> Vec<&'g Generation> {
        let mut later: Vec<&Generation> = self.0.iter().filter(|generation| generation.in_force > date).collect();
        later.sort_by_key(|generation| (generation.in_force, std::cmp::Reverse(generation.number)));
        later.dedup_by_key(|generation| generation.in_force);
        later
    }

    /// The generations whose date has not come by `now`, in the order of their dates.
    #[must_use]
    pub fn waiting(self, now: DateTime<Utc>) -> Vec<&'g Generation> {
        self.later_than(now)
    }

    /// When the next generation comes into force after `now`.
    #[must_use]
    pub fn next_after(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.0.iter().map(|generation| generation.in_force).filter(|date| *date > now).min()
    }

    /// The newest number given.
    #[must_use]
    pub fn newest(self) -> Option<GenerationNumber> {
        self.0.iter().map(|generation| generation.number).max()
    }

    #[must_use]
    pub fn get(self, number: GenerationNumber) -> Option<&'g Generation> {
        self.0.iter().find(|generation| generation.number == number)
    }

    /// The plans of the very instant `date` that are not withdrawn, in the order they were recorded.
    #[must_use]
    pub fn plans_of(self, date: DateTime<Utc>) -> Vec<&'g Generation> {
        let is_plan = |g: &&Generation| g.kind == GenerationKind::Plan && g.in_force == date;
        let mut plans: Vec<_> = self.0.iter().filter(is_plan).filter(|plan| !self.is_withdrawn(plan.number)).collect();
        plans.sort_by_key(|plan| plan.number);
        plans
    }

    /// Tells whether the plan of that number was withdrawn.
    #[must_use]
    pub fn is_withdrawn(self, plan: GenerationNumber) -> bool {
        self.0.iter().any(|generation| generation.kind == GenerationKind::Withdrawal { of: plan })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> DateTime<Utc> {
        format!("2024-03-{day:02}T00:00:00Z").parse().unwrap()
    }

    fn generation(number: GenerationNumber, recorded: u32, in_force: u32) -> Generation {
        Generation {
            number,
            plan: String::new(),
            kind: GenerationKind::Plan,
            base: None,
            recorded: day(recorded),
            in_force: day(in_force),
            n_acknowledged_gaps: 0,
        }
    }

    /// A correction from the 4th on (3) comes while a redraw waits for the 20th (2), which is published anew with it (4).
    fn corrected() -> [Generation; 4] {
        let rebased = Generation { kind: GenerationKind::Rebased { of: 2 }, ..generation(4, 10, 20) };
        [generation(1, 1, 1), generation(2, 5, 20), generation(3, 10, 4), rebased]
    }

    #[test]
    fn two_dates_pick_one_generation() {
        let all = corrected();
        let number = |at, known_at| Timeline::new(&all).in_force(day(at), day(known_at)).map(|g| g.number);
        assert_eq!(number(3, 31), Some(1));
        assert_eq!(number(6, 31), Some(3), "the correction counts from the 4th");
        assert_eq!(number(6, 9), Some(1), "as known before it was recorded");
        assert_eq!(number(25, 31), Some(4), "the redraw with the correction in it");
        assert_eq!(number(25, 9), Some(2), "the redraw as it was known before");
        assert_eq!(number(1, 1), Some(1), "both dates count from their first instant");
        assert_eq!(Timeline::new(&all[1..]).in_force(day(3), day(31)), None);
    }

    #[test]
    fn a_change_is_made_on_the_ground_of_its_own_date() {
        let all = corrected();
        let timeline = Timeline::new(&all);
        let numbers = |generations: Vec<&Generation>| generations.iter().map(|g| g.number).collect::<Vec<_>>();
        assert_eq!(timeline.base_for(day(3)).map(|g| g.number), Some(1), "not the newest");
        assert_eq!(numbers(timeline.later_than(day(3))), [3, 4], "a superseded one is not merged into");
        assert_eq!(numbers(timeline.waiting(day(10))), [4]);
        assert_eq!(timeline.next_after(day(10)), Some(day(20)));
        assert_eq!(timeline.next_after(day(20)), None);
        assert_eq!(all[3].origin(), 2);
    }

    #[test]
    fn a_withdrawn_plan_is_no_plan_of_its_day() {
        let mut all = corrected().to_vec();
        let plans =
            |all: &[Generation]| Timeline::new(all).plans_of(day(20)).iter().map(|g| g.number).collect::<Vec<_>>();
        assert_eq!(plans(&all), [2]);
        all.push(Generation { kind: GenerationKind::Withdrawal { of: 2 }, ..generation(5, 11, 20) });
        assert_eq!(plans(&all), [0; 0]);
    }
}

//! A published state of the ground, with its two dates.
//!
//! Generations are a line: each is made on the one before it, and nothing in an older one is ever changed. Two dates
//! let any past question be asked: when a state was recorded (when we knew) and from when it is in force (when it
//! counts, which may lie in the future). [`in_force`] is the one rule that picks the generation for a question.

use chrono::{DateTime, Utc};

use super::{Grid, GridId};

/// The number of a generation: 1 for the first import, then one more each time.
pub type GenerationNumber = u32;

/// A published state of the ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    pub number: GenerationNumber,
    /// What the plan that made it was called: the redraw's title, or the imported files.
    pub plan: String,
    /// When it was committed.
    pub recorded: DateTime<Utc>,
    /// From when it counts.
    pub in_force: DateTime<Utc>,
    /// Places where the ground has a hole that was seen and accepted.
    pub n_acknowledged_gaps: u32,
}

/// What is to be published: the difference to the newest generation.
#[derive(Clone, Debug, PartialEq)]
pub struct NewGeneration {
    pub plan: String,
    /// The generation the difference was computed on; refused when another was published meanwhile.
    pub made_on: Option<GenerationNumber>,
    pub in_force: DateTime<Utc>,
    /// Grids that are new, or differ from those of the same id.
    pub put: Vec<Grid>,
    /// Grids that are no longer there.
    pub removed: Vec<GridId>,
    pub acknowledged_gaps: Vec<AcknowledgedGap>,
}

/// A hole in the parent's ground that was listed and accepted at publishing.
#[derive(Clone, Debug, PartialEq)]
pub struct AcknowledgedGap {
    /// The grid whose children leave the hole.
    pub parent: Option<GridId>,
    /// A point inside it, degrees.
    pub at: crate::geometry::LatticePoint,
    pub area_m2: f64,
}

/// Returns the generation that counts at `at`, as known at `known_at`.
///
/// Of those recorded by `known_at` and in force by `at`, it is the one in force last; of two in force from the same
/// instant, the one recorded later. `None` before the first. Expects any order.
#[must_use]
pub fn in_force(generations: &[Generation], at: DateTime<Utc>, known_at: DateTime<Utc>) -> Option<&Generation> {
    generations.iter().filter(|g| g.recorded <= known_at && g.in_force <= at).max_by_key(|g| (g.in_force, g.number))
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
            recorded: day(recorded),
            in_force: day(in_force),
            n_acknowledged_gaps: 0,
        }
    }

    #[test]
    fn two_dates_pick_one_generation() {
        let all = [generation(1, 1, 1), generation(2, 5, 20), generation(3, 10, 4)];
        let number = |at, known_at| in_force(&all, day(at), day(known_at)).map(|g| g.number);
        assert_eq!(number(3, 31), Some(1));
        assert_eq!(number(6, 31), Some(3), "recorded later, counts from the 4th");
        assert_eq!(number(6, 9), Some(1), "as known before it was recorded");
        assert_eq!(number(25, 31), Some(2), "in force last");
        assert_eq!(number(1, 1), Some(1), "both dates count from their first instant");
        assert_eq!(in_force(&all[1..], day(3), day(31)), None);
    }
}

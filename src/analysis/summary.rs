//! A list of counts in a few numbers.

use super::Observation;

/// The least, the middle and the greatest of a list; `None` is withheld, or of an empty list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub least: Option<u64>,
    /// Of an even number the upper of the two in the middle.
    pub median: Option<u64>,
    pub greatest: Option<u64>,
}

impl Summary {
    /// Summarises `counts`: unknown ones are left out, withheld ones are taken as below all others. Cost: a sort.
    #[must_use]
    pub fn of(counts: impl IntoIterator<Item = Observation>) -> Self {
        let known = counts.into_iter().filter(|n| *n != Observation::Unknown);
        let mut sorted: Vec<Option<u64>> = known.map(Observation::counted).collect();
        sorted.sort_unstable();
        let at = |place: usize| sorted.get(place).copied().flatten();
        Self { least: at(0), median: at(sorted.len() / 2), greatest: sorted.last().copied().flatten() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn withheld_counts_stand_below_all_others() {
        let summary = |counts: &[Observation]| Summary::of(counts.iter().copied());
        let (two, nine) = (Observation::Counted(2), Observation::Counted(9));
        assert_eq!(summary(&[]), Summary::default());
        assert_eq!(summary(&[nine, two]), Summary { least: Some(2), median: Some(9), greatest: Some(9) });
        assert_eq!(
            summary(&[nine, Observation::Unknown]),
            Summary { least: Some(9), median: Some(9), greatest: Some(9) }
        );
        let withheld = summary(&[nine, Observation::Withheld, two]);
        assert_eq!(withheld, Summary { least: None, median: Some(2), greatest: Some(9) });
    }
}

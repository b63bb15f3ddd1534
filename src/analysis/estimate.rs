//! What rates of few events are worth: how far chance alone may have moved each, and what it is likely to be in the long run.
//!
//! The interval is the exact one of a Poisson count (Garwood 1936, Fiducial limits for the Poisson distribution, Biometrika
//! 28): its ends are quantiles of gamma distributions. The smoothed rate is that of global empirical Bayes (Marshall 1991,
//! Mapping disease and mortality rates using empirical Bayes estimators, Applied Statistics 40): each rate is drawn towards
//! that of all, the more the fewer it is of, and all the way where the rates differ by no more than chance makes them.
//!
//! Both tell of the counts they are made of, a smoothed rate of all others, too: neither is for who may not know every count.

use std::collections::HashMap;

use statrs::distribution::{ContinuousCDF, Gamma};

use super::{Amount, Figure};

/// How often the interval holds the rate that the count came from, at least.
pub const CONFIDENCE: f64 = 0.95;

/// What is made of one rate; all are in its own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub low: f64,
    pub high: f64,
    pub smoothed: f64,
}

/// Returns the estimate of each figure among all of them; `None` of what is no rate of counts, or of nothing.
///
/// Cost: a pass, and two quantiles for each different count.
#[must_use]
pub fn estimates(figures: &[Figure]) -> Vec<Option<Estimate>> {
    let prior = Prior::of(&figures.iter().filter_map(|figure| rate(*figure)).collect::<Vec<_>>());
    let mut limits = HashMap::new();
    let estimate = |figure: &Figure| {
        let Rate { n, of, per } = rate(*figure)?;
        let (low, high) = *limits.entry(n).or_insert_with(|| poisson_limits(n));
        let scale = per / real(of);
        Some(Estimate { low: low * scale, high: high * scale, smoothed: per * prior.smoothed(real(n), real(of)) })
    };
    figures.iter().map(estimate).collect()
}

/// Returns between which means a Poisson count of `n` is not too rare, each end with half of what is left of [`CONFIDENCE`].
fn poisson_limits(n: u64) -> (f64, f64) {
    let tail = (1.0 - CONFIDENCE) / 2.0;
    let quantile =
        |shape: u64, p| Gamma::new(real(shape), 1.0).expect("a shape of 1 or more is one of a gamma").inverse_cdf(p);
    (if n == 0 { 0.0 } else { quantile(n, tail) }, quantile(n + 1, 1.0 - tail))
}

/// So many of more than none.
struct Rate {
    n: u64,
    of: u64,
    per: f64,
}

fn rate(figure: Figure) -> Option<Rate> {
    match figure {
        Figure::Rate { numerator: Amount::Count(n), denominator: Amount::Count(of @ 1..), per } => {
            Some(Rate { n, of, per })
        }
        _ => None,
    }
}

/// How the rates behind the counts are spread.
struct Prior {
    mean: f64,
    variance: f64,
}

impl Prior {
    /// By the method of moments: what the rates vary by more than Poisson counts of one rate would, 0 where that is less.
    fn of(rates: &[Rate]) -> Self {
        let sum = |of: fn(&Rate) -> f64| rates.iter().map(of).sum::<f64>();
        let (n, of, count) = (sum(|rate| real(rate.n)), sum(|rate| real(rate.of)), sum(|_| 1.0));
        let mean = n / of;
        let squares: f64 = rates.iter().map(|rate| real(rate.of) * (real(rate.n) / real(rate.of) - mean).powi(2)).sum();
        Self { mean, variance: (squares / of - mean * count / of).max(0.0) }
    }

    fn smoothed(&self, n: f64, of: f64) -> f64 {
        let Self { mean, variance } = *self;
        let chance = mean / of;
        // Where nothing happened at all there is nothing to draw towards.
        let weight = if variance + chance > 0.0 { variance / (variance + chance) } else { 1.0 };
        weight * n / of + (1.0 - weight) * mean
    }
}

#[expect(clippy::cast_precision_loss, reason = "nothing is counted up to 2^53")]
fn real(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Observation::{self, Counted};

    fn estimates_of(rates: &[(u64, u64)]) -> Vec<Option<Estimate>> {
        let figures = rates.iter().map(|&(n, of)| Figure::share(Counted(n), Counted(of)));
        estimates(&figures.collect::<Vec<_>>())
    }

    /// Garwood 1936, table 1: the limits of 0, 1, 10 and 50 for 95 in 100.
    #[test]
    fn limits_are_those_of_the_published_table() {
        for (n, low, high) in [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (50, 37.11, 65.92)] {
            let found = poisson_limits(n);
            assert!((found.0 - low).abs() < 0.006 && (found.1 - high).abs() < 0.006, "{n}: {found:?}");
        }
    }

    #[test]
    fn what_differs_by_chance_alone_is_smoothed_to_the_rate_of_all() {
        let found = estimates_of(&[(1, 100), (2, 100), (0, 100), (1, 100)]);
        assert!(found.iter().all(|one| (one.unwrap().smoothed - 0.01).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn the_rate_of_few_is_drawn_further_than_that_of_many() {
        let found = estimates_of(&[(1, 7), (100, 1_000), (0, 1_000)]);
        let [few, many] = [found[0].unwrap().smoothed, found[1].unwrap().smoothed];
        assert!(few < many && many < 0.1, "{found:?}");
        assert!(found[0].unwrap().high > 0.7);
    }

    #[test]
    fn what_is_no_rate_has_no_estimate() {
        let figures = [
            Figure::share(Counted(0), Counted(0)),
            Figure::Withheld,
            Figure::undivided(Counted(3)),
            Figure::of_area(1.0, 2.0),
            Figure::share(Observation::Unknown, Counted(5)),
        ];
        assert!(estimates(&figures).iter().all(Option::is_none));
        assert!(estimates(&[]).is_empty());
        assert!(estimates_of(&[(0, 9)])[0].unwrap().smoothed.abs() < 1e-12);
    }
}

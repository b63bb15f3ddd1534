//! A rate with its numerator and denominator.

use super::Observation;

/// Something counted or measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    Count(u64),
    /// Square metres.
    Area(f64),
}

/// One figure of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// `per` times the numerator for each of the denominator: 100 for "per 100 households".
    Rate { numerator: Amount, denominator: Amount, per: f64 },
    /// So many, of an unknown or withheld number.
    Undivided(Amount),
    /// Nobody has counted it: households on the ground of another day.
    Unknown,
    /// The caller may not know it, nor what it could be computed from.
    Withheld,
}

impl Amount {
    #[expect(clippy::cast_precision_loss, reason = "nothing is counted up to 2^53")]
    fn number(self) -> f64 {
        match self {
            Self::Count(n) => n as f64,
            Self::Area(m2) => m2,
        }
    }
}

impl Figure {
    /// So many of so many.
    #[must_use]
    pub fn share(numerator: Observation, denominator: Observation) -> Self {
        Self::rate(numerator, denominator, 1.0)
    }

    /// So many for every hundred.
    #[must_use]
    pub fn per_hundred(numerator: Observation, denominator: Observation) -> Self {
        Self::rate(numerator, denominator, 100.0)
    }

    /// The one rule of what is not there: withheld where the numerator or the denominator is, else unknown where either is.
    fn rate(numerator: Observation, denominator: Observation, per: f64) -> Self {
        match (numerator, denominator) {
            (Observation::Withheld, _) | (_, Observation::Withheld) => Self::Withheld,
            (Observation::Unknown, _) | (_, Observation::Unknown) => Self::Unknown,
            (Observation::Counted(n), Observation::Counted(of)) => {
                Self::Rate { numerator: Amount::Count(n), denominator: Amount::Count(of), per }
            }
        }
    }

    /// So many, of no particular number.
    #[must_use]
    pub fn undivided(count: Observation) -> Self {
        match count {
            Observation::Counted(n) => Self::Undivided(Amount::Count(n)),
            Observation::Unknown => Self::Unknown,
            Observation::Withheld => Self::Withheld,
        }
    }

    /// So many square metres of so many.
    #[must_use]
    pub fn of_area(numerator_m2: f64, denominator_m2: f64) -> Self {
        Self::Rate { numerator: Amount::Area(numerator_m2), denominator: Amount::Area(denominator_m2), per: 1.0 }
    }

    /// Nothing of nothing: there is no rule, or no such thing.
    #[must_use]
    pub fn none() -> Self {
        Self::share(Observation::Counted(0), Observation::Counted(0))
    }

    /// How many were counted, where that is known and published.
    #[must_use]
    pub fn counted(self) -> Option<u64> {
        match self {
            Self::Rate { numerator: Amount::Count(n), .. } | Self::Undivided(Amount::Count(n)) => Some(n),
            _ => None,
        }
    }

    /// The quotient; `None` of nothing, never 100 %.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        let Self::Rate { numerator, denominator, per } = self else { return None };
        let denominator = denominator.number();
        (denominator > 0.0).then(|| per * numerator.number() / denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_nothing_has_no_value() {
        assert_eq!(Figure::none().value(), None);
        assert_eq!(Figure::Withheld.value(), None);
        assert_eq!(Figure::Undivided(Amount::Count(7)).value(), None);
        assert_eq!(Figure::share(Observation::Counted(0), Observation::Counted(3)).value(), Some(0.0));
        assert_eq!(Figure::per_hundred(Observation::Counted(3), Observation::Counted(200)).value(), Some(1.5));
        assert_eq!(Figure::of_area(0.0, 0.0).value(), None);
    }
}

//! ISO weeks: from Monday to Sunday, in a region's clock.

use std::fmt;

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, TimeDelta, Utc};

/// Seconds from the Monday of week 0 to the first instant of 1970, a Thursday.
pub const EPOCH_IN_WEEK_S: i64 = 3 * 86_400;
pub const WEEK_S: i64 = 7 * 86_400;

/// One week: how many Mondays lie between it and the week that holds the first day of 1970. Prints as `2024-W01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Week(pub i64);

impl Week {
    /// The week that `instant` falls into where clocks are `offset` from UTC.
    #[must_use]
    pub fn of(instant: DateTime<Utc>, offset: FixedOffset) -> Self {
        let local_s = instant.timestamp() + i64::from(offset.local_minus_utc());
        Self((local_s + EPOCH_IN_WEEK_S).div_euclid(WEEK_S))
    }

    /// The day it begins.
    #[must_use]
    pub fn monday(self) -> NaiveDate {
        let days = TimeDelta::try_days(self.0.saturating_mul(7).saturating_sub(3));
        days.and_then(|days| NaiveDate::default().checked_add_signed(days)).unwrap_or_default()
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday().iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday_in_the_regions_clock() {
        let china = FixedOffset::east_opt(8 * 3600).unwrap();
        for (instant, week, monday) in [
            ("2024-01-01T00:00:00+08:00", "2024-W01", "2024-01-01"),
            ("2023-12-31T23:59:59+08:00", "2023-W52", "2023-12-25"),
            ("2020-12-31T12:00:00+08:00", "2020-W53", "2020-12-28"),
            ("2021-01-03T23:59:59+08:00", "2020-W53", "2020-12-28"),
            ("1970-01-01T00:00:00+08:00", "1970-W01", "1969-12-29"),
            ("1965-06-15T00:00:00+08:00", "1965-W24", "1965-06-14"),
        ] {
            let found = Week::of(instant.parse().unwrap(), china);
            assert_eq!((found.to_string().as_str(), found.monday().to_string().as_str()), (week, monday), "{instant}");
        }
    }
}

//! Times as people and programs write them: the same in files, on the command line and in a query.

use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, SubsecRound as _, TimeDelta, Utc};

/// Which instant of a day a bare date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEnd {
    First,
    Last,
    /// The one right after it: what holds up to a day holds on all of it.
    After,
}

/// Parses an instant, as fine as instants are kept, to the microsecond: RFC 3339, or a day with the year first, with or without
/// a time of day, counted in `offset`: `2024-01-02`, `2024/1/2 13:25`, `2024-01-02T13:25:00`, `2024年1月2日`.
///
/// A bare day means the instant that `end` says. The year has four digits in UTC too: others cannot be written as
/// RFC 3339.
#[must_use]
pub fn parse_time(text: &str, offset: FixedOffset, end: DayEnd) -> Option<DateTime<Utc>> {
    parse_any(text, offset, end).filter(|time| (0..=9999).contains(&time.year()))
}

fn parse_any(text: &str, offset: FixedOffset, end: DayEnd) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc().trunc_subsecs(6));
    }
    if !text.bytes().take(4).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours = |hours: &str| HOURS.iter().find_map(|format| NaiveTime::parse_from_str(hours, format).ok());
    let instant = |day: NaiveDate, time| Some(day.and_time(time).and_local_timezone(offset).single()?.to_utc());
    // 9999-12-31 is how some write that something has no end, in every offset.
    let latest = NaiveDate::from_ymd_opt(9999, 12, 31)?.and_hms_micro_opt(23, 59, 59, 999_999)?.and_utc();
    let midnight = |days| Some(instant(day_of(text)?.checked_add_days(Days::new(days))?, NaiveTime::MIN)?.min(latest));
    match (text.split_once(['T', ' ']), end) {
        (Some((days, time)), _) => Some(instant(day_of(days)?, hours(time)?)?.trunc_subsecs(6)),
        (None, DayEnd::First) => midnight(0),
        (None, DayEnd::Last) => Some(midnight(1)? - TimeDelta::microseconds(1)),
        (None, DayEnd::After) => midnight(1),
    }
}

fn day_of(text: &str) -> Option<NaiveDate> {
    DAYS.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())
}

const DAYS: [&str; 3] = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"];
const HOURS: [&str; 2] = ["%H:%M:%S%.f", "%H:%M"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_an_offset_count_in_the_regions_own() {
        let beijing = FixedOffset::east_opt(8 * 3600).unwrap();
        let check = |text, expected: Option<&str>| {
            assert_eq!(
                parse_time(text, beijing, DayEnd::First).map(|t| t.to_rfc3339()),
                expected.map(str::to_owned),
                "{text}"
            );
        };
        check("2024-01-02T13:25:00+08:00", Some("2024-01-02T05:25:00+00:00"));
        check("2024-01-02 13:25", Some("2024-01-02T05:25:00+00:00"));
        check("2024-01-02T05:25:00.123456789Z", Some("2024-01-02T05:25:00.123456+00:00"));
        check("2024-01-02", Some("2024-01-01T16:00:00+00:00"));
        check("2024/1/5 9:30", Some("2024-01-05T01:30:00+00:00"));
        check("2024/01/05", Some("2024-01-04T16:00:00+00:00"));
        check("2024-1-5 9:30", Some("2024-01-05T01:30:00+00:00"));
        check("2024年1月5日", Some("2024-01-04T16:00:00+00:00"));
        check("45296.3958", None);
        check("2024.1.5", None);
        check("24/1/5", None);
        check("5/1/2024", None);
        check("2024-02-30", None);
        check("yesterday", None);
        check("0000-01-01T00:00:00+08:00", None);
        check("9999-12-31T23:59:59-08:00", None);
        check("9999-12-31T23:59:59-10:00", None);
        check("0000-01-01", None);
        let hawaii = FixedOffset::west_opt(10 * 3600).unwrap();
        let end = parse_time("9999-12-31", hawaii, DayEnd::After).unwrap();
        assert_eq!(end.to_rfc3339(), "9999-12-31T23:59:59.999999+00:00");
        let evening = parse_time("2024-01-02", beijing, DayEnd::Last).unwrap();
        assert_eq!(evening.to_rfc3339(), "2024-01-02T15:59:59.999999+00:00");
        let next = parse_time("2024-01-02", beijing, DayEnd::After).unwrap();
        assert_eq!(next.to_rfc3339(), "2024-01-02T16:00:00+00:00");
        assert_eq!(
            parse_time("2024-01-02T08:00", beijing, DayEnd::Last).unwrap().to_rfc3339(),
            "2024-01-02T00:00:00+00:00"
        );
    }

    #[test]
    fn what_ends_with_the_last_day_there_is_can_be_written() {
        for hours in [-12, 0, 8] {
            let offset = FixedOffset::east_opt(hours * 3600).unwrap();
            let end = parse_time("9999-12-31", offset, DayEnd::After).unwrap();
            assert_eq!(parse_time(&end.to_rfc3339(), offset, DayEnd::After), Some(end), "{hours}");
        }
    }
}

//! Times as people and programs write them.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use gridmap::format::Value;
use gridmap::format::time::{DayEnd, parse_time};
use proptest::prelude::*;

use super::damage::{damaged, damages};
use super::hold;

const ENDS: [DayEnd; 3] = [DayEnd::First, DayEnd::Last, DayEnd::After];

fn offsets() -> impl Strategy<Value = FixedOffset> {
    let minutes = prop_oneof![Just(480), Just(0), -719..=840_i32];
    minutes.prop_map(|minutes| FixedOffset::east_opt(minutes * 60).unwrap())
}

/// Microseconds since 1970 of the years 1 to 9998.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let micros = prop_oneof![
        -62_135_596_800_000_000..253_370_764_800_000_000_i64,
        1_500_000_000_000_000..1_900_000_000_000_000_i64
    ];
    let fine = prop::sample::select(&[1, 1_000, 1_000_000, 60_000_000][..]);
    (micros, fine).prop_map(|(micros, fine)| DateTime::from_timestamp_micros(micros - micros.rem_euclid(fine)).unwrap())
}

#[test]
fn an_instant_is_read_back_whatever_the_offset() {
    hold(2_000, &(instants(), offsets(), offsets(), prop::sample::select(&ENDS[..])), |(instant, own, other, end)| {
        let written = Value::Time(instant).to_string();
        prop_assert_eq!(parse_time(&written, own, end), Some(instant), "{}", written);
        let elsewhere = instant.with_timezone(&other).to_rfc3339();
        prop_assert_eq!(parse_time(&elsewhere, own, end), Some(instant), "{}", elsewhere);
        Ok(())
    });
}

/// Days since 1970, by the rules of the calendar alone.
fn days_since_1970(year: i64, month: usize, day: i64) -> i64 {
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let leaps = |year: i64| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    let lengths = [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    365 * (year - 1970) + leaps(year) - leaps(1970) + lengths[..month - 1].iter().sum::<i64>() + day - 1
}

#[test]
fn a_day_and_a_clock_are_what_the_calendar_says() {
    let day = (1000..9999_i64, 1..=12_usize, 1..=28_i64);
    let clock = (0..24_i64, 0..60_i64, 0..60_i64);
    hold(2_000, &(day, clock, offsets(), 0..3_usize), |((year, month, day), (hour, minute, second), offset, style)| {
        let written = [
            [format!("{year}-{month:02}-{day:02}"), format!("{year}-{month}-{day}")],
            [format!("{year}/{month}/{day}"), format!("{year}/{month:02}/{day:02}")],
            [format!("{year}年{month}月{day}日"), format!("{year}年{month:02}月{day:02}日")],
        ];
        let start = days_since_1970(year, month, day) * 86_400 - i64::from(offset.local_minus_utc());
        let at = |seconds: i64| DateTime::from_timestamp(start + seconds, 0);
        for days in &written[style] {
            prop_assert_eq!(parse_time(days, offset, DayEnd::First), at(0), "{}", days);
            prop_assert_eq!(parse_time(days, offset, DayEnd::After), at(86_400), "{}", days);
            let last = at(86_400).map(|next| next - TimeDelta::microseconds(1));
            prop_assert_eq!(parse_time(days, offset, DayEnd::Last), last, "{}", days);
            let seconds = hour * 3_600 + minute * 60;
            for parting in ["T", " "] {
                let short = format!("{days}{parting}{hour}:{minute:02}");
                prop_assert_eq!(parse_time(&short, offset, DayEnd::Last), at(seconds), "{}", short);
                let long = format!("{short}:{second:02}");
                prop_assert_eq!(parse_time(&long, offset, DayEnd::After), at(seconds + second), "{}", long);
            }
        }
        Ok(())
    });
}

#[test]
fn what_is_taken_for_a_time_can_be_written_and_read_back() {
    let times = [
        "2024-01-02T13:25:00+08:00",
        "2024-01-02T13:25:00.123456Z",
        "2024/1/2 13:25",
        "2024年1月2日",
        "9999-12-31",
        "0001-01-01",
        "0000-01-01T00:00:00Z",
    ];
    let cases = (prop::sample::select(times.to_vec()), damages(), offsets(), prop::sample::select(&ENDS[..]));
    hold(4_000, &cases, |(time, damages, offset, end)| {
        for text in [time.to_owned(), String::from_utf8_lossy(&damaged(time.as_bytes(), &damages).0).into_owned()] {
            if let Some(instant) = parse_time(&text, offset, end) {
                let written = Value::Time(instant).to_string();
                prop_assert_eq!(parse_time(&written, offset, end), Some(instant), "{} was written {}", text, written);
            }
        }
        Ok(())
    });
}

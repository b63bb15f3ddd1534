//! Query parameters, read so that one answer names every fault: unknown, repeated, undecodable or senseless ones.
//!
//! A handler takes what it knows by name and calls [`Query::finish`]; whatever was wrong comes out of that as one
//! problem document. Values are quoted back shortened, never whole.

use std::borrow::Cow;
use std::fmt::Display;

use chrono::{DateTime, FixedOffset, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::error::{Fault, Kind, Place, Problem};
use super::parameter::{JSON_FORM, takes};
pub(crate) use crate::format::time::DayEnd;
use crate::format::time::parse_time;
use crate::geometry::{Bbox, Position};
use crate::service::collections::TimeSpan;
pub(crate) use crate::service::refused::shortened;

/// The parameters of one request.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    faults: Vec<Fault>,
    only_unknown: bool,
}

impl<'a> Query<'a> {
    /// Reads the raw query; every name must be `known`, and be there once at most.
    pub(crate) fn parse(raw: Option<&'a str>, known: impl Fn(&str) -> bool) -> Self {
        let mut query = Self { pairs: Vec::new(), faults: Vec::new(), only_unknown: true };
        for pair in raw.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let Some(name) = decode(name) else {
                query.fault("", "a parameter's name is not percent-encoded UTF-8");
                continue;
            };
            if !known(&name) {
                query.faults.push(parameter_fault(&name, "there is no such parameter here"));
            } else if query.pairs.iter().any(|(seen, _)| *seen == name) {
                query.fault(&name, "given more than once");
            } else if let Some(value) = decode(value) {
                query.pairs.push((name, value));
            } else {
                query.fault(&name, "not percent-encoded UTF-8");
            }
        }
        query
    }

    pub(crate) fn fault(&mut self, name: &str, detail: impl Display) {
        self.only_unknown = false;
        self.faults.push(parameter_fault(name, detail));
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_ref())
    }

    /// What was given, in order, decoded: for repeating it in a link.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// Reads one parameter with `read`; its complaint becomes a fault.
    pub(crate) fn read<T, E: Display>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match read(self.text(name)?) {
            Ok(value) => Some(value),
            Err(error) => {
                let detail = error.to_string();
                self.fault(name, detail);
                None
            }
        }
    }

    /// Ends the reading: everything wrong at once, or nothing.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        self.check()
    }

    /// Like [`Self::finish`], keeping the query.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        if self.faults.is_empty() {
            return Ok(());
        }
        let kind = if self.only_unknown { Kind::UnknownParameter } else { Kind::InvalidParameter };
        Err(Problem::faults(kind, self.faults.clone()))
    }
}

/// Reads the query of an answer that has one form and nothing to narrow it by.
pub(crate) fn json_only(raw: Option<&str>) -> Result<(), Problem> {
    let mut query = Query::parse(raw, |name| takes(&[JSON_FORM], name));
    query.read(JSON_FORM.name, |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()
}

fn parameter_fault(name: &str, detail: impl Display) -> Fault {
    Fault::new(Place::Parameter(shortened(name)), detail)
}

/// Decodes `+` and `%XX`; `None` when an escape is broken or the bytes are not UTF-8.
fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    // The decoder leaves a broken escape as it stands; here it is a fault.
    let is_whole = |rest: &str| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    if !spaced.split('%').skip(1).all(is_whole) {
        return None;
    }
    let text = percent_decode_str(&spaced).decode_utf8().ok()?.into_owned();
    (!text.contains('\0')).then_some(Cow::Owned(text))
}

/// All but letters, digits and what stands for itself in a query.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b':');

/// Writes `text` so that [`decode`] gives it back, and so that it stands in any URL.
pub(crate) fn encode(text: &str, out: &mut String) {
    out.extend(utf8_percent_encode(text, ESCAPED));
}

/// Reads a finite or not finite number; whether it makes sense is for the caller.
pub(crate) fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("{:?} is not a number", shortened(text)))
}

/// Reads a whole number from 1 on, capped at `most`.
pub(crate) fn limit(text: &str, most: u32) -> Result<u32, String> {
    let refused = || format!("{:?} is not a whole number of at least 1", shortened(text));
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refused());
    }
    // Digits alone that do not fit are a very large number, and large ones are capped.
    match text.parse::<u32>().unwrap_or(u32::MAX) {
        0 => Err(refused()),
        given => Ok(given.min(most)),
    }
}

/// Reads four numbers, or six with heights, which are ignored: the ground is flat.
pub(crate) fn bbox(text: &str) -> Result<Bbox, String> {
    let numbers: Vec<f64> = text.split(',').take(8).map(|part| number(part.trim())).collect::<Result<_, _>>()?;
    let (west, south, east, north) = match numbers[..] {
        [west, south, east, north] => (west, south, east, north),
        [west, south, low, east, north, high] if low <= high => (west, south, east, north),
        [_, _, _, _, _, _] => return Err("the lower height is above the upper one".into()),
        _ => return Err("a box has four numbers, west,south,east,north, or six with heights".into()),
    };
    for (lon, lat) in [(west, south), (east, north)] {
        Position::new(lon, lat).map_err(|error| error.to_string())?;
    }
    if south > north {
        return Err(format!("the southern edge {south} lies north of the northern edge {north}"));
    }
    Ok(Bbox { west, south, east, north })
}

/// Reads an instant as [`parse_time`] does, in the region's time where no offset is written.
pub(crate) fn instant(text: &str, offset: FixedOffset, end: DayEnd) -> Result<DateTime<Utc>, String> {
    parse_time(text, offset, end).ok_or_else(|| {
        // In a query a plus is a blank.
        let hint = if text.contains(' ') { "; a + is written %2B in a query" } else { "" };
        format!("{:?} is neither an RFC 3339 instant nor a date{hint}", shortened(text))
    })
}

/// Reads OGC `datetime`: an instant, `from/to`, or an interval open at one end (`..` or nothing).
pub(crate) fn datetime(text: &str, offset: FixedOffset) -> Result<TimeSpan, String> {
    let Some((from, to)) = text.split_once('/') else {
        return Ok(TimeSpan {
            from: Some(instant(text, offset, DayEnd::First)?),
            to: Some(instant(text, offset, DayEnd::Last)?),
        });
    };
    let end = |text: &str, end| match text {
        "" | ".." => Ok(None),
        given => instant(given, offset, end).map(Some),
    };
    let span = TimeSpan { from: end(from, DayEnd::First)?, to: end(to, DayEnd::Last)? };
    match (span.from, span.to) {
        (Some(from), Some(to)) if from > to => Err("the interval ends before it begins".into()),
        _ => Ok(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn china() -> FixedOffset {
        FixedOffset::east_opt(8 * 3600).unwrap()
    }

    #[test]
    fn every_fault_of_a_query_is_named() {
        let mut query =
            Query::parse(Some("lon=x&lon=2&colour=red&lat=%ff&q=%zz"), |n| ["lon", "lat", "q"].contains(&n));
        assert_eq!(query.read("lon", number), None);
        let places: Vec<_> = query.faults.iter().map(|f| f.place.clone()).collect();
        let expected = ["lon", "colour", "lat", "q", "lon"].map(|name| Place::Parameter(name.into()));
        assert_eq!(places, expected);
        assert_eq!(query.finish().unwrap_err().kind(), Kind::InvalidParameter);
    }

    #[test]
    fn unknown_parameters_alone_have_their_own_type() {
        let query = Query::parse(Some("colour=red"), |_| false);
        assert_eq!(query.finish().unwrap_err().kind(), Kind::UnknownParameter);
    }

    #[test]
    fn values_survive_the_way_through_a_link() {
        for text in ["邻里", "a b&c=d+e%", "2024-01-01T00:00:00+08:00", "..", "1,2,3,4"] {
            let mut link = String::new();
            encode(text, &mut link);
            assert_eq!(decode(&link).unwrap(), text);
        }
        assert_eq!(decode("%"), None);
        assert_eq!(decode("%4"), None);
        assert_eq!(decode("%00"), None, "no database takes it");
    }

    #[test]
    fn boxes_have_four_or_six_numbers() {
        let fiji = Bbox { west: 177.0, south: -20.0, east: -178.0, north: -16.0 };
        assert_eq!(bbox("177,-20,-178,-16"), Ok(fiji));
        assert_eq!(bbox("177,-20,-5,-178,-16,900"), Ok(fiji));
        assert!(bbox("103.299999999999997,34,103.9,35").is_ok());
        for refused in
            ["", "1,2,3", "1,2,3,4,5", "a,2,3,4", "NaN,2,3,4", "1,5,3,4", "1,2,9,3,4,8", "1,-91,3,4", "inf,1,2,3"]
        {
            assert!(bbox(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn limits_are_capped_not_refused() {
        assert_eq!(limit("10", 100), Ok(10));
        assert_eq!(limit("99999999999999999999", 100), Ok(100));
        for refused in ["0", "-1", "1.5", "", "ten", "+3"] {
            assert!(limit(refused, 100).is_err(), "{refused}");
        }
    }

    #[test]
    fn times_are_instants_days_or_intervals_with_open_ends() {
        let utc = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let day = datetime("2024-03-03", china()).unwrap();
        assert_eq!(day.from, Some(utc("2024-03-02T16:00:00Z")));
        assert_eq!(day.to, Some(utc("2024-03-03T15:59:59.999999Z")));
        assert_eq!(datetime("../2024-03-03T00:00:00Z", china()).unwrap().from, None);
        assert_eq!(datetime("2024-03-03T00:00:00Z/", china()).unwrap().to, None);
        for refused in ["yesterday", "2024-13-01", "2024-03-05/2024-03-03", "a/b", "2024-03-01/2024-03-02/2024-03-03"] {
            assert!(datetime(refused, china()).is_err(), "{refused}");
        }
    }
}

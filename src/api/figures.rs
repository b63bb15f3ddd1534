//! What `/api/coverage` and `/api/hotspots` have in common: what is asked, and how a figure is written.

use std::borrow::Cow;

use axum::http::HeaderMap;
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::app::App;
use super::error::{Answered, Kind, Place, Problem};
use super::params::{self, DayEnd, Query, shortened};
use super::representation::Form;
use crate::analysis::{Amount, Figure};
use crate::domain::{Action, Depth, IncidentKind, Noun, Principal, Status};
use crate::format::Value as Cell;
use crate::index::{GridIndex, Snapshot};
use crate::service::figures::{Narrowing, Rows};
use crate::service::totals::SMALLEST_PUBLIC_COUNT;
use crate::store::TimeSpan;

/// The most rows in one answer.
const MOST_ROWS: usize = 10_000;

/// What may be asked of figures by anyone; both take these.
pub(crate) const COMMON: [&str; 5] = ["level", "parent", "at", "known_at", "f"];
/// What only the entitled may narrow incidents by: of two answers one could be subtracted from the other.
pub(crate) const NARROWING: [&str; 6] = ["datetime", "kind", "category", "tier", "status", "by"];

/// A question about figures, free of faults but those that only the ground can tell.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) form: Form,
    level: Option<String>,
    parent: Option<String>,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) known_at: Option<DateTime<Utc>>,
    pub(crate) narrowing: Narrowing,
}

impl Asked {
    /// Reads what both take; a parameter that the caller may not use is refused by name.
    pub(crate) fn read(query: &mut Query<'_>, headers: &HeaderMap, offset: FixedOffset) -> Self {
        Self {
            form: Form::asked(query, headers),
            level: query.read("level", word),
            parent: query.read("parent", word),
            at: query.read("at", |text| params::instant(text, offset, DayEnd::First)),
            known_at: query.read("known_at", |text| params::instant(text, offset, DayEnd::Last)),
            narrowing: Narrowing {
                time: query.read("datetime", |text| params::datetime(text, offset)),
                kind: query.read("kind", |text| {
                    one_of(text, IncidentKind::parse, &IncidentKind::ALL.map(IncidentKind::as_str))
                }),
                category: query.read("category", word),
                tier: query.read("tier", word),
                status: query.read("status", |text| one_of(text, Status::parse, &Status::ALL.map(Status::as_str))),
            },
        }
    }

    /// Which rows those are on the ground of `snapshot`.
    pub(crate) fn rows(&self, snapshot: &Snapshot) -> Answered<Rows> {
        let region = snapshot.region();
        let refused =
            |name: &str, detail: String| Problem::fault(Kind::InvalidParameter, Place::Parameter(name.into()), detail);
        let known = |name: &str, code: Option<&str>| match code {
            Some(code) => region.depth_of(code).map(Some).ok_or_else(|| refused(name, no_level(snapshot, code))),
            None => Ok(None),
        };
        let parent = match self.parent.as_deref() {
            Some(word) => find(snapshot, word)
                .map(Some)
                .ok_or_else(|| refused("parent", format!("{:?} is no grid's code", shortened(word)))),
            None => Ok(None),
        };
        let levels =
            Problem::both(known("tier", self.narrowing.tier.as_deref()), known("level", self.level.as_deref()));
        let ((_, level), parent) = Problem::both(levels, parent)?;
        let above = parent.map(|ix| snapshot.grid(ix).depth);
        let level = level.unwrap_or_else(|| below(snapshot, above));
        if above.is_some_and(|above| level <= above) {
            return Err(refused("level", "no grid of this level lies in the parent: it is not below it".into()));
        }
        let rows = Rows { level, parent };
        let n = rows.grids(snapshot).count();
        if n > MOST_ROWS {
            let detail = format!("{n} grids of this level lie there, at most {MOST_ROWS} are answered: name a parent");
            return Err(refused("parent", detail));
        }
        Ok(rows)
    }
}

/// Refuses what the public may not narrow by.
pub(crate) fn refuse_narrowing(query: &Query<'_>, to: &Principal, names: &[&str]) -> Answered<()> {
    let asked = names.iter().find(|name| query.text(name).is_some());
    match asked.filter(|_| !to.may(Action::CountExactly, Noun::Incidents)) {
        Some(name) => {
            let detail = "the public is told counts of all incidents only: of two that overlap one could be subtracted \
                          from the other";
            Err(Problem::fault(Kind::PersonalData, Place::Parameter((*name).into()), detail))
        }
        None => Ok(()),
    }
}

/// The level right under `above`, as far as there is one.
fn below(snapshot: &Snapshot, above: Option<Depth>) -> Depth {
    let lowest = Depth::try_from(snapshot.region().levels.len() - 1).unwrap_or(Depth::MAX);
    above.map_or(0, |above| above).saturating_add(1).min(lowest)
}

fn find(snapshot: &Snapshot, word: &str) -> Option<GridIndex> {
    snapshot.by_code(word).or_else(|| snapshot.by_id(word))
}

fn no_level(snapshot: &Snapshot, word: &str) -> String {
    let levels: Vec<&str> = snapshot.region().levels.iter().map(|level| level.code.as_str()).collect();
    format!("{:?} is none of the levels {}", shortened(word), levels.join(", "))
}

fn one_of<T>(text: &str, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Result<T, String> {
    parse(text).ok_or_else(|| format!("{:?} is none of {}", shortened(text), words.join(", ")))
}

fn word(text: &str) -> Result<String, String> {
    match text.chars().count() {
        1..=400 => Ok(text.to_owned()),
        n => Err(format!("has {n} characters, 1 to 400 are taken")),
    }
}

/// The head of an answer: of which ground, when and for whom the figures are.
pub(crate) fn head(app: &App, snapshot: &Snapshot, asked: &Asked, rows: Rows, period: Period) -> Map<String, Value> {
    let region = snapshot.region();
    let head = json!({
        "revision": snapshot.revision().0,
        "generation": snapshot.generation().number,
        "at": time(asked.at.unwrap_or_else(|| app.now())),
        "level": region.level(rows.level).code,
        "parent": rows.parent.map(|ix| grid(snapshot, ix)),
        "period": period.json(),
        "kind": asked.narrowing.kind.map(IncidentKind::as_str),
        "minimum": (!app.principal().may(Action::CountExactly, Noun::Incidents)).then_some(SMALLEST_PUBLIC_COUNT),
    });
    match head {
        Value::Object(head) => head,
        _ => Map::new(),
    }
}

fn grid(snapshot: &Snapshot, ix: GridIndex) -> Value {
    let grid = snapshot.grid(ix);
    let level = &snapshot.region().level(grid.depth).code;
    json!({"id": grid.id.as_str(), "code": grid.code, "name": grid.name, "level": level})
}

/// Id, code, name and parent of a row; the region's own where it is the whole.
pub(crate) fn named(snapshot: &Snapshot, ix: Option<GridIndex>) -> Map<String, Value> {
    let mut named = Map::new();
    let region = snapshot.region();
    let parent = ix.and_then(|ix| snapshot.tree().parent(ix));
    let (id, code, name) = match ix.map(|ix| snapshot.grid(ix)) {
        Some(grid) => (grid.id.as_str(), grid.code.as_str(), grid.name.as_deref()),
        None => (region.code.as_str(), region.code.as_str(), Some(region.names.zh.as_str())),
    };
    named.insert("id".into(), id.into());
    named.insert("code".into(), code.into());
    named.insert("name".into(), name.into());
    named.insert("parent".into(), parent.map(|parent| snapshot.grid(parent).id.as_str()).into());
    named
}

/// From when to when incidents are counted: as asked, and where that is open from the first to the last report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period(Option<(DateTime<Utc>, DateTime<Utc>)>);

impl Period {
    pub(crate) fn new(asked: Option<TimeSpan>, counted: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Self {
        let asked = asked.unwrap_or_default();
        let from = asked.from.or(counted.map(|(first, _)| first));
        Self(from.zip(asked.to.or(counted.map(|(_, last)| last))))
    }

    fn json(self) -> Value {
        self.0.map_or(Value::Null, |(from, to)| json!({"from": time(from), "to": time(to)}))
    }

    pub(crate) fn cells(self) -> [(&'static str, Cell<'static>); 2] {
        let (from, to) = self.0.unzip();
        [("period_from", Cell::time(from)), ("period_to", Cell::time(to))]
    }
}

pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A figure with its numerator and denominator, see the `Figure` schema of the API description.
pub(crate) fn figure(figure: Figure) -> Value {
    let (numerator, denominator) = parts(figure);
    let mut body = json!({
        "numerator": numerator.map(amount), "denominator": denominator.map(amount), "value": value(figure),
    });
    if figure == Figure::Withheld {
        body["withheld"] = true.into();
    }
    body
}

/// The three cells of a figure.
pub(crate) fn cells(figure: Figure) -> [Cell<'static>; 3] {
    let (numerator, denominator) = parts(figure);
    let cell = |amount: Option<Amount>| match amount {
        None => Cell::Null,
        Some(Amount::Count(n)) => Cell::Count(n),
        Some(Amount::Area(m2)) => Cell::Number(tenths(m2)),
    };
    [cell(numerator), cell(denominator), value(figure).map_or(Cell::Null, Cell::Number)]
}

/// The names of those three.
pub(crate) fn columns(name: &str) -> [String; 3] {
    ["numerator", "denominator", "value"].map(|part| format!("{name}_{part}"))
}

pub(crate) fn text(text: Option<&str>) -> Cell<'static> {
    Cell::optional(text.map(|text| Cow::Owned(text.to_owned())))
}

fn parts(figure: Figure) -> (Option<Amount>, Option<Amount>) {
    match figure {
        Figure::Rate { numerator, denominator, .. } => (Some(numerator), Some(denominator)),
        Figure::Undivided(numerator) => (Some(numerator), None),
        Figure::Unknown | Figure::Withheld => (None, None),
    }
}

fn amount(amount: Amount) -> Value {
    match amount {
        Amount::Count(n) => n.into(),
        Amount::Area(m2) => tenths(m2).into(),
    }
}

fn value(figure: Figure) -> Option<f64> {
    figure.value().map(|value| (value * 1e4).round() / 1e4)
}

pub(crate) fn tenths(m2: f64) -> f64 {
    (m2 * 10.0).round() / 10.0
}

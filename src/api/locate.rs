//! `GET /api/locate`: who answers for one point. No database is touched for the ground of now.

use std::cell::RefCell;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use bytes::BytesMut;
use chrono::{DateTime, FixedOffset, Utc};

use super::app::App;
use super::error::Answered;
use super::params::{self, DayEnd, Query};
use crate::format::answer::AnswerJson;
use crate::geometry::Position;
use crate::geometry::crs::Frame;
use crate::index::{Published, Snapshot};
use crate::service::locate::{Question, locate};
use crate::service::locate_rows::{Terms, accuracy_m};
use crate::service::prepared::Prepared;

/// What holds for every point of a request.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) frame: Frame,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) known_at: Option<DateTime<Utc>>,
    pub(crate) accuracy_m: Option<f64>,
    pub(crate) category: Option<String>,
}

impl Settings {
    pub(crate) const NAMES: [&str; 6] = ["crs", "at", "known_at", "accuracy_m", "category", "f"];

    pub(crate) fn read(query: &mut Query<'_>, offset: FixedOffset) -> Self {
        query.read(
            "f",
            |f| if f == "json" { Ok(()) } else { Err("the form follows the body: json is all one can ask") },
        );
        Self {
            frame: query.read("crs", Frame::parse).unwrap_or(Frame::Wgs84),
            at: query.read("at", |text| params::instant(text, offset, DayEnd::First)),
            known_at: query.read("known_at", |text| params::instant(text, offset, DayEnd::Last)),
            accuracy_m: query.read("accuracy_m", |text| accuracy_m(params::number(text)?)),
            category: query.read("category", short),
        }
    }

    /// Tells whether only the position was asked about, as it stands now.
    fn is_plain(&self) -> bool {
        self.at.is_none() && self.known_at.is_none() && self.accuracy_m.is_none() && self.category.is_none()
    }

    /// The same with the instant of the question, which is `now` where the caller named none.
    pub(crate) fn terms(self, now: DateTime<Utc>) -> Terms {
        let Self { frame, at, accuracy_m, category, .. } = self;
        Terms { frame, at: at.unwrap_or(now), accuracy_m, category }
    }
}

/// The prepared answers of the published snapshot, kept from one request to the next.
#[derive(Debug, Default)]
pub(crate) struct KeptAnswers(Published<Prepared>);

impl KeptAnswers {
    pub(crate) fn answer(&self, snapshot: &Arc<Snapshot>, position: Position, now: DateTime<Utc>) -> Option<Bytes> {
        if let Some(prepared) = self.0.glance().as_ref()
            && prepared.answers_for(snapshot, now)
        {
            return written(prepared, position, now);
        }
        let prepared = Arc::new(Prepared::new(Arc::clone(snapshot), now));
        self.0.publish(Arc::clone(&prepared));
        written(&prepared, position, now)
    }
}

/// Enough for the answers that one thread has under way at a time.
const PAPER_BYTES: usize = 64 * 1024;

thread_local! {
    /// Answers are written one behind the other into one piece of memory, which comes round again once they are sent.
    static PAPER: RefCell<BytesMut> = RefCell::new(BytesMut::with_capacity(PAPER_BYTES));
}

fn written(prepared: &Prepared, position: Position, now: DateTime<Utc>) -> Option<Bytes> {
    PAPER.with_borrow_mut(|paper| {
        paper.clear();
        prepared.answer(position, now, paper)?;
        Some(paper.split().freeze())
    })
}

fn short(text: &str) -> Result<String, String> {
    match text.chars().count() {
        0..=400 => Ok(text.to_owned()),
        n => Err(format!("has {n} characters, no category has more than 400")),
    }
}

/// What dispatchers ask all day, a longitude and a latitude and nothing else, answered without waiting for anything;
/// `None` where [`one`] has to look closer, be it only to say what is wrong.
pub(crate) fn at_once(app: &App, query: &str) -> Option<Response> {
    let (mut lon, mut lat) = (None, None);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=')?;
        let number = match name {
            "lon" => &mut lon,
            "lat" => &mut lat,
            _ => return None,
        };
        if number.replace(value.parse().ok()?).is_some() {
            return None;
        }
    }
    app.prepared(Position::new(lon?, lat?).ok()?).map(json)
}

/// Answers for one point.
pub(crate) async fn one(State(app): State<App>, uri: Uri) -> Answered {
    let is_known = |name: &str| name == "lon" || name == "lat" || Settings::NAMES.contains(&name);
    let mut query = Query::parse(uri.query(), is_known);
    let snapshot = app.snapshot();
    let offset = snapshot.as_ref().map_or_else(|| app.offset(), |s| s.region().utc_offset);
    let settings = Settings::read(&mut query, offset);
    let position = position(&mut query, &settings.frame);
    query.check()?;
    let position = position.expect("a query without a position has a fault");
    if settings.is_plain()
        && let Some(body) = app.prepared(position)
    {
        return Ok(json(body));
    }
    let snapshot = app.snapshot_at(settings.at, settings.known_at).await?;
    let question = Question {
        position,
        at: settings.at.unwrap_or_else(|| app.now()),
        accuracy_m: settings.accuracy_m,
        category: settings.category.as_deref(),
    };
    let answer = locate(&snapshot, &question);
    let mut body = Vec::with_capacity(4096);
    serde_json::to_writer(&mut body, &AnswerJson(&answer)).expect("an answer has only text keys and finite numbers");
    Ok(json(body))
}

/// Reads `lon` and `lat` in `frame`, naming what is missing or makes no sense.
fn position(query: &mut Query<'_>, frame: &Frame) -> Option<Position> {
    for name in ["lon", "lat"] {
        if query.text(name).is_none() {
            query.fault(name, "missing");
        }
    }
    let (lon, lat) = (query.read("lon", params::number), query.read("lat", params::number));
    let (lon, lat) = (lon?, lat?);
    match frame.to_wgs84(lon, lat) {
        Ok(position) => Some(position),
        Err(error) => {
            query.fault("lon", error);
            None
        }
    }
}

fn json(body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

//! `GET /api/locate`: who answers for one point. No database is touched for the ground of now.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};

use super::app::{App, Context};
use super::error::ApiResult;
use super::params::{self, DayEnd, Query};
use crate::format::answer::AnswerJson;
use crate::geometry::Position;
use crate::geometry::crs::Frame;
use crate::service::answer_cache;
use crate::service::locate::{self, Answer, Question};
use crate::service::locate_rows::{Terms, accuracy_m};

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
    answer_cache::answer(app.gridmap(), app.principal(), Position::new(lon?, lat?).ok()?).map(json)
}

/// Answers for one point.
pub(crate) async fn one(context: Context, uri: Uri) -> ApiResult {
    let (app, caller) = (context.app(), context.caller());
    let is_known = |name: &str| name == "lon" || name == "lat" || Settings::NAMES.contains(&name);
    let mut query = Query::parse(uri.query(), is_known);
    let settings = Settings::read(&mut query, caller.offset());
    let position = position(&mut query, &settings.frame);
    query.check()?;
    let position = position.expect("a query without a position has a fault");
    if settings.is_plain()
        && let Some(body) = answer_cache::answer(app.gridmap(), app.principal(), position)
    {
        return Ok(json(body));
    }
    let Settings { at, known_at, accuracy_m, category, .. } = &settings;
    let question = Question {
        accuracy_m: *accuracy_m,
        category: category.as_deref(),
        ..Question::new(position, at.unwrap_or(caller.now()))
    };
    Ok(json(locate::ask(&caller, &question, *at, *known_at, body).await?))
}

fn body(answer: &Answer<'_>) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    serde_json::to_writer(&mut body, &AnswerJson(answer)).expect("an answer has only text keys and finite numbers");
    body
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

//! `GET /api/locate`: who answers for one point. No database is touched for the ground of now.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Uri};
use axum::response::Response;
use chrono::{DateTime, FixedOffset, Utc};
use serde_json::json;

use super::app::{App, Context};
use super::description::Description;
use super::error::{ApiResult, Kind};
use super::locate_answer::AnswerSchema;
use super::operation::Operation;
use super::parameter::{AT, JSON_FORM, KNOWN_AT, Parameter, takes};
use super::params::{self, DayEnd, Query};
use super::value_schemas as values;
use super::wire::JSON;
use crate::domain::Grant;
use crate::format::answer::AnswerJson;
use crate::geometry::Position;
use crate::geometry::crs::Frame;
use crate::service::answer_cache;
use crate::service::locate::{self, Answer, Question};
use crate::service::locate_rows::{Terms, WORST_ACCURACY_M, accuracy_m};

/// What holds for every point of a request.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) frame: Frame,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) known_at: Option<DateTime<Utc>>,
    pub(crate) accuracy_m: Option<f64>,
    pub(crate) category: Option<String>,
}

const CRS: Parameter = Parameter::new(
    "crs",
    "wgs84, cgcs2000, gcj02, bd09 or EPSG:n, of which the coordinates are: degrees, or metres of a projected one",
    |_| values::frame(),
);
const ACCURACY: Parameter = Parameter::new(
    "accuracy_m",
    "how far the true position may be off, in metres",
    |_| json!({"type": "number", "minimum": 0, "maximum": WORST_ACCURACY_M}),
);
const CATEGORY: Parameter =
    Parameter::new("category", "the category of the incident, for the mediators", |_| values::text());
const LON: Parameter = Parameter::new(
    "lon",
    "longitude, or the first coordinate of `crs`; rounded to 1e-7 degree (about 1 cm) before anything is asked",
    |_| json!({"type": "number"}),
)
.required();
const LAT: Parameter = Parameter::new(
    "lat",
    "latitude, or the second coordinate of `crs`; rounded to 1e-7 degree (about 1 cm) before anything is asked",
    |_| json!({"type": "number"}),
)
.required();
const PARAMETERS: [Parameter; 8] = [LON, LAT, CRS, ACCURACY, CATEGORY, JSON_FORM, AT, KNOWN_AT];

/// How exact an answer is.
pub(crate) const ROUNDED: &str =
    "Borders and points are rounded to 1e-7 degree (about 1 cm) before it is asked which side a point lies on.";

/// The operation on one point.
pub(crate) fn operation(description: &mut Description<'_>) -> Operation {
    Operation::get("locate", "Who answers for one point")
        .taking(&PARAMETERS, description)
        .answering(JSON, description.answer::<AnswerSchema>())
        .failing(&[Kind::NotFound, Kind::NoGround])
        .tagged("locate")
        .described(ROUNDED)
}

impl Settings {
    pub(crate) const PARAMETERS: [Parameter; 6] = [CRS, ACCURACY, CATEGORY, JSON_FORM, AT, KNOWN_AT];

    pub(crate) fn read(query: &mut Query<'_>, offset: FixedOffset) -> Self {
        query.read(JSON_FORM.name, |f| {
            if f == "json" { Ok(()) } else { Err("the form follows the body: json is all one can ask") }
        });
        Self {
            frame: query.read(CRS.name, Frame::parse).unwrap_or(Frame::Wgs84),
            at: query.read(AT.name, |text| params::instant(text, offset, DayEnd::First)),
            known_at: query.read(KNOWN_AT.name, |text| params::instant(text, offset, DayEnd::Last)),
            accuracy_m: query.read(ACCURACY.name, |text| accuracy_m(params::number(text)?)),
            category: query.read(CATEGORY.name, short),
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
    let mut query = Query::parse(uri.query(), |name| takes(&PARAMETERS, name));
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

fn body(answer: &Answer<'_>, phones: Option<&Grant>) -> Vec<u8> {
    let mut body = Vec::with_capacity(4096);
    serde_json::to_writer(&mut body, &AnswerJson { answer, phones })
        .expect("an answer has only text keys and finite numbers");
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

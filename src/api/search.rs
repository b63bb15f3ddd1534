//! `GET /api/search`: grids and holders by name. No database is touched.

use axum::extract::RawQuery;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::app::Context;
use super::description::Description;
use super::error::{ApiResult, Kind};
use super::operation::{Operation, PathItem};
use super::parameter::{JSON_FORM, Parameter, takes};
use super::params::Query;
use super::wire::{self, GridNameJson, JSON};
use crate::domain::GridRef;
use crate::service::search::{self, Found, FoundGrid, FoundHolder, MAX_FOUND, MAX_QUERY_CHARS};

/// How many of each kind are named where the caller does not say.
const USUAL_FOUND: usize = 8;

const Q: Parameter = Parameter::new(
    "q",
    "a code, a name, its pinyin or their initials; or several words, each of which is a name, a role or an area above; \
     letters of any width, simplified or traditional",
    |_| json!({"type": "string", "maxLength": MAX_QUERY_CHARS}),
)
.required();
const LIMIT: Parameter = Parameter::new(
    "limit",
    "how many grids, and how many holders, at most",
    |_| json!({"type": "integer", "minimum": 1, "maximum": MAX_FOUND, "default": USUAL_FOUND}),
);
const PARAMETERS: [Parameter; 3] = [Q, LIMIT, JSON_FORM];

/// What was found, the best first.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Found")]
struct FoundJson<'a> {
    revision: u64,
    grids: Vec<FoundGridJson<'a>>,
    /// Those who answer: none for callers who may not know their telephones.
    holders: Vec<FoundHolderJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundGrid")]
struct FoundGridJson<'a> {
    #[serde(flatten)]
    grid: GridNameJson<'a>,
    /// The grids that hold it, from the top down.
    above: Vec<GridNameJson<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundHolder")]
struct FoundHolderJson<'a> {
    id: &'a str,
    name: &'a str,
    phone: Option<&'a str>,
    /// The role of the first duty that counts now; null where there is none.
    role: Option<&'a str>,
    /// The grid of that duty; null where it has a polygon of its own.
    grid: Option<FoundGridJson<'a>>,
}

pub(crate) async fn search(context: Context, RawQuery(raw): RawQuery) -> ApiResult<Response> {
    let mut query = Query::parse(raw.as_deref(), |name| takes(&PARAMETERS, name));
    query.read(JSON_FORM.name, |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    if query.text(Q.name).is_none() {
        query.fault(Q.name, "missing");
    }
    let q = query.read(Q.name, |text| match text.chars().count() {
        0..=MAX_QUERY_CHARS => Ok(text.to_owned()),
        n => Err(format!("has {n} characters, no name has more than {MAX_QUERY_CHARS}")),
    });
    let limit = query.read(LIMIT.name, |text| match text.parse() {
        Ok(limit @ 1..=MAX_FOUND) => Ok(limit),
        _ => Err(format!("expected a whole number from 1 to {MAX_FOUND}")),
    });
    query.finish()?;
    let q = q.expect("a query without it has a fault");
    Ok(search::find(&context.caller(), &q, limit.unwrap_or(USUAL_FOUND), answer).await?)
}

fn answer(found: &Found<'_>) -> Response {
    wire::answer(&FoundJson {
        revision: found.revision.0,
        grids: found.grids.iter().map(grid).collect(),
        holders: found.holders.iter().map(holder).collect(),
    })
}

fn grid<'a>(found: &FoundGrid<'a>) -> FoundGridJson<'a> {
    FoundGridJson { grid: name(&found.grid), above: found.above.iter().map(name).collect() }
}

fn name<'a>(grid: &GridRef<'a>) -> GridNameJson<'a> {
    GridNameJson { id: grid.id.as_str(), code: grid.code, name: grid.name, level: grid.level }
}

fn holder<'a>(found: &FoundHolder<'a>) -> FoundHolderJson<'a> {
    let FoundHolder { holder, phone, role, serves } = found;
    FoundHolderJson {
        id: holder.id.as_str(),
        name: &holder.name,
        phone: *phone,
        role: *role,
        grid: serves.as_ref().map(grid),
    }
}

/// The operation on it.
pub(crate) fn operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("search", "Grids by name, and those who answer for them")
        .taking(&PARAMETERS, description)
        .answering(JSON, description.answer::<FoundJson<'_>>())
        .failing(&[Kind::NoGround]);
    vec![PathItem::new("/search", [get])]
}

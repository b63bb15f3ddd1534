//! `GET /api/region`: the region, its ladder, and its numbers, so that the page computes none.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::Response;

use super::app::Context;
use super::description::Description;
use super::error::{ApiResult, Kind};
use super::operation::{Operation, PathItem};
use super::parameter::JSON_FORM;
use super::params::json_only;
use super::region_answer::RegionJson;
use super::representation::{Form, known, tagged};
use super::wire::{self, JSON};
use crate::service::totals;

pub(crate) async fn region(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult<Response> {
    json_only(raw.as_deref())?;
    let found = totals::region(&context.caller(), &known(&headers, Form::GeoJson)).await?;
    Ok(tagged(Form::GeoJson, found, |found| wire::answer(&RegionJson::from(&found))))
}

/// The operation on it.
pub(crate) fn operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = Operation::get("region", "The region: levels, roles, totals")
        .taking(&[JSON_FORM], description)
        .answering(JSON, description.answer::<RegionJson<'_>>())
        .unchanged()
        .failing(&[Kind::NoGround]);
    vec![PathItem::new("/region", [get])]
}

//! The points that `POST /api/locate` takes, as the API's description has them: `format/locate_rows` reads them.
#![expect(dead_code, reason = "of these types only the schema is used")]

use schemars::JsonSchema;
use serde_json::Value;

use super::geojson_schemas::{CollectionType, FeatureType, PointSchema};
use crate::service::locate_rows::WORST_ACCURACY_M;

/// One point that is asked about.
#[derive(JsonSchema)]
#[schemars(rename = "PointRow")]
pub(crate) struct PointRowSchema {
    lon: f64,
    lat: f64,
    #[schemars(flatten)]
    own: OwnTerms,
    /// Goes out with the answer as it came.
    id: Option<Value>,
}

/// What holds for one row, where it says otherwise than the query.
#[derive(JsonSchema)]
#[schemars(rename = "PointProperties")]
struct OwnTerms {
    #[schemars(range(min = 0, max = WORST_ACCURACY_M))]
    accuracy_m: Option<f64>,
    category: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename = "PointCollection")]
pub(crate) struct PointCollectionSchema {
    #[schemars(rename = "type")]
    kind: CollectionType,
    features: Vec<PointFeatureSchema>,
}

#[derive(JsonSchema)]
#[schemars(rename = "PointFeature")]
struct PointFeatureSchema {
    #[schemars(rename = "type")]
    kind: FeatureType,
    geometry: PointSchema,
    properties: Option<OwnTerms>,
}

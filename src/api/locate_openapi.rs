//! What OpenAPI says of `/api/locate`.

use serde_json::{Value, json};

use super::error::Kind;
use super::openapi::{answering, dates, failing, json_form, parameter, read};
use super::value_schemas as values;
use crate::service::locate_rows::WORST_ACCURACY_M;

/// How exact an answer is.
const ROUNDED: &str =
    "Borders and points are rounded to 1e-7 degree (about 1 cm) before it is asked which side a point lies on.";

/// The operations on it.
pub(crate) fn path() -> Value {
    json!({"get": get(), "post": post()})
}

fn get() -> Value {
    let number = json!({"type": "number"});
    let rounded = "rounded to 1e-7 degree (about 1 cm) before anything is asked";
    let mut lon = parameter("lon", &format!("longitude, or the first coordinate of `crs`; {rounded}"), number.clone());
    let mut lat = parameter("lat", &format!("latitude, or the second coordinate of `crs`; {rounded}"), number);
    lon["required"] = true.into();
    lat["required"] = true.into();
    let parameters = [vec![lon, lat], settings()].concat();
    let get = read("locate", "Who answers for one point", &parameters, "application/json");
    let mut get = failing(answering(get, "Answer"), &[Kind::NotFound, Kind::NoGround]);
    get["tags"] = json!(["locate"]);
    get["description"] = json!(ROUNDED);
    get
}

/// What holds for every point of a request.
fn settings() -> Vec<Value> {
    let crs =
        "wgs84, cgcs2000, gcj02, bd09 or EPSG:n, of which the coordinates are: degrees, or metres of a projected one";
    let accuracy = "how far the true position may be off, in metres";
    let mut parameters = vec![
        parameter("crs", crs, values::frame()),
        parameter("accuracy_m", accuracy, metres()),
        parameter("category", "the category of the incident, for the mediators", values::text()),
        json_form(),
    ];
    parameters.extend(dates());
    parameters
}

fn metres() -> Value {
    json!({"type": "number", "minimum": 0, "maximum": WORST_ACCURACY_M})
}

fn post() -> Value {
    let post = read("locate_many", "Who answers for up to a million points", &settings(), "application/json");
    let kinds = [Kind::NotFound, Kind::BodyTimeout, Kind::BodyTooLarge, Kind::UnsupportedMediaType, Kind::Busy];
    let mut post = failing(post, &kinds);
    post["description"] = json!(format!(
        "{ROUNDED} The answer comes row by row in the form and order of the body. A row that cannot be answered has its error \
         in its place, and `status` refused; only a body without one good row is a 400. An Arrow file is read as the \
         stream in it. Parquet is not taken: it is read from its end."
    ));
    let (points, rows) = ("#/components/schemas/PointCollection", "#/components/schemas/FeatureCollection");
    let forms = |array: Value, features: &str| {
        json!({
            "application/json": {"schema": array},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
            "application/geo+json": {"schema": {"$ref": features}},
            "application/vnd.apache.arrow.stream": {"schema": {"type": "string", "format": "binary"}},
        })
    };
    let array = |schema: &str| json!({"type": "array", "items": {"$ref": format!("#/components/schemas/{schema}")}});
    let content = forms(array("PointRow"), points);
    post["requestBody"] = json!({"required": true, "content": content});
    post["responses"]["200"]["content"] = forms(array("AnswerRow"), rows);
    post
}

/// The schemas of rows that come in and go out.
pub(crate) fn schemas() -> [(&'static str, Value); 5] {
    let asked = json!({
        "accuracy_m": {"type": "number", "minimum": 0, "maximum": WORST_ACCURACY_M, "nullable": true},
        "category": {"type": "string", "nullable": true},
    });
    let mut row = json!({"type": "object", "required": ["lon", "lat"], "properties": asked});
    row["properties"]["lon"] = json!({"type": "number"});
    row["properties"]["lat"] = json!({"type": "number"});
    row["properties"]["id"] = json!({"description": "goes out with the answer as it came"});
    let feature = json!({"type": "object", "required": ["type", "geometry"], "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "geometry": {"$ref": "#/components/schemas/Point"},
        "properties": {"type": "object", "nullable": true, "properties": asked},
    }});
    let collection = json!({"type": "object", "required": ["type", "features"], "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/PointFeature"}},
    }});
    let refused = json!({"type": "object", "required": ["row", "error", "status"], "properties": {
        "row": {"type": "integer", "minimum": 1}, "id": {}, "error": {"type": "string"},
        "status": {"type": "string", "enum": ["refused"]},
    }});
    let answered = json!({"allOf": [{"$ref": "#/components/schemas/Answer"}, {"type": "object", "required": ["status"], "properties": {
        "id": {}, "status": {"type": "string", "enum": ["located", "outside"]},
    }}]});
    let answer = json!({"anyOf": [answered, {"$ref": "#/components/schemas/RefusedRow"}]});
    [
        ("PointRow", row),
        ("PointFeature", feature),
        ("PointCollection", collection),
        ("RefusedRow", refused),
        ("AnswerRow", answer),
    ]
}

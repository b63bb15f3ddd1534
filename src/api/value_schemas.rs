//! The values that parameters and bodies take, in OpenAPI's words: no wider and no narrower than the server reads them.

use serde_json::{Value, json};

use crate::analysis::Metric;
use crate::domain::Region;
use crate::domain::id::MAX_CHARS;

/// The longest text that a parameter takes.
const MOST_CHARS: usize = 400;

/// The words that a region gives: empty before there is one.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    pub(crate) levels: Vec<String>,
    pub(crate) roles: Vec<String>,
    pub(crate) figures: Vec<String>,
}

impl Vocabulary {
    pub(crate) fn of(region: &Region) -> Self {
        Self {
            levels: region.levels.iter().map(|level| level.code.clone()).collect(),
            roles: region.roles.iter().map(|role| role.code.clone()).collect(),
            figures: Metric::all(region).into_iter().map(|metric| metric.name(region)).collect(),
        }
    }
}

/// One of `words`; any word where they are not known yet.
pub(crate) fn one_of<T: AsRef<str>>(words: &[T]) -> Value {
    if words.is_empty() {
        return word();
    }
    json!({"type": "string", "enum": words.iter().map(AsRef::as_ref).collect::<Vec<_>>()})
}

/// A text of a query, which may be empty. No text that is kept has a zero in it.
pub(crate) fn text() -> Value {
    json!({"type": "string", "maxLength": MOST_CHARS, "pattern": "^[^\\u0000]*$"})
}

/// A text of a query that is not empty.
pub(crate) fn word() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": MOST_CHARS, "pattern": "^[^\\u0000]*$"})
}

/// A text of a query, of any length.
pub(crate) fn any_text() -> Value {
    json!({"type": "string", "pattern": "^[^\\u0000]*$"})
}

/// The place in a list: an identifier, or the start of one.
pub(crate) fn after() -> Value {
    json!({"type": "string", "maxLength": MAX_CHARS, "pattern": "^[^\\u0000]*$"})
}

/// An identifier: no white space, no control character, no slash.
pub(crate) fn identifier() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": MAX_CHARS, "pattern": "^[^\\s/\\u0000-\\u001f\\u007f-\\u009f]+$"})
}

/// A version of a thing, letter by letter as its `ETag` was answered: `"3"`.
pub(crate) fn entity_tag() -> Value {
    json!({"type": "string", "pattern": "^\"(0|[1-9][0-9]{0,17})\"$"})
}

/// The key of a request that may be repeated.
pub(crate) fn request_key() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"})
}

/// An instant, or a day in the region's time.
pub(crate) fn instant() -> Value {
    json!({"type": "string", "anyOf": [in_format("date-time"), in_format("date")]})
}

/// An instant, a day, or an interval of them that may be open at an end.
pub(crate) fn interval() -> Value {
    let end = format!("(\\.\\.|{DAY}({TIME})?)?");
    let open = json!({"type": "string", "pattern": format!("^{end}/{end}$")});
    json!({"type": "string", "anyOf": [in_format("date-time"), in_format("date"), open]})
}

fn in_format(format: &str) -> Value {
    json!({"type": "string", "format": format})
}

/// A day that there is: months have 31, 30, 28 and in leap years 29 days.
const DAY: &str = "((?!0000)[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|\
                   02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)-02-29)";

/// A time of a day with its offset (RFC 3339).
const TIME: &str = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";

/// A box in degrees. JSON Schema has no word for what its third number is.
pub(crate) fn bbox() -> Value {
    json!({"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}, "oneOf": [{"maxItems": 4}, {"minItems": 6}]})
}

/// The name of a coordinate frame.
pub(crate) fn frame() -> Value {
    json!({
        "type": "string", "default": "wgs84", "pattern": "^(wgs84|cgcs2000|gcj02|bd09|CRS84|EPSG:[1-9][0-9]{3,4})$",
    })
}

//! Parameters of queries as data: a handler takes the names of its list, and the API's description is written from it.

use serde_json::{Value, json};

use super::value_schemas::{self as values, Vocabulary};

/// One parameter of a query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// The values it takes, in the words of a region.
    schema: fn(&Vocabulary) -> Value,
    is_required: bool,
    /// Whether only those may give it who are given exact counts.
    pub(crate) needs_exact_counts: bool,
}

impl Parameter {
    pub(crate) const fn new(name: &'static str, description: &'static str, schema: fn(&Vocabulary) -> Value) -> Self {
        Self { name, description, schema, is_required: false, needs_exact_counts: false }
    }

    /// The same, which must be given.
    pub(crate) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// The same, which only those may give who are given exact counts.
    pub(crate) const fn for_exact_counts(self) -> Self {
        Self { needs_exact_counts: true, ..self }
    }

    /// The same, which means this.
    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Returns it as OpenAPI has it.
    pub(crate) fn describe(&self, words: &Vocabulary) -> Value {
        let mut described = query_parameter(self.name, self.description, (self.schema)(words));
        described["required"] = self.is_required.into();
        described
    }
}

/// Returns a parameter that may be left out, as OpenAPI has it. GDAL takes a filter only where it says `in: query`.
#[expect(clippy::needless_pass_by_value, reason = "a schema is written where it is passed")]
pub(crate) fn query_parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({
        "name": name, "in": "query", "description": description, "required": false,
        "schema": schema, "style": "form", "explode": false,
    })
}

/// Tells whether one of `parameters` is called `name`.
pub(crate) fn takes(parameters: &[Parameter], name: &str) -> bool {
    parameters.iter().any(|parameter| parameter.name == name)
}

pub(crate) const AT: Parameter =
    Parameter::new("at", "the ground in force at this instant, or at the start of this day", |_| values::instant());

pub(crate) const KNOWN_AT: Parameter =
    Parameter::new("known_at", "as it was known at this instant, or at the end of this day", |_| values::instant());

/// The form of an answer that is a list or a table.
pub(crate) const FORM: Parameter = Parameter::new(
    "f",
    "the form of the answer, stronger than the Accept header",
    |_| json!({"type": "string", "enum": ["json", "geojson", "csv"]}),
);

/// The form of an answer that has but one.
pub(crate) const JSON_FORM: Parameter =
    Parameter::new("f", "the form of the answer: there is one", |_| json!({"type": "string", "enum": ["json"]}));

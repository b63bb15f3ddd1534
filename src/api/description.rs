//! What a description of the API is written with: whom it is for, in which words, and the schemas that it refers to.
//!
//! A schema is derived from the type that a handler answers with, by `schemars`, in the words of OpenAPI 3.0.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::parameter::Parameter;
use super::value_schemas::Vocabulary;
use crate::domain::{Action, Noun, Principal};

/// One description while it is written.
#[derive(Debug)]
pub(crate) struct Description<'a> {
    /// Who reads it: it has what they may ask for.
    pub(crate) principal: &'a Principal,
    pub(crate) words: &'a Vocabulary,
    answers: SchemaGenerator,
    bodies: SchemaGenerator,
    /// Those that no type stands for.
    written: Map<String, Value>,
}

impl<'a> Description<'a> {
    pub(crate) fn new(principal: &'a Principal, words: &'a Vocabulary) -> Self {
        let settings = SchemaSettings::openapi3();
        let answers = settings.clone().for_serialize().into_generator();
        Self { principal, words, answers, bodies: settings.for_deserialize().into_generator(), written: Map::new() }
    }

    /// Those of `parameters` that the reader may give, as OpenAPI has them.
    pub(crate) fn parameters(&self, parameters: &[Parameter]) -> Vec<Value> {
        let is_exact = self.principal.may(Action::CountExactly, Noun::Incidents);
        let allowed = parameters.iter().filter(|parameter| is_exact || !parameter.needs_exact_counts);
        allowed.map(|parameter| parameter.describe(self.words)).collect()
    }

    /// The schema of an answer: every member that is always written is required.
    pub(crate) fn answer<T: JsonSchema>(&mut self) -> Value {
        self.answers.subschema_for::<T>().to_value()
    }

    /// The schema of a request's body: what may be null may be left out.
    pub(crate) fn body<T: JsonSchema>(&mut self) -> Value {
        self.bodies.subschema_for::<T>().to_value()
    }

    /// Adds a schema that depends on the words of the region, and returns a reference to it.
    pub(crate) fn written(&mut self, name: &str, schema: Value) -> Value {
        self.written.insert(name.to_owned(), schema);
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// Returns every schema that was referred to, by name.
    pub(crate) fn into_schemas(mut self) -> Map<String, Value> {
        let mut schemas = self.answers.take_definitions(true);
        for (name, schema) in self.bodies.take_definitions(true) {
            let other = schemas.insert(name, schema.clone());
            debug_assert!(other.is_none_or(|other| other == schema), "two schemas have one name");
        }
        for schema in schemas.values_mut() {
            if let Ok(schema) = schema.try_into() {
                RecursiveTransform(plain).transform(schema);
            }
        }
        schemas.extend(self.written);
        schemas
    }
}

/// Says a nullable reference as generators of clients understand it, leaves out formats of numbers, which say how Rust holds
/// them, and joins the lines of descriptions.
fn plain(schema: &mut Schema) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = description.replace('\n', " ");
    }
    if matches!(schema.get("type").and_then(Value::as_str), Some("integer" | "number")) {
        schema.remove("format");
    }
    let is_null = |one: &Value| one["nullable"] == true && one["enum"] == json!([null]);
    if let Some([one, null]) = schema.get("anyOf").and_then(Value::as_array).map(Vec::as_slice)
        && is_null(null)
    {
        let one = one.clone();
        schema.remove("anyOf");
        schema.insert("nullable".into(), true.into());
        schema.insert("allOf".into(), json!([one]));
    }
}

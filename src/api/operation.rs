//! Operations as OpenAPI has them, put together by the handlers that they stand beside.

use serde_json::{Map, Value, json};

use super::description::Description;
use super::error::Kind;
use super::parameter::Parameter;
use super::value_schemas as values;

/// The operations on one path below the address of the API.
#[derive(Debug)]
pub(crate) struct PathItem {
    pub(crate) path: String,
    pub(crate) operations: Vec<Operation>,
}

impl PathItem {
    pub(crate) fn new(path: impl Into<String>, operations: impl IntoIterator<Item = Operation>) -> Self {
        Self { path: path.into(), operations: operations.into_iter().collect() }
    }
}

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    /// The status of its success.
    status: &'static str,
    body: Value,
}

impl Operation {
    /// One that reads.
    pub(crate) fn get(id: impl Into<String>, summary: &str) -> Self {
        Self::new("get", "200", id.into(), summary).failing(&[Kind::InvalidParameter])
    }

    /// One that reads what its body is about.
    pub(crate) fn ask(id: impl Into<String>, summary: &str) -> Self {
        Self { method: "post", ..Self::get(id, summary) }
    }

    /// One that changes something, and answers `status`.
    pub(crate) fn write(method: &'static str, id: impl Into<String>, summary: &str, status: &'static str) -> Self {
        let kinds = [Kind::InvalidParameter, Kind::ReadOnly, Kind::NotFound, Kind::Stale];
        Self::new(method, status, id.into(), summary).failing(&kinds)
    }

    fn new(method: &'static str, status: &'static str, id: String, summary: &str) -> Self {
        let responses = json!({status: {"description": summary}, "default": problem_reference()});
        let mut body = json!({"summary": summary, "parameters": [], "responses": responses});
        body["operationId"] = id.into();
        Self { method, status, body }
    }

    /// The same with parameters of the path or of headers, as OpenAPI has them.
    pub(crate) fn with(mut self, parameters: impl IntoIterator<Item = Value>) -> Self {
        self.body["parameters"].as_array_mut().expect("written by `new`").extend(parameters);
        self
    }

    /// The same with those of `parameters` of the query that the reader may give.
    pub(crate) fn taking(self, parameters: &[Parameter], description: &Description<'_>) -> Self {
        self.with(description.parameters(parameters))
    }

    /// The same, whose answer may have this form.
    pub(crate) fn answering(mut self, content_type: &str, schema: Value) -> Self {
        self.success()["content"][content_type] = form(schema);
        self
    }

    /// The same, whose answer has this header.
    pub(crate) fn heading(mut self, name: &str, header: Value) -> Self {
        self.success()["headers"][name] = header;
        self
    }

    fn success(&mut self) -> &mut Value {
        &mut self.body["responses"][self.status]
    }

    /// The same, answered anew only when something has changed.
    pub(crate) fn unchanged(self) -> Self {
        self.or("304", "Nothing has changed since the ETag in If-None-Match")
    }

    /// The same, which may be answered in another way too, without a body.
    pub(crate) fn or(mut self, status: &str, description: &str) -> Self {
        self.body["responses"][status] = json!({"description": description});
        self
    }

    /// The same, which fails in these ways too, beside those that any may fail in.
    pub(crate) fn failing(mut self, kinds: &[Kind]) -> Self {
        for kind in kinds {
            self.body["responses"][kind.status().as_str()] = problem_reference();
        }
        self
    }

    /// The same with a body, which may come in this form.
    pub(crate) fn reading(mut self, content_type: &str, schema: Value) -> Self {
        self.body["requestBody"]["required"] = true.into();
        self.body["requestBody"]["content"][content_type] = form(schema);
        self
    }

    pub(crate) fn tagged(mut self, tag: &str) -> Self {
        self.body["tags"] = json!([tag]);
        self
    }

    pub(crate) fn described(mut self, description: &str) -> Self {
        self.body["description"] = description.into();
        self
    }

    pub(crate) fn into_json(self) -> Value {
        self.body
    }
}

/// One form of a body or an answer.
fn form(schema: Value) -> Value {
    Value::Object(Map::from_iter([("schema".to_owned(), schema)]))
}

fn problem_reference() -> Value {
    json!({"$ref": "#/components/responses/Problem"})
}

/// A part of the path.
pub(crate) fn path_parameter(name: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

/// The header that names the version of a thing.
pub(crate) fn etag() -> Value {
    json!({"required": true, "schema": values::entity_tag(), "description": "the version"})
}

/// The header that says where what was stored is.
pub(crate) fn location() -> Value {
    json!({"required": true, "schema": {"type": "string"}, "description": "the address of what was stored"})
}

/// The header that names the version a change was made on.
pub(crate) fn if_match(is_required: bool) -> Value {
    let description = "the ETag of the version the change was made on";
    json!({
        "name": "If-Match", "in": "header", "required": is_required, "schema": values::entity_tag(),
        "description": description,
    })
}

/// The header by which a repeated request is known.
pub(crate) fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false, "schema": values::request_key(),
        "description": "a repeated request with the same key is stored once; another one with it is a 422",
    })
}

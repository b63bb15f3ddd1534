//! What `/api/locate` answers, as the API's description has it.
//!
//! `format/answer.rs` writes it, most often from a template; `tests/it/api/described.rs` holds what it writes against this.
#![expect(dead_code, reason = "of these types only the schema is used")]

use schemars::JsonSchema;
use serde_json::Value;

use super::wire::GridNameJson;

#[derive(JsonSchema)]
#[schemars(rename = "Answer")]
pub(crate) struct AnswerSchema {
    revision: u64,
    generation: u32,
    position: PositionSchema,
    /// From the top down; empty where nothing covers the place.
    grids: Vec<GridNameJson<'static>>,
    /// The nearest edge of the lowest grid; null where nothing covers the place.
    edge: Option<EdgeSchema>,
    /// Whether the stated accuracy of the position stays inside the edge; true where none is stated.
    certain: bool,
    /// Where it is not certain every grid that the accuracy reaches, the nearest first, some of `n_candidates`.
    candidates: Vec<CandidateSchema>,
    n_candidates: u64,
    /// From the bottom level up.
    chain: Vec<LinkSchema>,
    /// The nearest first.
    mediators: Vec<MediatorSchema>,
    nearest: Option<NearestSchema>,
}

/// A place in WGS 84, in degrees.
#[derive(JsonSchema)]
#[schemars(rename = "Position")]
struct PositionSchema {
    lon: f64,
    lat: f64,
}

/// The edge nearest to a position, and who lies beyond it.
#[derive(JsonSchema)]
#[schemars(rename = "Edge")]
struct EdgeSchema {
    /// The grid beyond it; null on the outer border.
    neighbour: Option<GridNameJson<'static>>,
    distance_m: f64,
}

/// The grid that is nearest to a place that none covers.
#[derive(JsonSchema)]
#[schemars(rename = "Nearest")]
struct NearestSchema {
    grid: GridNameJson<'static>,
    distance_m: f64,
}

/// A grid the true position may lie in.
#[derive(JsonSchema)]
#[schemars(rename = "Candidate")]
struct CandidateSchema {
    #[schemars(flatten)]
    grid: GridNameJson<'static>,
    /// The grids that hold it, from the top down.
    above: Vec<GridNameJson<'static>>,
    distance_m: f64,
    /// Who is responsible there: of its chain the lowest who holds a duty.
    responsible: Option<LinkSchema>,
}

/// Who answers at one level.
#[derive(JsonSchema)]
#[schemars(rename = "ChainLink")]
struct LinkSchema {
    level: String,
    role: String,
    holder: HolderSchema,
    how: String,
    why: String,
}

/// A mediator who fits.
#[derive(JsonSchema)]
#[schemars(rename = "Mediator")]
struct MediatorSchema {
    #[schemars(flatten)]
    holder: HolderSchema,
    /// The committee the mediator belongs to.
    body: Option<HolderSchema>,
    /// To the mediator's place, else to the body's; null where neither is known.
    distance_m: Option<f64>,
    why: String,
}

#[derive(JsonSchema)]
#[schemars(rename = "Named")]
struct HolderSchema {
    id: String,
    name: String,
    /// Left out for whoever may not know it, where there is none, and in the answers to many points.
    #[schemars(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

/// The answer to one row of many, or why there is none.
#[derive(JsonSchema)]
#[schemars(rename = "AnswerRow", untagged)]
pub(crate) enum RowSchema {
    Answered(Box<AnsweredRowSchema>),
    Refused(RefusedRowSchema),
}

#[derive(JsonSchema)]
#[schemars(rename = "AnsweredRow")]
pub(crate) struct AnsweredRowSchema {
    /// As it came.
    #[schemars(skip_serializing_if = "Option::is_none")]
    id: Value,
    #[schemars(flatten)]
    answer: AnswerSchema,
    status: AnsweredStatus,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
enum AnsweredStatus {
    Located,
    Outside,
}

#[derive(JsonSchema)]
#[schemars(rename = "RefusedRow")]
pub(crate) struct RefusedRowSchema {
    /// From 1.
    #[schemars(range(min = 1))]
    row: u64,
    /// As it came.
    #[schemars(skip_serializing_if = "Option::is_none")]
    id: Value,
    error: String,
    status: RefusedStatus,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "snake_case")]
enum RefusedStatus {
    Refused,
}

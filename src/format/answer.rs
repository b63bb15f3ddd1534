//! The JSON of an answer, the same over HTTP and on the command line.
//!
//! Every field is always there: `null` or an empty list where there is nothing to say. Only telephones are left out: for
//! readers without the right to them, and of whoever has none. Distances are rounded to
//! centimetres, which is what the lattice can tell.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::value::RawValue;

use crate::domain::{Answer, Candidate, Edge, Fit, Grant, GridRef, HolderRef, Link, Mediator, Nearest, Rule};
use crate::geometry::Position;

/// Renders an answer wherever serde writes, with the telephones that `phones` is a right to:
/// `serde_json::to_vec(&AnswerJson { answer: &answer, phones: None })`.
#[derive(Clone, Copy, Debug)]
pub struct AnswerJson<'a> {
    pub answer: &'a Answer<'a>,
    pub phones: Option<&'a Grant>,
}

/// Renders a grid as answers name it.
#[derive(Clone, Copy, Debug)]
pub struct GridJson<'a>(pub &'a GridRef<'a>);

impl Serialize for GridJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WireGrid::from(self.0).serialize(serializer)
    }
}

/// Writes the answer's own fields, without the braces: rows add fields beside them. A [template](super::answer_template)
/// has something else where points of one grid differ.
#[derive(Debug, Serialize)]
pub(super) struct Wire<
    'a,
    R = u64,
    P = WirePosition,
    E = Option<WireEdge<f64, Option<WireGrid<'a>>>>,
    M = Vec<WireMediator<'a>>,
> {
    revision: R,
    generation: u32,
    position: P,
    grids: Vec<WireGrid<'a>>,
    edge: E,
    certain: bool,
    candidates: Vec<WireCandidate<'a>>,
    n_candidates: usize,
    chain: Vec<WireLink<'a>>,
    mediators: M,
    nearest: Option<WireNearest<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct WirePosition<N = f64> {
    pub(super) lon: N,
    pub(super) lat: N,
}

#[derive(Debug, Serialize)]
pub(super) struct WireGrid<'a> {
    id: &'a str,
    code: &'a str,
    name: Option<&'a str>,
    level: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct WireEdge<D, G> {
    pub(super) distance_m: D,
    pub(super) neighbour: G,
}

#[derive(Debug, Serialize)]
struct WireCandidate<'a> {
    #[serde(flatten)]
    grid: WireGrid<'a>,
    above: Vec<WireGrid<'a>>,
    distance_m: f64,
    responsible: Option<WireLink<'a>>,
}

#[derive(Debug, Serialize)]
struct WireHolder<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WireLink<'a> {
    level: &'a str,
    role: &'a str,
    holder: WireHolder<'a>,
    how: &'static str,
    #[serde(serialize_with = "in_words")]
    why: Rule<'a>,
}

#[derive(Debug, Serialize)]
pub(super) struct WireMediator<'a, D = Option<f64>> {
    #[serde(flatten)]
    holder: WireHolder<'a>,
    body: Option<WireHolder<'a>>,
    distance_m: D,
    #[serde(serialize_with = "in_words")]
    why: Fit<'a>,
}

#[derive(Debug, Serialize)]
struct WireNearest<'a> {
    grid: WireGrid<'a>,
    distance_m: f64,
}

impl Serialize for AnswerJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::new(self.answer, self.phones).serialize(serializer)
    }
}

fn in_words<S: Serializer>(why: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(why)
}

/// Rounds metres to centimetres.
#[must_use]
pub fn rounded(distance_m: f64) -> f64 {
    (distance_m * 100.0).round() / 100.0
}

impl<'a> Wire<'a> {
    fn new(answer: &'a Answer<'a>, phones: Option<&Grant>) -> Self {
        let mediators = answer.mediators.iter().map(|one| WireMediator::of(one, phones, one.distance_m.map(rounded)));
        let edge = answer.edge.as_ref().map(Into::into);
        Self::of(answer, phones, answer.revision.0, answer.position.into(), edge, mediators.collect())
    }
}

impl<'a, R, P, E, M> Wire<'a, R, P, E, M> {
    /// The fields of `answer`, with these in the place of its own.
    pub(super) fn of(
        answer: &'a Answer<'a>,
        phones: Option<&Grant>,
        revision: R,
        position: P,
        edge: E,
        mediators: M,
    ) -> Self {
        Self {
            revision,
            generation: answer.generation,
            position,
            grids: answer.grids.iter().map(Into::into).collect(),
            edge,
            certain: answer.certain,
            candidates: answer.candidates.iter().map(|one| WireCandidate::of(one, phones)).collect(),
            n_candidates: answer.n_candidates,
            chain: answer.chain.iter().map(|link| WireLink::of(link, phones)).collect(),
            mediators,
            nearest: answer.nearest.as_ref().map(Into::into),
        }
    }
}

impl From<Position> for WirePosition<f64> {
    fn from(position: Position) -> Self {
        Self { lon: position.lon(), lat: position.lat() }
    }
}

impl<'a> From<&GridRef<'a>> for WireGrid<'a> {
    fn from(grid: &GridRef<'a>) -> Self {
        Self { id: grid.id.as_str(), code: grid.code, name: grid.name, level: grid.level }
    }
}

impl<'a> From<&Edge<'a>> for WireEdge<f64, Option<WireGrid<'a>>> {
    fn from(edge: &Edge<'a>) -> Self {
        let neighbour = edge.neighbour.as_ref().map(Into::into);
        Self { distance_m: rounded(edge.distance_m), neighbour }
    }
}

impl<'a> WireCandidate<'a> {
    fn of(candidate: &Candidate<'a>, phones: Option<&Grant>) -> Self {
        Self {
            grid: (&candidate.grid).into(),
            above: candidate.above.iter().map(Into::into).collect(),
            distance_m: rounded(candidate.distance_m),
            responsible: candidate.responsible.as_ref().map(|link| WireLink::of(link, phones)),
        }
    }
}

impl<'a> WireHolder<'a> {
    /// A holder is in no grid, so a right to the telephones of some areas does not reach this one.
    fn of(holder: &HolderRef<'a>, phones: Option<&Grant>) -> Self {
        let phone = holder.phone.zip(phones).and_then(|(phone, grant)| phone.reveal(grant, None)?.as_deref());
        Self { id: holder.id.as_str(), name: holder.name, phone }
    }
}

impl<'a> WireLink<'a> {
    fn of(link: &Link<'a>, phones: Option<&Grant>) -> Self {
        let holder = WireHolder::of(&link.holder, phones);
        Self { level: link.level, role: link.role, holder, how: link.how.as_str(), why: link.why }
    }
}

impl<'a, D> WireMediator<'a, D> {
    pub(super) fn of(mediator: &Mediator<'a>, phones: Option<&Grant>, distance_m: D) -> Self {
        Self {
            holder: WireHolder::of(&mediator.holder, phones),
            body: mediator.body.as_ref().map(|body| WireHolder::of(body, phones)),
            distance_m,
            why: mediator.why,
        }
    }
}

impl<'a> From<&Nearest<'a>> for WireNearest<'a> {
    fn from(nearest: &Nearest<'a>) -> Self {
        Self { grid: (&nearest.grid).into(), distance_m: rounded(nearest.distance_m) }
    }
}

/// An answer to one row of many, without telephones: the answer's fields, the row's own `id` where it had one, and the `status`
/// that tables have.
#[derive(Debug)]
pub(super) struct WireRow<'a> {
    pub(super) id: Option<&'a RawValue>,
    pub(super) answer: &'a Answer<'a>,
    pub(super) status: &'static str,
}

impl Serialize for WireRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a RawValue>,
            #[serde(flatten)]
            answer: Wire<'a>,
            status: &'static str,
        }
        Row { id: self.id, answer: Wire::new(self.answer, None), status: self.status }.serialize(serializer)
    }
}

/// What is written in place of an answer where a row cannot be answered.
#[derive(Debug)]
pub(super) struct WireRowFault<'a> {
    pub(super) row: u64,
    pub(super) id: Option<&'a RawValue>,
    pub(super) error: &'a str,
    pub(super) status: &'static str,
}

impl Serialize for WireRowFault<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("WireRowFault", 4)?;
        if let Some(id) = self.id {
            fields.serialize_field("id", id)?;
        }
        fields.serialize_field("row", &self.row)?;
        fields.serialize_field("error", self.error)?;
        fields.serialize_field("status", self.status)?;
        fields.end()
    }
}

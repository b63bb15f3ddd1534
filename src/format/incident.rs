//! Incidents in.

use chrono::{DateTime, Utc};

use super::properties::step_property;
use super::row::{MAX_FREE_TEXT, Row};
use super::{Fault, Mapping, Problem, Record};
use crate::domain::{Incident, IncidentKind, Personal, Region, Status, Step, StepKind};
use crate::geometry::crs::Frame;

pub const NOUN: &str = "incidents";
pub const FIELDS: [&str; 18] = [
    "id",
    "kind",
    "category",
    "tier",
    "status",
    "lon",
    "lat",
    "stated_grid",
    "reported_at",
    "registered_at",
    "assigned_at",
    "handled_at",
    "supervised_at",
    "resolved_at",
    "rated_at",
    "return_visit_at",
    "archived_at",
    "text",
];

/// Reads an incident; its steps are made of the times given. `tier` is the code of a level of `region`.
///
/// # Errors
/// All faults of the record: also a step before the report, and a `status` that the times do not bear out.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame, region: &Region) -> Result<Incident, Vec<Fault>> {
    let mut row = Row::new(record, mapping);
    let id = row.id("id");
    let kind = row.required_word("kind", IncidentKind::parse, &IncidentKind::ALL.map(IncidentKind::as_str));
    let category = row.text("category");
    let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
    let tier = row.word("tier", |word| region.depth_of(word).map(|_| word.to_owned()), &levels);
    let position = row.position(frame);
    let stated_grid = row.text("stated_grid");
    let steps = steps(&mut row, region);
    check_status(&mut row, &steps);
    let text = Personal::new(row.text_up_to("text", MAX_FREE_TEXT));
    row.finish(|| {
        let (id, kind, position) = (id?, kind?, position?);
        Some(Incident { id, kind, category, tier, position, stated_grid, grid: None, steps, text })
    })
}

fn steps(row: &mut Row<'_>, region: &Region) -> Vec<Step> {
    let times = StepKind::ALL.map(|kind| (kind, row.time(step_property(kind), region.utc_offset)));
    let received = step_property(StepKind::Receive);
    if row.raw(received).is_none() {
        row.refuse(received, Problem::Missing);
    }
    let mut steps: Vec<Step> = times.iter().filter_map(|&(kind, at)| Some(Step { kind, at: at?, by: None })).collect();
    if let Some(Step { kind: StepKind::Receive, at: then, .. }) = steps.first().cloned() {
        for Step { kind, at, .. } in &steps {
            if *at < then {
                row.refuse(step_property(*kind), Problem::TooEarly { at: *at, reference: "the report", then });
            }
        }
    }
    // A stable sort: steps of one instant stay in the usual order of the loop.
    steps.sort_by_key(|step| step.at);
    steps
}

fn check_status(row: &mut Row<'_>, steps: &[Step]) {
    let Some(said) = row.word("status", Status::parse, &Status::ALL.map(Status::as_str)) else { return };
    let resolved: Option<DateTime<Utc>> = steps.iter().find(|step| step.kind == StepKind::Resolve).map(|step| step.at);
    let dates = if resolved.is_some() { Status::Resolved } else { Status::Open };
    if said != dates {
        row.refuse("status", Problem::StatusDisagrees { said: said.as_str(), dates: dates.as_str() });
    }
}

//! Incidents in.

use chrono::{DateTime, FixedOffset, Utc};

use super::properties::step_property;
use super::row::{MAX_FREE_TEXT, Row};
use super::step;
use super::{Fault, Mapping, Problem, Record};
use crate::domain::{Incident, IncidentKind, Personal, Region, Status, Step, StepKind};
use crate::geometry::crs::Frame;

pub const NOUN: &str = "incidents";
pub const FIELDS: [&str; 19] = [
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
    "steps",
    "text",
];

/// Reads an incident. Its steps are those it lists, or else are made of the times given. `tier` is the code of a level of
/// `region`.
///
/// # Errors
/// All faults of the record: also a step before the report, times that the list does not bear out, and a `status` that the
/// steps do not.
pub fn parse(record: &Record, mapping: &Mapping, frame: &Frame, region: &Region) -> Result<Incident, Vec<Fault>> {
    read(Row::new(record, mapping), frame, region, None)
}

/// Reads what an incident is to become whose steps are `recorded`: it need not repeat them.
///
/// # Errors
/// Like [`parse`]; also steps and times that are not what is recorded, since they are only added to.
pub fn parse_change(
    record: &Record,
    mapping: &Mapping,
    frame: &Frame,
    region: &Region,
    recorded: &[Step],
) -> Result<Incident, Vec<Fault>> {
    read(Row::new(record, mapping), frame, region, Some(recorded))
}

fn read(mut row: Row<'_>, frame: &Frame, region: &Region, recorded: Option<&[Step]>) -> Result<Incident, Vec<Fault>> {
    let id = row.id("id");
    let kind = row.required_word("kind", IncidentKind::parse, &IncidentKind::ALL.map(IncidentKind::as_str));
    let category = row.text("category");
    let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
    let tier = row.word("tier", |word| region.depth_of(word).map(|_| word.to_owned()), &levels);
    let position = row.position(frame);
    let stated_grid = row.code("stated_grid");
    let steps = match recorded {
        Some(recorded) => Some(unchanged(&mut row, region.utc_offset, recorded)),
        None => steps(&mut row, region.utc_offset),
    };
    if let Some(steps) = &steps {
        check_status(&mut row, steps);
    }
    let text = Personal::new(row.text_up_to("text", MAX_FREE_TEXT));
    row.finish(|| {
        let (id, kind, position, steps) = (id?, kind?, position?, steps?);
        Some(Incident { id, kind, category, tier, position, stated_grid, grid: None, steps, text })
    })
}

/// The steps of a record, in order of time; none where they are not well.
fn steps(row: &mut Row<'_>, offset: FixedOffset) -> Option<Vec<Step>> {
    let times = times(row, offset);
    if row.raw("steps").is_none() {
        return Some(of_times(row, &times));
    }
    let steps = listed(row, offset)?;
    check_times(row, &times, &steps, |said, steps| Problem::StepsDisagree { said, steps });
    Some(steps)
}

type Times = [(StepKind, Option<DateTime<Utc>>); 9];

/// The time given of each kind of step.
fn times(row: &mut Row<'_>, offset: FixedOffset) -> Times {
    StepKind::ALL.map(|kind| (kind, row.time(step_property(kind), offset)))
}

/// The steps that a record lists, in order of time, those of one instant as they are listed; none where they are not well.
fn listed(row: &mut Row<'_>, offset: FixedOffset) -> Option<Vec<Step>> {
    let (list, n_before) = (row.raw("steps")?, row.n_faults());
    let mut steps = step::parse_list(list, offset).unwrap_or_else(|faults| {
        for (field, problem) in faults {
            row.refuse(format!("steps/{field}").trim_end_matches('/'), problem);
        }
        Vec::new()
    });
    if row.n_faults() == n_before {
        check_first(row, &steps);
    }
    steps.sort_by_key(|step| step.at);
    (row.n_faults() == n_before).then_some(steps)
}

/// Refuses a list without a report, and steps before it.
fn check_first(row: &mut Row<'_>, steps: &[Step]) {
    let received = steps.iter().filter(|step| step.kind == StepKind::Receive).map(|step| step.at).min();
    let Some(then) = received else { return row.refuse("steps", Problem::NoFirstStep(StepKind::Receive.as_str())) };
    for (place, &Step { at, .. }) in steps.iter().enumerate().filter(|(_, step)| step.at < then) {
        let problem = Problem::TooEarly { at, reference: "the report", then };
        row.refuse(&format!("steps/{}", step::below(place, "at")), problem);
    }
}

/// One step of each time given, in the usual order of the loop where two are of one instant.
fn of_times(row: &mut Row<'_>, times: &Times) -> Vec<Step> {
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
    steps.sort_by_key(|step| step.at);
    steps
}

/// Refuses the times that are not those of the first step of their kind.
fn check_times(row: &mut Row<'_>, times: &Times, steps: &[Step], problem: impl Fn(DateTime<Utc>, String) -> Problem) {
    for (kind, said) in times.iter().filter_map(|&(kind, said)| Some((kind, said?))) {
        let first = steps.iter().find(|step| step.kind == kind).map(|step| step.at);
        if first != Some(said) {
            let first = first.map_or("none".to_owned(), |at| at.to_string());
            row.refuse(step_property(kind), problem(said, first));
        }
    }
}

/// The recorded steps; refuses a record that says anything else.
fn unchanged(row: &mut Row<'_>, offset: FixedOffset, recorded: &[Step]) -> Vec<Step> {
    let times = times(row, offset);
    if listed(row, offset).is_some_and(|said| said != recorded) {
        row.refuse("steps", Problem::Recorded);
    }
    check_times(row, &times, recorded, |_, _| Problem::Recorded);
    recorded.to_vec()
}

fn check_status(row: &mut Row<'_>, steps: &[Step]) {
    let Some(said) = row.word("status", Status::parse, &Status::ALL.map(Status::as_str)) else { return };
    let dates = Status::after(steps);
    if said != dates {
        row.refuse("status", Problem::StatusDisagrees { said: said.as_str(), dates: dates.as_str() });
    }
}

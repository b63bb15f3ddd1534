//! The steps of incidents: a write only adds to them, and they go with their incident.

use std::collections::HashMap;

use super::Result;
use super::record::incident;
use super::row::inconsistent;
use super::table::{Cells, Dialect, Row};
use crate::domain::{Actor, HolderId, RecordedStep, Step, StepKind};

/// What was recorded of each incident, by its id and in that order.
pub(super) type Recorded = HashMap<String, Vec<RecordedStep>>;

/// A step to be added to those of `incident`.
pub(super) struct NewStep<'a> {
    incident: &'a str,
    number: u32,
    step: Step,
}

/// Adds to the steps that each of `rows` has what was recorded of it and it does not say. Returns what is new.
pub(super) fn merge<'a>(rows: &mut [Row<'a>], recorded: &Recorded) -> Vec<NewStep<'a>> {
    let mut added = Vec::new();
    for row in rows {
        let before = recorded.get(row.id()).map_or(&[][..], Vec::as_slice);
        let (all, new) = Step::merged(before, row.steps());
        let numbered = (before.len() + 1..).map(|number| u32::try_from(number).unwrap_or(u32::MAX)).zip(new);
        added.extend(numbered.map(|(number, step)| NewStep { incident: row.id(), number, step }));
        incident::set_steps(row, all);
    }
    added
}

/// Writes the select of what was recorded of `ids`.
pub(super) fn of(sql: &mut impl Dialect, region: &str, ids: &[&str]) {
    sql.text(
        "select incident_id as id, number, kind, at, holder_id, recorded_at, actor from step where region_code = ",
    );
    sql.bind_text(region).text(" and incident_id in ").texts(ids).text(" order by incident_id, number");
}

/// Reads the rows of [`of`].
pub(super) fn read<R: Cells>(rows: &[R]) -> Result<Recorded> {
    let mut recorded = Recorded::new();
    for row in rows {
        let row: &dyn Cells = row;
        recorded.entry(row.text("id")?).or_default().push(RecordedStep {
            number: row.whole("number")?,
            step: Step {
                kind: row.word("kind", StepKind::parse)?,
                at: row.instant("at")?,
                by: row.id_or_null("holder_id")?,
            },
            recorded: row.instant_or_null("recorded_at")?,
            actor: row.text_or_null("actor")?.map(Actor::new).transpose().map_err(|e| inconsistent("actor", e))?,
        });
    }
    Ok(recorded)
}

/// Writes the insert of `steps`, which `actor` records now.
pub(super) fn append<S: Dialect>(sql: &mut S, region: &str, actor: &Actor, steps: &[NewStep<'_>]) {
    sql.text("insert into step (region_code, incident_id, number, kind, at, holder_id, recorded_at, actor)");
    for (place, NewStep { incident, number, step }) in steps.iter().enumerate() {
        sql.text(if place == 0 { " values (" } else { ", (" }).bind_text(region);
        sql.text(", ").bind_text(incident).text(", ").bind_integer((*number).into());
        sql.text(", ").bind_text(step.kind.as_str()).text(", ").bind_instant(step.at);
        sql.text(", ").bind_text_or_null(step.by.as_ref().map(HolderId::as_str));
        sql.text(", ").text(S::NOW).text(", ").bind_text(actor.as_str()).text(")");
    }
}

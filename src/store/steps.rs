//! The steps of incidents: a write only adds to them, and they go with their incident.

use std::collections::HashMap;

use super::Result;
use super::error::inconsistent;
use super::record::incident;
use super::table::{Cells, Dialect, Row};
use crate::domain::{Actor, HolderId, RecordedStep, Status, Step, StepKind};

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

/// The steps of `rows` as they say them, numbered as they are there.
pub(super) fn given<'a>(rows: &'a [Row<'a>]) -> impl Iterator<Item = NewStep<'a>> {
    rows.iter().flat_map(|row| {
        let numbered = row.steps().iter().zip(1..);
        numbered.map(|(step, number)| NewStep { incident: row.id(), number, step: step.clone() })
    })
}

/// Writes the temporary table of the steps that staged incidents come with.
pub(super) fn gather<S: Dialect>() -> S {
    let mut sql = S::empty();
    sql.text("create temporary table gathered_step as select incident_id, number, kind, at, holder_id from step");
    sql.text(" where false");
    sql
}

/// Writes the insert of steps that are set aside.
pub(super) fn add(sql: &mut impl Dialect, steps: &[NewStep<'_>]) {
    sql.text("insert into gathered_step (incident_id, number, kind, at, holder_id)");
    for (place, NewStep { incident, number, step }) in steps.iter().enumerate() {
        sql.text(if place == 0 { " values (" } else { ", (" }).bind_text(incident);
        sql.text(", ").bind_integer((*number).into());
        sql.text(", ").bind_text(step.kind.as_str()).text(", ").bind_instant(step.at);
        sql.text(", ").bind_text_or_null(step.by.as_ref().map(HolderId::as_str)).text(")");
    }
}

/// Writes the insert of those steps of staged incidents that are not recorded yet: of equal ones the n-th is the same as
/// the n-th that is recorded. They come before their incidents; references are checked later.
pub(super) fn append_staged<S: Dialect>(sql: &mut S, actor: &Actor) {
    sql.text("insert into step (region_code, incident_id, number, kind, at, holder_id, recorded_at, actor)");
    sql.text(
        " select n.region_code, g.incident_id,
            n.n_recorded + row_number() over (partition by g.incident_id order by g.number),
            g.kind, g.at, g.holder_id, ",
    );
    sql.text(S::NOW).text(", ").bind_text(actor.as_str());
    sql.text(
        " from (
            select incident_id, number, kind, at, holder_id,
                row_number() over (partition by incident_id, kind, at, holder_id order by number) as nth
            from gathered_step
        ) g
        join (
            select i.region_code, i.incident_id, count(s.number) as n_recorded
            from staged i left join step s on s.region_code = i.region_code and s.incident_id = i.incident_id
            group by i.region_code, i.incident_id
        ) n on n.incident_id = g.incident_id
        left join (
            select s.incident_id, s.kind, s.at, s.holder_id,
                row_number() over (partition by s.incident_id, s.kind, s.at, s.holder_id order by s.number) as nth
            from staged i join step s on s.region_code = i.region_code and s.incident_id = i.incident_id
        ) r on r.incident_id = g.incident_id and r.kind = g.kind and r.at = g.at and r.nth = g.nth
            and r.holder_id is not distinct from g.holder_id
        where r.incident_id is null",
    );
}

/// Writes that staged incidents are as all of their steps say, which are stored by now.
pub(super) fn follow_staged(sql: &mut impl Dialect) {
    sql.text(
        "update staged set (n_steps, reported_at, status) = (
            select count(*), min(s.at), case when max(case when s.kind = ",
    );
    sql.bind_text(StepKind::Resolve.as_str()).text(" then 1 else 0 end) = 1 then ");
    sql.bind_text(Status::Resolved.as_str()).text(" else ").bind_text(Status::Open.as_str());
    sql.text(" end from step s where s.region_code = staged.region_code and s.incident_id = staged.incident_id)");
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

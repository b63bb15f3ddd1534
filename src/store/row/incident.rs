//! Incidents and their steps, which are kept as one JSON text: they are read and written as a whole.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Cells, Keyed, id, inconsistent, kept, kept_instant, path, position, stored};
use crate::domain::{HolderId, Incident, IncidentKind, Noun, Personal, Step, StepKind};
use crate::store::list::{InGrid, Shape, Time};
use crate::store::{Property, Result, Stored};

pub(in crate::store) const SHAPE: Shape = Shape {
    id_is: " and t.incident_id = ",
    id_after: " and t.incident_id > ",
    order: " order by t.incident_id",
    time: Time::Reported,
    grid: InGrid::Path,
    equals: &[
        (Property::Kind, " and t.kind = "),
        (Property::Status, " and t.status = "),
        (Property::Category, " and t.category = "),
        (Property::Tier, " and t.tier = "),
        (Property::StatedGrid, " and t.stated_grid = "),
    ],
};

/// Kind, instant, and who did it.
#[derive(Serialize, Deserialize)]
struct StepRow(String, DateTime<Utc>, Option<String>);

/// Returns the text kept for the steps of an incident.
pub(in crate::store) fn write_steps(incident: &Incident) -> String {
    let row = |step: &Step| {
        StepRow(step.kind.as_str().into(), kept_instant(step.at), step.by.as_ref().map(ToString::to_string))
    };
    let rows: Vec<StepRow> = incident.steps.iter().map(row).collect();
    serde_json::to_string(&rows).expect("texts and instants always have a JSON form")
}

fn read_steps(text: &str) -> Result<Vec<Step>> {
    let rows: Vec<StepRow> = serde_json::from_str(text).map_err(|e| inconsistent("steps", e))?;
    if rows.is_empty() {
        return Err(inconsistent("steps", "there is none"));
    }
    rows.into_iter().map(step).collect()
}

fn step(StepRow(kind, at, by): StepRow) -> Result<Step> {
    let kind = StepKind::parse(&kind).ok_or_else(|| inconsistent("steps", kind))?;
    let by = by.map(|id| HolderId::new(&id)).transpose().map_err(|e| inconsistent("steps", e))?;
    Ok(Step { kind, at, by })
}

impl Keyed for Incident {
    const NOUN: Noun = Noun::Incidents;

    fn key(&self) -> &str {
        self.id.as_str()
    }

    fn texts(&self) -> Vec<&str> {
        [self.category.as_deref(), self.tier.as_deref(), self.stated_grid.as_deref(), kept(&self.text)]
            .into_iter()
            .flatten()
            .collect()
    }
}

pub(in crate::store) fn read(row: &impl Cells) -> Result<Stored<Incident>> {
    let kind = row.text("kind")?;
    let incident = Incident {
        id: id(row, "incident_id")?,
        kind: IncidentKind::parse(&kind).ok_or_else(|| inconsistent("kind", kind))?,
        category: row.text_or_null("category")?,
        tier: row.text_or_null("tier")?,
        position: position(row)?,
        stated_grid: row.text_or_null("stated_grid")?,
        grid: path::read_or_null(row)?,
        steps: read_steps(&row.text("steps")?)?,
        text: Personal::new(row.text_or_null("text")?),
    };
    stored(row, incident)
}

/// Each incident with each holder who took a step on it; a pair may come twice.
pub(in crate::store) fn step_holders(incidents: &[Incident]) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    for incident in incidents {
        let holders = incident.steps.iter().filter_map(|step| step.by.as_ref());
        pairs.extend(holders.map(|holder| (incident.id.as_str(), holder.as_str())));
    }
    pairs
}

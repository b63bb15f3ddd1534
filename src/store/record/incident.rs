//! Incidents and their steps, which are kept as one JSON text: they are read and written as a whole.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{HolderId, Incident, IncidentKind, Noun, Step, StepKind};
use crate::store::Result;
use crate::store::row::{inconsistent, kept_instant};
use crate::store::table::{Cells, Column, GridRelation, Links, Record, Row, TableSpec, Time};

impl Record for Incident {
    const TABLE: &'static TableSpec = &TableSpec {
        noun: Noun::Incidents,
        name: "incident",
        id: "incident_id",
        columns: &[
            Column::text("kind").filterable(),
            Column::text("category").filterable(),
            Column::text("tier").filterable(),
            // These two follow from the steps.
            Column::text("status").derived().filterable(),
            Column::instant("reported_at").derived(),
            Column::position(),
            Column::text("stated_grid").filterable(),
            Column::grid_path(),
            Column::text("text").personal(),
            Column::text("steps"),
        ],
        time: Time::Instant("reported_at"),
        grid: GridRelation::Path,
        links: Some(Links { table: "incident_step_by", to: "holder_id" }),
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("kind", self.kind.as_str());
        row.set("category", self.category.as_ref());
        row.set("tier", self.tier.as_ref());
        row.set("status", self.status().as_str());
        row.set("reported_at", self.reported_at());
        row.set("position", self.position);
        row.set("stated_grid", self.stated_grid.as_ref());
        row.set("grid_path", self.grid.as_ref());
        row.set("text", &self.text);
        row.set("steps", write_steps(self));
    }

    /// Who took a step.
    fn links(&self) -> Vec<&str> {
        self.steps.iter().filter_map(|step| step.by.as_ref()).map(HolderId::as_str).collect()
    }

    fn read(row: &dyn Cells) -> Result<Self> {
        Ok(Self {
            id: row.id("incident_id")?,
            kind: row.word("kind", IncidentKind::parse)?,
            category: row.text_or_null("category")?,
            tier: row.text_or_null("tier")?,
            position: row.position()?,
            stated_grid: row.text_or_null("stated_grid")?,
            grid: row.grid_path()?,
            steps: read_steps(&row.text("steps")?)?,
            text: row.personal("text")?,
        })
    }
}

/// Kind, instant, and who did it.
#[derive(Serialize, Deserialize)]
struct StepRow(String, DateTime<Utc>, Option<String>);

/// Returns the text kept for the steps of an incident.
fn write_steps(incident: &Incident) -> String {
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

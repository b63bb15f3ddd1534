//! Incidents. Their steps are kept beside them (`steps`).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::domain::{HolderId, Incident, IncidentKind, Noun, Status, Step, StepKind};
use crate::store::Result;
use crate::store::error::inconsistent;
use crate::store::row::kept_instant;
use crate::store::table::{Cells, Column, GridRelation, Record, Row, TableSpec, Time};

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
            Column::steps(),
        ],
        time: Time::Instant("reported_at"),
        grid: GridRelation::Path,
    };

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn bind<'a>(&'a self, row: &mut Row<'a>) {
        row.set("kind", self.kind.as_str());
        row.set("category", self.category.as_ref());
        row.set("tier", self.tier.as_ref());
        row.set("position", self.position);
        row.set("stated_grid", self.stated_grid.as_ref());
        row.set("grid_path", self.grid.as_ref());
        row.set("text", &self.text);
        set_steps(row, self.steps.iter().map(|step| Step { at: kept_instant(step.at), ..step.clone() }).collect());
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
            steps: read_steps(&row.text_or_null("steps")?.unwrap_or_else(|| "[]".to_owned()))?,
            text: row.personal("text")?,
        })
    }
}

/// Fills the columns that follow from the steps, which are in order of time.
pub(in crate::store) fn set_steps<'a>(row: &mut Row<'a>, steps: Vec<Step>) {
    row.set("status", Status::after(&steps).as_str());
    row.set("reported_at", steps.first().map(|step| step.at));
    row.set("steps", Cow::Owned::<'a, [Step]>(steps));
}

/// Kind, instant, and who did it.
#[derive(Deserialize)]
struct StepRow(String, DateTime<Utc>, Option<String>);

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

//! What is shown of each noun: one list of names and values, printed by GeoJSON and CSV alike.
//!
//! Every property is in every list, null when there is nothing to say, because readers take the names from the first
//! few features only. Personal ones are there only for a caller with a [`Grant`] for them, null where it does not reach.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

use super::json::write_text;
use crate::domain::{
    Duty, DutyArea, Grant, GridPath, Holder, Household, Id, Incident, Personal, ServicePoint, Step, StepKind,
};
use crate::geometry::Position;

/// The value of one property.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Count(u64),
    Number(f64),
    Time(DateTime<Utc>),
    List(Vec<Cow<'a, str>>),
    /// Several of something that has names and values of its own.
    Records(Vec<Properties<'a>>),
}

/// Names and values, always the same names in the same order for one noun, with or without a grant.
pub type Properties<'a> = Vec<(&'static str, Value<'a>)>;

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn optional(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub fn count(n: Option<impl Into<u64>>) -> Self {
        n.map_or(Self::Null, |n| Self::Count(n.into()))
    }

    #[must_use]
    pub fn time(time: Option<DateTime<Utc>>) -> Self {
        time.map_or(Self::Null, Self::Time)
    }

    /// Prints the value as JSON.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Number(n) if !n.is_finite() => out.extend(b"null"),
            Self::Count(_) | Self::Number(_) => out.extend(self.to_string().bytes()),
            Self::Text(text) => write_text(text, out),
            Self::Time(_) => write_text(&self.to_string(), out),
            Self::List(texts) => {
                out.push(b'[');
                for (at, text) in texts.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_text(text, out);
                }
                out.push(b']');
            }
            Self::Records(records) => {
                out.push(b'[');
                for (at, record) in records.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_object(record, out);
                }
                out.push(b']');
            }
        }
    }
}

/// Prints names and values as a JSON object.
pub fn write_object(properties: &Properties<'_>, out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, (name, value)) in properties.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        value.write_json(out);
    }
    out.push(b'}');
}

impl fmt::Display for Value<'_> {
    /// As a cell of a table: null is empty, a list is parted by `;`, records are JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Count(n) => n.fmt(f),
            Self::Number(n) => n.fmt(f),
            Self::Time(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::List(texts) => f.write_str(&texts.join(";")),
            Self::Records(_) => {
                let mut json = Vec::new();
                self.write_json(&mut json);
                f.write_str(&String::from_utf8_lossy(&json))
            }
        }
    }
}

/// What is shown of a grid; it comes from the index, which this layer does not know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridFacts<'a> {
    pub id: &'a str,
    pub code: &'a str,
    pub name: Option<&'a str>,
    /// The code of its level.
    pub level: &'a str,
    /// The id of its parent.
    pub parent: Option<&'a str>,
    pub area_m2: f64,
    /// Homes in it and below; `None` where the caller may not know.
    pub n_households: Option<u64>,
}

/// The names [`grid`] gives, in order; likewise the lists below.
pub const GRID: [&str; 7] = ["id", "code", "name", "level", "parent", "area_m2", "n_households"];
pub const HOUSEHOLD: [&str; 6] = ["id", "lon", "lat", "residents", "stated_grid", "grid"];
/// Told about a household after [`HOUSEHOLD`] with a grant for personal data; likewise the others of that name.
pub const HOUSEHOLD_PERSONAL: [&str; 2] = ["address", "phone"];
pub const HOLDER: [&str; 6] = ["id", "kind", "name", "body", "lon", "lat"];
pub const HOLDER_PERSONAL: [&str; 1] = ["phone"];
pub const DUTY: [&str; 8] = ["id", "holder", "role", "grid", "deputy", "categories", "from", "to"];
pub const SERVICE_POINT: [&str; 7] = ["id", "kind", "name", "lon", "lat", "stated_grid", "grid"];
pub const INCIDENT: [&str; 19] = [
    "id",
    "kind",
    "category",
    "tier",
    "status",
    "lon",
    "lat",
    "stated_grid",
    "grid",
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
];
pub const INCIDENT_PERSONAL: [&str; 1] = ["text"];

/// The property that holds the time of a step, in files that come and go.
#[must_use]
pub fn step_property(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Receive => "reported_at",
        StepKind::Register => "registered_at",
        StepKind::Assign => "assigned_at",
        StepKind::Handle => "handled_at",
        StepKind::Supervise => "supervised_at",
        StepKind::Resolve => "resolved_at",
        StepKind::Rate => "rated_at",
        StepKind::ReturnVisit => "return_visit_at",
        StepKind::Archive => "archived_at",
    }
}

#[must_use]
pub fn grid<'a>(facts: &GridFacts<'a>) -> Properties<'a> {
    vec![
        ("id", Value::text(facts.id)),
        ("code", Value::text(facts.code)),
        ("name", Value::optional(facts.name)),
        ("level", Value::text(facts.level)),
        ("parent", Value::optional(facts.parent)),
        ("area_m2", Value::Number((facts.area_m2 * 10.0).round() / 10.0)),
        ("n_households", Value::count(facts.n_households)),
    ]
}

#[must_use]
pub fn household<'h>(household: &'h Household, personal: Option<&Grant>) -> Properties<'h> {
    let mut list = vec![
        ("id", Value::text(household.id.as_str())),
        ("lon", Value::Number(household.position.lon())),
        ("lat", Value::Number(household.position.lat())),
        ("residents", Value::count(household.n_residents)),
        ("stated_grid", Value::optional(household.stated_grid.as_deref())),
        ("grid", leaf(household.grid.as_ref())),
    ];
    if let Some(grant) = personal {
        let at = household.grid.as_ref();
        list.push(("address", revealed(&household.address, grant, at)));
        list.push(("phone", revealed(&household.phone, grant, at)));
    }
    list
}

/// A holder is in no grid, so a grant of some areas does not reach the phone.
#[must_use]
pub fn holder<'h>(holder: &'h Holder, personal: Option<&Grant>) -> Properties<'h> {
    let number = |n: Option<f64>| n.map_or(Value::Null, Value::Number);
    let mut list = vec![
        ("id", Value::text(holder.id.as_str())),
        ("kind", Value::text(holder.kind.as_str())),
        ("name", Value::text(holder.name.as_str())),
        ("body", Value::optional(holder.body.as_ref().map(Id::as_str))),
        ("lon", number(holder.position.map(Position::lon))),
        ("lat", number(holder.position.map(Position::lat))),
    ];
    if let Some(grant) = personal {
        list.push(("phone", revealed(&holder.phone, grant, None)));
    }
    list
}

#[must_use]
pub fn duty(duty: &Duty) -> Properties<'_> {
    let grid = match &duty.area {
        DutyArea::Grid(id) => Value::text(id.as_str()),
        DutyArea::Polygon(_) => Value::Null,
    };
    vec![
        ("id", Value::text(duty.id.as_str())),
        ("holder", Value::text(duty.holder.as_str())),
        ("role", Value::text(duty.role.as_str())),
        ("grid", grid),
        ("deputy", Value::optional(duty.deputy.as_ref().map(Id::as_str))),
        ("categories", Value::List(duty.categories.iter().map(|c| Cow::from(c.as_str())).collect())),
        ("from", Value::time(duty.from)),
        ("to", Value::time(duty.to)),
    ]
}

#[must_use]
pub fn service_point(point: &ServicePoint) -> Properties<'_> {
    vec![
        ("id", Value::text(point.id.as_str())),
        ("kind", Value::text(point.kind.as_str())),
        ("name", Value::text(point.name.as_str())),
        ("lon", Value::Number(point.position.lon())),
        ("lat", Value::Number(point.position.lat())),
        ("stated_grid", Value::optional(point.stated_grid.as_deref())),
        ("grid", leaf(point.grid.as_ref())),
    ]
}

/// The first time of each kind of step is shown beside all steps.
#[must_use]
pub fn incident<'i>(incident: &'i Incident, personal: Option<&Grant>) -> Properties<'i> {
    let mut list = vec![
        ("id", Value::text(incident.id.as_str())),
        ("kind", Value::text(incident.kind.as_str())),
        ("category", Value::optional(incident.category.as_deref())),
        ("tier", Value::optional(incident.tier.as_deref())),
        ("status", Value::text(incident.status().as_str())),
        ("lon", Value::Number(incident.position.lon())),
        ("lat", Value::Number(incident.position.lat())),
        ("stated_grid", Value::optional(incident.stated_grid.as_deref())),
        ("grid", leaf(incident.grid.as_ref())),
    ];
    list.extend(StepKind::ALL.map(|kind| {
        let step = incident.steps.iter().find(|step| step.kind == kind);
        (step_property(kind), Value::time(step.map(|step| step.at)))
    }));
    list.push(("steps", Value::Records(incident.steps.iter().map(step).collect())));
    if let Some(grant) = personal {
        list.push(("text", revealed(&incident.text, grant, incident.grid.as_ref())));
    }
    list
}

/// The names [`step`] gives, in order.
pub const STEP: [&str; 3] = ["kind", "at", "by"];

#[must_use]
pub fn step(step: &Step) -> Properties<'_> {
    vec![
        ("kind", Value::text(step.kind.as_str())),
        ("at", Value::Time(step.at)),
        ("by", Value::optional(step.by.as_ref().map(Id::as_str))),
    ]
}

fn revealed<'t>(text: &'t Personal<Option<String>>, grant: &Grant, at: Option<&GridPath>) -> Value<'t> {
    Value::optional(text.reveal(grant, at).and_then(Option::as_deref))
}

fn leaf(path: Option<&GridPath>) -> Value<'_> {
    Value::optional(path.map(|path| path.leaf().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Action, HolderKind, IncidentKind, Noun, Principal, Scope};

    fn names(properties: &Properties<'_>) -> Vec<&'static str> {
        properties.iter().map(|(name, _)| *name).collect()
    }

    #[test]
    fn lists_have_the_names_they_promise_and_personal_ones_only_with_a_grant() {
        let grant = Principal::system().allows(Action::Personal, Noun::Holders).unwrap();
        let someone = Holder {
            id: crate::domain::Id::new("W1").unwrap(),
            kind: HolderKind::Person,
            name: "李某".to_owned(),
            body: None,
            position: None,
            phone: Personal::new(Some("000-0000-0001".to_owned())),
        };
        assert_eq!(names(&holder(&someone, None)), HOLDER);
        assert_eq!(names(&holder(&someone, Some(&grant))), [&HOLDER[..], &HOLDER_PERSONAL].concat());
        let some_areas = Principal { scope: Scope::within([]), ..Principal::system() };
        let bounded = some_areas.allows(Action::Personal, Noun::Holders).unwrap();
        assert_eq!(holder(&someone, Some(&bounded)).last(), Some(&("phone", Value::Null)));
        let at: DateTime<Utc> = "2024-01-02T05:25:00Z".parse().unwrap();
        let dispute = Incident {
            id: crate::domain::Id::new("D1").unwrap(),
            kind: IncidentKind::Dispute,
            category: None,
            tier: None,
            position: Position::new(103.5, 34.7).unwrap(),
            stated_grid: None,
            grid: None,
            steps: vec![Step { kind: StepKind::Receive, at, by: None }],
            text: Personal::default(),
        };
        assert_eq!(names(&incident(&dispute, None)), INCIDENT);
        assert_eq!(names(&incident(&dispute, Some(&grant))), [&INCIDENT[..], &INCIDENT_PERSONAL].concat());
        assert_eq!(incident(&dispute, None)[9].1.to_string(), "2024-01-02T05:25:00Z");
    }
}

//! An incident and the steps taken on it.

use chrono::{DateTime, Utc};

use super::{Actor, GridPath, HolderId, Id, Personal};
use crate::geometry::Position;

pub type IncidentId = Id<Incident>;

/// A dispute, hazard, unrest sign or request. Its state follows from its steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub id: IncidentId,
    pub kind: IncidentKind,
    /// A word of the region's category tree: 邻里, `unpaid wages`.
    pub category: Option<String>,
    /// The code of the level that settles it.
    pub tier: Option<String>,
    pub position: Position,
    /// The code of the grid its source says it happened in.
    pub stated_grid: Option<String>,
    /// The grid the ground puts it in; derived.
    pub grid: Option<GridPath>,
    /// In order of time, those of one instant as they were recorded; the first one a `Receive`, so never empty. What is
    /// recorded stays: storing an incident adds those that are new.
    pub steps: Vec<Step>,
    pub text: Personal<Option<String>>,
}

impl Incident {
    /// When it was received.
    ///
    /// # Panics
    /// When it has no step, which no constructor in `format` or `store` lets through.
    #[must_use]
    pub fn reported_at(&self) -> DateTime<Utc> {
        self.steps.first().expect("an incident has at least its first step").at
    }

    /// When it was settled, if it was.
    #[must_use]
    pub fn resolved_at(&self) -> Option<DateTime<Utc>> {
        self.steps.iter().find(|step| step.kind == StepKind::Resolve).map(|step| step.at)
    }

    #[must_use]
    pub fn status(&self) -> Status {
        Status::after(&self.steps)
    }
}

/// One thing done about an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub kind: StepKind,
    pub at: DateTime<Utc>,
    pub by: Option<HolderId>,
}

/// A step as it was recorded of its incident.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedStep {
    /// Which one it is in the order they were recorded, from 1.
    pub number: u32,
    pub step: Step,
    /// When it was recorded, and by whom; unknown of the oldest ones.
    pub recorded: Option<DateTime<Utc>>,
    pub actor: Option<Actor>,
}

impl Step {
    /// Returns all steps in order of time, those `recorded` and those `given`, and which of the given ones are new. What is
    /// given as often as it is recorded is the same; so is every step whose kind, instant and holder are.
    #[must_use]
    pub fn merged(recorded: &[RecordedStep], given: &[Self]) -> (Vec<Self>, Vec<Self>) {
        let mut known: Vec<&Self> = recorded.iter().map(|recorded| &recorded.step).collect();
        let mut new = Vec::new();
        for step in given {
            match known.iter().position(|known| *known == step) {
                Some(at) => drop(known.swap_remove(at)),
                None => new.push(step.clone()),
            }
        }
        let mut all: Vec<Self> = recorded.iter().map(|recorded| &recorded.step).chain(&new).cloned().collect();
        all.sort_by_key(|step| step.at);
        (all, new)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Open,
    Resolved,
}

impl Status {
    pub const ALL: [Self; 2] = [Self::Open, Self::Resolved];

    /// The status that an incident has after these steps.
    #[must_use]
    pub fn after(steps: &[Step]) -> Self {
        if steps.iter().any(|step| step.kind == StepKind::Resolve) { Self::Resolved } else { Self::Open }
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Resolved => "resolved",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IncidentKind {
    Dispute,
    Hazard,
    Unrest,
    Request,
}

impl IncidentKind {
    pub const ALL: [Self; 4] = [Self::Dispute, Self::Hazard, Self::Unrest, Self::Request];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::Hazard => "hazard",
            Self::Unrest => "unrest",
            Self::Request => "request",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// The steps of the closed loop, in their usual order: 受理 登记 交办 承办 督办 办结 评价 回访 归档.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    Receive,
    Register,
    Assign,
    Handle,
    Supervise,
    Resolve,
    Rate,
    ReturnVisit,
    Archive,
}

impl StepKind {
    pub const ALL: [Self; 9] = [
        Self::Receive,
        Self::Register,
        Self::Assign,
        Self::Handle,
        Self::Supervise,
        Self::Resolve,
        Self::Rate,
        Self::ReturnVisit,
        Self::Archive,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Register => "register",
            Self::Assign => "assign",
            Self::Handle => "handle",
            Self::Supervise => "supervise",
            Self::Resolve => "resolve",
            Self::Rate => "rate",
            Self::ReturnVisit => "return_visit",
            Self::Archive => "archive",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

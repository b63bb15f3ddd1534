//! The nouns of the service and the rules that hold without a database.
//!
//! Types here are not serializable: what travels is defined in `api` and `format`, what is kept in `store`. Start with
//! [`region`] (levels are data) and [`grid`], then who answers ([`duty`]) and what happens ([`incident`]).

pub mod access;
pub mod actor;
#[cfg(test)]
pub(crate) mod all;
pub mod answer;
pub mod basemap;
pub mod change;
pub mod clock;
pub mod duty;
pub mod generation;
pub mod grid;
pub mod household;
pub mod id;
pub mod incident;
pub mod part;
pub mod region;
pub mod release;
pub mod timeline;
pub mod week;

pub use access::{Action, Denied, Grant, Personal, Principal, RoleKey, Scope, View};
pub use actor::{Actor, ActorError};
pub use answer::{Answer, Candidate, Edge, Fit, FitRule, GridRef, HolderRef, How, Link, Mediator, Nearest, Rule};
pub use basemap::Basemap;
pub use change::{Change, Noun, Revision, Version, Which};
pub use clock::Clock;
pub use duty::{Duty, DutyArea, DutyId, Holder, HolderId, HolderKind, ServicePoint, ServicePointId};
pub use generation::{Generation, GenerationKind, GenerationNumber, NewGeneration};
pub use grid::{Depth, Grid, GridId, GridPath};
pub use household::{Household, HouseholdId};
pub use id::{Id, IdError};
pub use incident::{Incident, IncidentId, IncidentKind, RecordedStep, Status, Step, StepKind};
pub use part::{Part, Parts};
pub use region::{HouseholdTarget, Level, Names, Region, Role};
pub use release::{PUBLIC_BASE, Release, ReleasedKind};
pub use timeline::Timeline;
pub use week::Week;

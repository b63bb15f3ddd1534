//! What `/api/region` answers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::wire::{InstantJson, NamesJson, PeriodJson, TargetJson, edges};
use crate::analysis::Summary;
use crate::domain::{Generation, GenerationNumber, Level, Role};
use crate::service::totals::{IncidentTotals, LevelTotals, RegionAnswer, RoleCount};

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Region")]
pub(crate) struct RegionJson<'a> {
    revision: u64,
    /// When that revision was committed; null where that is not known now.
    committed: Option<InstantJson>,
    /// When the counts of homes and incidents were released, each rounded down to a multiple of five; null where they are
    /// exact and of now.
    released: Option<InstantJson>,
    /// Anyone may read everything, because the data is invented.
    open: bool,
    code: &'a str,
    names: NamesJson<'a>,
    utc_offset: String,
    /// West, south, east, north, in degrees.
    bbox: Option<[f64; 4]>,
    generation: GenerationJson<'a>,
    /// From the top down.
    levels: Vec<LevelJson<'a>>,
    households: HomesJson,
    roles: Vec<RoleJson<'a>>,
    /// How many of each kind.
    service_points: &'a BTreeMap<String, u64>,
    incidents: Vec<IncidentsJson<'a>>,
}

impl<'a> From<&'a RegionAnswer> for RegionJson<'a> {
    fn from(found: &'a RegionAnswer) -> Self {
        let RegionAnswer { region, totals, .. } = found;
        let levels = region.levels.iter().zip(&totals.levels).enumerate();
        Self {
            revision: found.revision.0,
            committed: found.committed.map(InstantJson),
            released: found.released.map(InstantJson),
            open: found.is_open,
            code: &region.code,
            names: (&region.names).into(),
            utc_offset: region.utc_offset.to_string(),
            bbox: found.bbox.map(edges),
            generation: (&found.generation).into(),
            levels: levels.map(|(depth, (level, totals))| LevelJson::new(depth, level, totals)).collect(),
            households: HomesJson { n_inside: totals.n_households_inside, n_outside: totals.n_households_outside },
            roles: region.roles.iter().zip(&totals.roles).map(|(role, count)| RoleJson::new(role, count)).collect(),
            service_points: &totals.service_points_by_kind,
            incidents: found.incidents.iter().map(Into::into).collect(),
        }
    }
}

/// The ground that the numbers are of.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RegionGeneration")]
struct GenerationJson<'a> {
    number: GenerationNumber,
    plan: &'a str,
    recorded: InstantJson,
    in_force: InstantJson,
    n_acknowledged_gaps: u32,
}

impl<'a> From<&'a Generation> for GenerationJson<'a> {
    fn from(of: &'a Generation) -> Self {
        let (recorded, in_force) = (InstantJson(of.recorded), InstantJson(of.in_force));
        let n_acknowledged_gaps = of.n_acknowledged_gaps;
        Self { number: of.number, plan: &of.plan, recorded, in_force, n_acknowledged_gaps }
    }
}

/// Homes inside and outside every grid.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RegionHouseholds")]
struct HomesJson {
    n_inside: u64,
    n_outside: Option<u64>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Level")]
struct LevelJson<'a> {
    code: &'a str,
    depth: usize,
    names: NamesJson<'a>,
    answers: Option<&'a str>,
    required_roles: &'a [String],
    household_target: Option<TargetJson>,
    n_grids: usize,
    households_per_grid: HomesPerGridJson,
}

impl<'a> LevelJson<'a> {
    fn new(depth: usize, level: &'a Level, totals: &LevelTotals) -> Self {
        Self {
            code: &level.code,
            depth,
            names: (&level.names).into(),
            answers: level.answers.as_deref(),
            required_roles: &level.required_roles,
            household_target: level.household_target.map(Into::into),
            n_grids: totals.n_grids,
            households_per_grid: totals.into(),
        }
    }
}

/// How many homes a grid of the level has.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HouseholdsPerGrid")]
struct HomesPerGridJson {
    least: Option<u64>,
    median: Option<u64>,
    most: Option<u64>,
    outside_target: Option<OutsideTargetJson>,
}

/// How many grids have fewer or more homes than they should.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OutsideTarget")]
struct OutsideTargetJson {
    n_under_floor: usize,
    n_over_ceiling: usize,
}

impl From<&LevelTotals> for HomesPerGridJson {
    fn from(totals: &LevelTotals) -> Self {
        let Summary { least, median, greatest: most } = totals.households;
        let outside_target = totals
            .outside_target
            .map(|(n_under_floor, n_over_ceiling)| OutsideTargetJson { n_under_floor, n_over_ceiling });
        Self { least, median, most, outside_target }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Role")]
struct RoleJson<'a> {
    code: &'a str,
    names: NamesJson<'a>,
    n_holders: u64,
    n_grids: u64,
}

impl<'a> RoleJson<'a> {
    fn new(role: &'a Role, count: &RoleCount) -> Self {
        let RoleCount { n_holders, n_grids, .. } = *count;
        Self { code: &role.code, names: (&role.names).into(), n_holders, n_grids }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IncidentTotals")]
struct IncidentsJson<'a> {
    kind: &'static str,
    n_reported: Option<u64>,
    n_resolved: Option<u64>,
    resolution: Option<ResolutionJson>,
    /// How many were settled at each level.
    resolved_by_tier: &'a BTreeMap<String, Option<u64>>,
    period: Option<PeriodJson>,
}

impl<'a> From<&'a IncidentTotals> for IncidentsJson<'a> {
    fn from(totals: &'a IncidentTotals) -> Self {
        let IncidentTotals { n_reported, n_resolved, .. } = *totals;
        Self {
            kind: totals.kind.as_str(),
            n_reported,
            n_resolved,
            resolution: n_reported.zip(n_resolved).and_then(|(of, resolved)| ResolutionJson::new(resolved, of)),
            resolved_by_tier: &totals.resolved_by_tier,
            period: totals.period.map(Into::into),
        }
    }
}

/// Incidents that were settled of those reported.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Resolution")]
struct ResolutionJson {
    numerator: u64,
    denominator: u64,
    percent: f64,
}

impl ResolutionJson {
    /// 0 of 0 is none, not 100 %.
    fn new(numerator: u64, denominator: u64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "no county has 2^53 incidents")]
        let percent = numerator as f64 * 100.0 / denominator as f64;
        Some(Self { numerator, denominator, percent: (percent * 100.0).round() / 100.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_nothing_is_no_rate() {
        assert_eq!(ResolutionJson::new(0, 0), None);
        let rate = ResolutionJson { numerator: 291, denominator: 305, percent: 95.41 };
        assert_eq!(ResolutionJson::new(291, 305), Some(rate));
    }
}

//! How well the grids of one level cover their parent: households, ground, people and what became of incidents.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Head, IncidentCounts, Question, RowSelection, ask};
use crate::analysis::coverage::{Ground, Measures};
use crate::analysis::{Figure, Metric, Observation};
use crate::domain::{Depth, Duty, Level, Part, Region};
use crate::index::{GridIndex, Snapshot};
use crate::service::refused::{ParameterFault, shortened};
use crate::service::{Caller, Known, Refused, Validated};

/// One answer, to be written out before the ground is let go.
#[derive(Debug)]
pub struct CoverageReport<'s> {
    pub head: Head<'s>,
    pub coverage: Coverage<'s>,
    /// Which figures the rows have, in their order.
    pub metrics: Vec<Metric>,
}

/// Answers how well grids cover their parent, as the caller may know it; `render` writes it out. The rows have the
/// figures of those `names`, or all.
///
/// # Errors
/// When the caller may not ask so, what is asked makes no sense on this ground, or the store cannot be read.
pub async fn ask<R>(
    caller: &Caller<'_>,
    question: &Question,
    names: Option<&[String]>,
    known: Known<'_>,
    render: impl FnOnce(&CoverageReport<'_>) -> R,
) -> Result<Validated<R>, Refused> {
    let snapshot = question.ground(caller).await?;
    let (rows, metrics) = Refused::both(question.rows(caller, &snapshot), named(names, snapshot.region()))?;
    let incidents = question.incidents(caller, &snapshot, &rows, false).await?;
    let (revision, validator) = ask::hanging_on(caller, &incidents, &snapshot, &[Part::Ground, Part::People]);
    let head = Head::new(caller, &snapshot, &rows, question, revision, &incidents);
    let validator = validator.with_duties(&snapshot, head.at);
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let own_areas = own_areas(caller, &snapshot).await?;
    let (snapshot, at) = (&*snapshot, head.at);
    let facts = Facts { snapshot, own_areas, incidents: &incidents, at };
    let coverage = facts.coverage(&rows, &metrics);
    let answer = render(&CoverageReport { head, coverage, metrics });
    Ok(Validated::new(validator, answer))
}

/// The metrics of those names, or all; every name that the region has no metric for is a fault.
fn named(names: Option<&[String]>, region: &Region) -> Result<Vec<Metric>, Refused> {
    let all = Metric::all(region);
    let Some(names) = names else { return Ok(all) };
    let known: Vec<String> = all.iter().map(|metric| metric.name(region)).collect();
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for name in names {
        match known.iter().position(|known| known == name) {
            Some(at) => found.push(all[at]),
            None => faults.push(ParameterFault {
                name: "figures",
                detail: format!("{:?} is none of {}", shortened(name), known.join(", ")),
            }),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(Refused::Parameters(faults)) }
}

/// The areas of the ground, measured beside the requests of others where that was not done yet.
async fn own_areas(caller: &Caller<'_>, snapshot: &Snapshot) -> Result<Arc<[f64]>, Refused> {
    if let Some(known) = caller.gridmap().caches().figures.known_areas(snapshot.tree()) {
        return Ok(known);
    }
    let (gridmap, tree) = (caller.gridmap().clone(), Arc::clone(snapshot.tree()));
    Ok(tokio::task::spawn_blocking(move || gridmap.caches().figures.own_areas(&tree)).await?)
}

/// The figures of one grid, or of a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'s> {
    /// `None` is the whole region.
    pub grid: Option<GridIndex>,
    pub area_m2: f64,
    /// The required roles that nobody fills; in a total, that are missing somewhere.
    pub missing_roles: Vec<&'s str>,
    /// Of a grid those that were asked for, in their order; of the whole every one, in the order of [`Metric::all`].
    pub figures: Vec<(Metric, Figure)>,
}

impl Row<'_> {
    /// The figure of one metric, where the row has it.
    #[must_use]
    pub fn figure(&self, metric: Metric) -> Option<Figure> {
        self.figures.iter().find(|(of, _)| *of == metric).map(|(_, figure)| *figure)
    }
}

/// The grids of one level and their parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage<'s> {
    pub rows: Vec<Row<'s>>,
    pub total: Row<'s>,
}

/// Everything the figures are made of.
#[derive(Debug)]
pub struct Facts<'s, 'f> {
    pub snapshot: &'s Snapshot,
    /// From [`super::FigureCache::own_areas`].
    pub own_areas: Arc<[f64]>,
    pub incidents: &'f IncidentCounts,
    /// When duties must count.
    pub at: DateTime<Utc>,
}

impl<'s> Facts<'s, '_> {
    /// Returns the figures of `rows`, each of `metrics`, and every figure of their parent.
    ///
    /// Cost: linear in the grids and duties under the parent; touches no database.
    #[must_use]
    pub fn coverage(&self, rows: &RowSelection, metrics: &[Metric]) -> Coverage<'s> {
        let filled = self.filled(rows);
        let grids: Vec<GridIndex> = rows.grids(self.snapshot).collect();
        let table = grids.iter().map(|&ix| self.row(ix, metrics, &filled)).collect();
        Coverage { total: self.total(rows, &grids, &filled), rows: table }
    }

    fn row(&self, ix: GridIndex, metrics: &[Metric], filled: &Filled<'s>) -> Row<'s> {
        let missing_roles = filled.missing(ix);
        let households = self.households(ix);
        let measures = Measures {
            households_by_grid: vec![households],
            households,
            without_grid: self.households_between(ix),
            ground: self.ground_under(ix),
            n_without_leader: filled.leaderless(ix).map(u64::from),
            n_lacking_roles: filled.requires().then(|| u64::from(!missing_roles.is_empty())),
            ..self.incidents(&[ix])
        };
        let figure = |&metric: &Metric| (metric, measures.figure(metric, filled.level.household_target));
        let (area_m2, figures) = (self.snapshot.grid(ix).area_m2(), metrics.iter().map(figure).collect());
        Row { grid: Some(ix), area_m2, missing_roles, figures }
    }

    fn total(&self, rows: &RowSelection, grids: &[GridIndex], filled: &Filled<'s>) -> Row<'s> {
        let whole = rows.whole(self.snapshot);
        let mut missing: Vec<&str> = Vec::new();
        let (mut n_lacking, mut n_leaderless) = (0, 0);
        for &ix in grids {
            let lacks = filled.missing(ix);
            n_lacking += u64::from(!lacks.is_empty());
            n_leaderless += u64::from(filled.leaderless(ix) == Some(true));
            missing.extend(lacks.into_iter().filter(|role| !missing.contains(role)).collect::<Vec<_>>());
        }
        let area_m2 = whole.iter().map(|&ix| self.snapshot.grid(ix).area_m2()).sum();
        let households = Observation::sum(whole.iter().map(|&ix| self.households(ix)));
        let measures = Measures {
            households_by_grid: grids.iter().map(|&ix| self.households(ix)).collect(),
            households,
            without_grid: Some(self.households_in_no_grid(rows, grids, households)),
            ground: self.ground_of(rows, grids, area_m2),
            n_without_leader: filled.level.answers.is_some().then_some(n_leaderless),
            n_lacking_roles: filled.requires().then_some(n_lacking),
            ..self.incidents(&whole)
        };
        let figure = |metric: Metric| (metric, measures.figure(metric, filled.level.household_target));
        let figures = Metric::all(self.snapshot.region()).into_iter().map(figure).collect();
        Row { grid: rows.parent, area_m2, missing_roles: missing, figures }
    }

    fn households(&self, ix: GridIndex) -> Observation {
        match self.incidents.released() {
            Some(released) => Observation::published(released.households(ix)),
            None => Observation::made(self.snapshot.n_households(ix)),
        }
    }

    /// What became of the incidents in `grids` and below. Of a release only how many were reported.
    fn incidents(&self, grids: &[GridIndex]) -> Measures {
        let (reported, resolved, resolved_by_tier) = match self.incidents {
            IncidentCounts::Exact { grid_counts, .. } => {
                let counts = grids.iter().map(|&ix| grid_counts.within(self.snapshot.tree().subtree(ix)));
                let sum = counts.reduce(|sum, counts| sum.plus(&counts)).unwrap_or_default();
                let (reported, resolved) = (sum.n_reported, sum.n_resolved);
                (Observation::Counted(reported), Observation::Counted(resolved), sum.resolved_by_tier)
            }
            IncidentCounts::Released(released) => {
                let reported = grids.iter().map(|&ix| Observation::published(released.incidents(ix)));
                (Observation::sum(reported), Observation::Withheld, Vec::new())
            }
        };
        Measures { reported, resolved, resolved_by_tier, ..Measures::none() }
    }

    /// Households in `ix` that lie in none of its children, of all in it. Not released.
    fn households_between(&self, ix: GridIndex) -> Option<(Observation, Observation)> {
        let children: Vec<GridIndex> = self.snapshot.children(ix).collect();
        (!children.is_empty()).then(|| self.households_outside(&children, self.households(ix)))
    }

    /// Households in the parent, or in the whole region and outside every grid, that lie in none of `grids`. Not released.
    fn households_in_no_grid(
        &self,
        rows: &RowSelection,
        grids: &[GridIndex],
        households: Observation,
    ) -> (Observation, Observation) {
        let outside = if rows.has_outside() {
            Observation::made(self.snapshot.n_households_outside())
        } else {
            Observation::Counted(0)
        };
        self.households_outside(grids, households.with(outside, |households, outside| households + outside))
    }

    /// How many of `households` lie in none of `grids`.
    fn households_outside(&self, grids: &[GridIndex], households: Observation) -> (Observation, Observation) {
        if self.incidents.released().is_some() {
            return (Observation::Withheld, households);
        }
        let inside = grids.iter().filter_map(|&ix| self.households(ix).counted()).sum();
        (households.with(Observation::Counted(inside), |households, inside| households - inside), households)
    }

    /// The grids under the parent, and it, that are above the asked level.
    fn above(&self, rows: &RowSelection) -> impl Iterator<Item = GridIndex> + '_ {
        let within = rows.parent.map_or(self.snapshot.tree().indexes(), |ix| self.snapshot.tree().subtree(ix));
        let (level, area) = (rows.level, rows.area.clone());
        within.filter(move |&ix| self.snapshot.grid(ix).depth < level && area.holds(ix))
    }

    fn ground_under(&self, ix: GridIndex) -> Option<Ground> {
        let children: Vec<GridIndex> = self.snapshot.children(ix).collect();
        let area_m2 = self.snapshot.grid(ix).area_m2();
        (!children.is_empty()).then(|| self.ground(&children, self.own_areas[ix as usize], area_m2))
    }

    fn ground_of(&self, rows: &RowSelection, grids: &[GridIndex], area_m2: f64) -> Option<Ground> {
        if rows.level == 0 {
            return None;
        }
        let uncovered_m2 = self.above(rows).map(|ix| self.own_areas[ix as usize]).sum();
        Some(self.ground(grids, uncovered_m2, area_m2))
    }

    fn ground(&self, grids: &[GridIndex], uncovered_m2: f64, whole_m2: f64) -> Ground {
        let covered_m2 = grids.iter().map(|&ix| self.snapshot.grid(ix).area_m2()).sum();
        Ground { covered_m2, uncovered_m2, whole_m2 }
    }

    /// Who fills which role in the grids of the asked level.
    fn filled(&self, rows: &RowSelection) -> Filled<'s> {
        let level = self.snapshot.region().level(rows.level);
        let within = rows.parent.map_or(self.snapshot.tree().indexes(), |ix| self.snapshot.tree().subtree(ix));
        let holding = |role: &str, counts: &dyn Fn(&Duty) -> bool| -> HashSet<GridIndex> {
            let posts = self.snapshot.roster().on_grids(role, within.clone());
            let held = posts.filter(|(_, post)| post.holder.is_some() && counts(post.duty));
            held.map(|(ix, _)| ix).collect()
        };
        let general = |duty: &Duty| duty.holds_at(self.at) && duty.categories.is_empty();
        let led = level.answers.as_deref().map(|role| holding(role, &general));
        let by_role = level.required_roles.iter().map(|role| {
            let mut grids = holding(role, &|duty: &Duty| duty.holds_at(self.at));
            self.add_service_points(role, rows.level, &mut grids);
            (role.as_str(), grids)
        });
        Filled { level, led, by_role: by_role.collect() }
    }

    /// A required role may also be a place: a court station somewhere in the township.
    fn add_service_points(&self, role: &str, level: Depth, grids: &mut HashSet<GridIndex>) {
        let tree = self.snapshot.tree();
        for point in self.snapshot.people().service_points().iter().filter(|point| point.kind == role) {
            let owner = tree.owner(tree.point(point.position));
            let path = owner.map(|owner| tree.path(owner)).unwrap_or_default();
            grids.extend(path.into_iter().find(|&ix| tree.grid(ix).depth == level));
        }
    }
}

struct Filled<'s> {
    level: &'s Level,
    /// The grids with a leader; `None` where no role answers.
    led: Option<HashSet<GridIndex>>,
    by_role: Vec<(&'s str, HashSet<GridIndex>)>,
}

impl<'s> Filled<'s> {
    fn requires(&self) -> bool {
        !self.by_role.is_empty()
    }

    fn leaderless(&self, ix: GridIndex) -> Option<bool> {
        self.led.as_ref().map(|led| !led.contains(&ix))
    }

    fn missing(&self, ix: GridIndex) -> Vec<&'s str> {
        self.by_role.iter().filter(|(_, grids)| !grids.contains(&ix)).map(|(role, _)| *role).collect()
    }
}

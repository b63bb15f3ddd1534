//! How well the grids of one level cover their parent: homes, ground, people and what became of incidents.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::tallies::Counts;
use super::{Head, IncidentCounts, Metric, Question, Rows, ask};
use crate::analysis::{Amount, Figure};
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
    let cases = question.cases(caller, &snapshot, &rows, false).await?;
    let (revision, validator) = ask::hanging_on(caller, &cases, &snapshot, &[Part::Ground, Part::People]);
    let head = Head::new(caller, &snapshot, &rows, question, revision, &cases);
    let validator = validator.with_duties(&snapshot, head.at);
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let own_areas = own_areas(caller, &snapshot).await?;
    let (snapshot, at) = (&*snapshot, head.at);
    let facts = Facts { snapshot, own_areas, cases: &cases, at };
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
    /// From [`super::Kept::own_areas`].
    pub own_areas: Arc<[f64]>,
    pub cases: &'f IncidentCounts,
    /// When duties must count.
    pub at: DateTime<Utc>,
}

impl<'s> Facts<'s, '_> {
    /// Returns the figures of `rows`, each of `metrics`, and every figure of their parent.
    ///
    /// Cost: linear in the grids and duties under the parent; touches no database.
    #[must_use]
    pub fn coverage(&self, rows: &Rows, metrics: &[Metric]) -> Coverage<'s> {
        let filled = self.filled(rows);
        let grids: Vec<GridIndex> = rows.grids(self.snapshot).collect();
        let table = grids.iter().map(|&ix| self.row(ix, metrics, &filled)).collect();
        Coverage { total: self.total(rows, &grids, &filled), rows: table }
    }

    fn row(&self, ix: GridIndex, metrics: &[Metric], filled: &Filled<'s>) -> Row<'s> {
        let grid = self.snapshot.grid(ix);
        let homes = self.homes(ix);
        let missing_roles = filled.missing(ix);
        let parts = Parts {
            n_grids: 1,
            target: homes.map(|n| (n, 1)),
            over: homes.map(|n| [n]).as_ref().map(|n| filled.outside_target(n)),
            homes,
            untold_homes: self.homes_untold(ix),
            ground: self.ground_under(ix),
            n_without_leader: filled.leaderless(ix).map(u64::from),
            without_grid: self.homes_between(ix),
            n_lacking: filled.requires().then(|| u64::from(!missing_roles.is_empty())),
            counts: self.counts(ix),
            untold_incidents: self.incidents_untold(ix),
        };
        let figures = metrics.iter().map(|&metric| (metric, self.figure(metric, &parts, filled.level))).collect();
        Row { grid: Some(ix), area_m2: grid.area_m2(), missing_roles, figures }
    }

    fn total(&self, rows: &Rows, grids: &[GridIndex], filled: &Filled<'s>) -> Row<'s> {
        let whole = rows.whole(self.snapshot);
        let mut missing: Vec<&str> = Vec::new();
        let (mut n_lacking, mut n_leaderless) = (0, 0);
        for &ix in grids {
            let lacks = filled.missing(ix);
            n_lacking += u64::from(!lacks.is_empty());
            n_leaderless += u64::from(filled.leaderless(ix) == Some(true));
            missing.extend(lacks.into_iter().filter(|role| !missing.contains(role)).collect::<Vec<_>>());
        }
        let told: Option<Vec<u64>> =
            grids.iter().filter(|&&ix| !self.homes_untold(ix)).map(|&ix| self.homes(ix)).collect();
        let mut counts = Counts::default();
        for (at, &ix) in whole.iter().enumerate() {
            let here = self.counts(ix);
            counts = if at == 0 { here } else { counts.plus(&here) };
        }
        let area_m2 = whole.iter().map(|&ix| self.snapshot.grid(ix).area_m2()).sum();
        let homes = whole.iter().map(|&ix| self.homes(ix)).sum::<Option<u64>>();
        let untold_homes = whole.iter().any(|&ix| self.homes_untold(ix));
        let parts = Parts {
            n_grids: grids.len() as u64,
            target: homes.map(|n| (n, grids.len() as u64)),
            over: told.as_ref().map(|homes| filled.outside_target(homes)),
            homes,
            untold_homes,
            ground: self.ground_of(rows, grids, area_m2),
            n_without_leader: filled.level.answers.is_some().then_some(n_leaderless),
            without_grid: self.homes_in_no_grid(rows, grids, homes),
            n_lacking: filled.requires().then_some(n_lacking),
            counts,
            untold_incidents: whole.iter().any(|&ix| self.incidents_untold(ix)),
        };
        let all = Metric::all(self.snapshot.region());
        let figures = all.into_iter().map(|metric| (metric, self.figure(metric, &parts, filled.level))).collect();
        Row { grid: rows.parent, area_m2, missing_roles: missing, figures }
    }

    fn figure(&self, metric: Metric, parts: &Parts, level: &Level) -> Figure {
        let withheld = |figure: Figure, untold: bool| if untold { Figure::Withheld } else { figure };
        let outside = |pick: fn(Outside) -> u64| match (level.household_target, parts.over) {
            (None, _) => Figure::none(),
            (Some(_), None) => withheld(Figure::Unknown, parts.untold_homes),
            (Some(_), Some(outside)) => Figure::share(pick(outside), outside.of_grids),
        };
        let of_grids = |n: Option<u64>| n.map_or(Figure::none(), |n| Figure::share(n, parts.n_grids));
        let of_ground = |pick: fn(GroundFigures) -> f64| {
            parts.ground.map_or(Figure::none(), |ground| Figure::of_area(pick(ground), ground.whole))
        };
        let (reported, public) = (parts.counts.n_reported, self.cases.released().is_some());
        let of_reported = |n: u64| withheld(Figure::share(n, reported), public);
        match metric {
            Metric::Homes => match (level.household_target, parts.target) {
                (_, None) => withheld(Figure::Unknown, parts.untold_homes),
                (None, Some((homes, _))) => Figure::Undivided(Amount::Count(homes)),
                (Some(target), Some((homes, n_grids))) => Figure::share(homes, u64::from(target.target) * n_grids),
            },
            Metric::OverCeiling => outside(|outside| outside.over),
            Metric::UnderFloor => outside(|outside| outside.under),
            Metric::Uncovered => of_ground(|ground| ground.uncovered),
            Metric::Overlap => of_ground(|ground| ground.overlap),
            Metric::WithoutLeader => of_grids(parts.n_without_leader),
            Metric::WithoutGrid => parts.without_grid,
            Metric::LackingRoles => of_grids(parts.n_lacking),
            Metric::Incidents => withheld(per_hundred_homes(reported, parts.homes), parts.untold_incidents),
            Metric::Resolved => of_reported(parts.counts.n_resolved),
            Metric::ClosedAt(depth) => {
                let by_tier = &parts.counts.resolved_by_tier;
                of_reported(by_tier.get(usize::from(depth)).copied().unwrap_or(0))
            }
        }
    }

    /// `None` where they are unknown or untold.
    fn homes(&self, ix: GridIndex) -> Option<u64> {
        self.cases.released().map_or_else(|| self.snapshot.n_households(ix), |told| told.homes(ix))
    }

    fn homes_untold(&self, ix: GridIndex) -> bool {
        self.cases.released().is_some_and(|told| told.homes(ix).is_none())
    }

    /// Of what is not told none are counted.
    fn counts(&self, ix: GridIndex) -> Counts {
        match self.cases {
            IncidentCounts::Exact { tallies, .. } => tallies.within(self.snapshot.tree().subtree(ix)),
            IncidentCounts::Released(told) => {
                Counts { n_reported: told.incidents(ix).unwrap_or(0), ..Counts::default() }
            }
        }
    }

    fn incidents_untold(&self, ix: GridIndex) -> bool {
        self.cases.released().is_some_and(|told| told.incidents(ix).is_none())
    }

    /// Homes in `ix` that stand in none of its children, where it has any. Not released.
    fn homes_between(&self, ix: GridIndex) -> Figure {
        let children: Vec<GridIndex> = self.snapshot.children(ix).collect();
        if children.is_empty() {
            return Figure::none();
        }
        if self.cases.released().is_some() {
            return Figure::Withheld;
        }
        let Some(homes) = self.homes(ix) else { return Figure::Unknown };
        let inside: u64 = children.iter().filter_map(|&child| self.homes(child)).sum();
        Figure::share(homes - inside, homes)
    }

    /// Homes in the parent, or in the whole region and outside every grid, that stand in none of `grids`. Not released.
    fn homes_in_no_grid(&self, rows: &Rows, grids: &[GridIndex], homes: Option<u64>) -> Figure {
        let outside = if rows.has_outside() { self.snapshot.n_households_outside() } else { Some(0) };
        if self.cases.released().is_some() {
            return Figure::Withheld;
        }
        let Some((homes, outside)) = homes.zip(outside) else { return Figure::Unknown };
        let inside: u64 = grids.iter().filter_map(|&ix| self.homes(ix)).sum();
        Figure::share(homes + outside - inside, homes + outside)
    }

    /// The grids under the parent, and it, that are above the asked level.
    fn above(&self, rows: &Rows) -> impl Iterator<Item = GridIndex> + '_ {
        let within = rows.parent.map_or(self.snapshot.tree().indexes(), |ix| self.snapshot.tree().subtree(ix));
        let (level, area) = (rows.level, rows.area.clone());
        within.filter(move |&ix| self.snapshot.grid(ix).depth < level && area.holds(ix))
    }

    fn ground_under(&self, ix: GridIndex) -> Option<GroundFigures> {
        let children: Vec<GridIndex> = self.snapshot.children(ix).collect();
        let area_m2 = self.snapshot.grid(ix).area_m2();
        (!children.is_empty()).then(|| self.ground(&children, self.own_areas[ix as usize], area_m2))
    }

    fn ground_of(&self, rows: &Rows, grids: &[GridIndex], area_m2: f64) -> Option<GroundFigures> {
        if rows.level == 0 {
            return None;
        }
        let uncovered_m2 = self.above(rows).map(|ix| self.own_areas[ix as usize]).sum();
        Some(self.ground(grids, uncovered_m2, area_m2))
    }

    /// What is covered and what is not must make up the whole; what is more than that is covered twice.
    fn ground(&self, grids: &[GridIndex], uncovered_m2: f64, area_m2: f64) -> GroundFigures {
        let covered_m2: f64 = grids.iter().map(|&ix| self.snapshot.grid(ix).area_m2()).sum();
        let overlap_m2 = covered_m2 + uncovered_m2 - area_m2;
        // Sums of doubles are off by a few parts in 10^12.
        let overlap_m2 = if overlap_m2 > area_m2 * 1e-9 { overlap_m2 } else { 0.0 };
        GroundFigures { uncovered: uncovered_m2, overlap: overlap_m2, whole: area_m2 }
    }

    /// Who fills which role in the grids of the asked level.
    fn filled(&self, rows: &Rows) -> Filled<'s> {
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

    /// A required role may also be a place: a court station stands somewhere in the township.
    fn add_service_points(&self, role: &str, level: Depth, grids: &mut HashSet<GridIndex>) {
        let tree = self.snapshot.tree();
        for point in self.snapshot.people().service_points().iter().filter(|point| point.kind == role) {
            let owner = tree.owner(tree.point(point.position));
            let path = owner.map(|owner| tree.path(owner)).unwrap_or_default();
            grids.extend(path.into_iter().find(|&ix| tree.grid(ix).depth == level));
        }
    }
}

/// Incidents for every hundred homes; `None` where homes are unknown or untold.
pub(super) fn per_hundred_homes(n_incidents: u64, homes: Option<u64>) -> Figure {
    homes.map_or(Figure::Undivided(Amount::Count(n_incidents)), |homes| Figure::per_hundred(n_incidents, homes))
}

/// What a row's figures are made of.
struct Parts {
    n_grids: u64,
    /// Homes, and the grids that should hold them; `None` where they are unknown or untold.
    target: Option<(u64, u64)>,
    over: Option<Outside>,
    homes: Option<u64>,
    untold_homes: bool,
    /// `None` where there is nothing below.
    ground: Option<GroundFigures>,
    /// `None` where the level has no such rule.
    n_without_leader: Option<u64>,
    without_grid: Figure,
    n_lacking: Option<u64>,
    counts: Counts,
    untold_incidents: bool,
}

/// Square metres.
#[derive(Clone, Copy)]
struct GroundFigures {
    uncovered: f64,
    overlap: f64,
    whole: f64,
}

/// Grids over the ceiling and under the floor, of so many whose homes are told.
#[derive(Clone, Copy, Default)]
struct Outside {
    over: u64,
    under: u64,
    of_grids: u64,
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

    fn outside_target(&self, homes: &[u64]) -> Outside {
        let Some(target) = self.level.household_target else { return Outside::default() };
        Outside {
            over: homes.iter().filter(|&&n| n > u64::from(target.ceiling)).count() as u64,
            under: homes.iter().filter(|&&n| n < u64::from(target.floor)).count() as u64,
            of_grids: homes.len() as u64,
        }
    }
}

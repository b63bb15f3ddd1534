//! Imports the ground: checks the whole tree that the files would make, and publishes what differs as a generation.
//!
//! The files replace every level they contain; levels they do not name stay as they are in the newest generation. So a
//! county can be brought level by level or all at once, and the tree is checked as a whole each time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::TryStreamExt;

use super::report::{Counted, ImportReport, Outcome, Published, Total};
use super::stream::{Reading, Source1};
use super::{ImportError, Source, located, may_import};
use crate::domain::generation::{AcknowledgedGap, in_force};
use crate::domain::{Depth, Generation, Grid, GridId, NewGeneration, Noun};
use crate::format::grid::{self, ParsedGrid};
use crate::geometry::coverage::{self, AreaIndex, FaultKind, Ground, RawArea, RawPolygon, Report, Rules, ValidArea};
use crate::geometry::{Boundary, LatticePoint, Ring};
use crate::index::Tree;
use crate::service::relocate::{self, Moved};
use crate::service::{Caller, Gridmap};
use crate::store::StoreError;

/// How a layer of grids is taken in.
#[derive(Clone, Debug, Default)]
pub struct GridOptions {
    /// From when the ground counts; `None` is now. May lie in the past or the future.
    pub in_force: Option<DateTime<Utc>>,
    /// Publish although there are gaps, however narrow, and list them as acknowledged.
    pub accept_gaps: bool,
}

/// Imports grids of one or more levels.
///
/// # Errors
/// When nothing could be tried; what is wrong with the files or the ground is in the report.
pub async fn grids(
    caller: &Caller<'_>,
    sources: Vec<Source>,
    options: &GridOptions,
) -> Result<ImportReport, ImportError> {
    let gridmap = may_import(caller, Noun::Grids)?;
    let region = Arc::new(gridmap.known_region().await?);
    let mut report = ImportReport::new(Noun::Grids);
    let mut parsed = Vec::new();
    for source in sources {
        report.files.push(source.name.clone());
        let region = Arc::clone(&region);
        let parse = move |record: &_, source: &Source1| grid::parse(record, &source.mapping, &source.frame, &region);
        let mut reading = Reading::start(source, &grid::FIELDS, grid::NOUN, parse)?;
        while let Some(grids) = reading.next(&mut report).await {
            parsed.extend(grids.into_iter().map(|(_, grid)| grid));
        }
        if report.broken.is_some() {
            return Ok(report);
        }
    }
    if !report.is_good() {
        return Ok(report);
    }
    note_totals(&parsed, &mut report);
    let base = Base::read(gridmap).await?;
    let layer = Layer::over(&base, parsed);
    let accept_gaps = options.accept_gaps;
    let judged = tokio::task::spawn_blocking(move || layer.judge(accept_gaps)).await;
    let (coverage, ground) = judged.expect("the checker returns whatever it is given");
    report.coverage = Some(coverage);
    match ground {
        None => Ok(report),
        Some(ground) => {
            let mut report = publish(caller, base, ground, options, report).await?;
            compare_with_homes(gridmap, &mut report).await?;
            Ok(report)
        }
    }
}

/// Compares the homes stated for each grid with those that stand there, if homes were imported before.
async fn compare_with_homes(gridmap: &Gridmap, report: &mut ImportReport) -> Result<(), ImportError> {
    let is_stored = matches!(report.outcome, Outcome::Stored { .. } | Outcome::Unchanged);
    if report.stated_houses.is_empty() || !is_stored {
        return Ok(());
    }
    gridmap.refresh().await?;
    let Some(snapshot) = gridmap.snapshot() else { return Ok(()) };
    // Homes move to ground of a later date on its day.
    let is_in_force = snapshot.generations().last().is_none_or(|newest| newest.number == snapshot.generation().number);
    if is_in_force && snapshot.grids_at(0).any(|ix| snapshot.n_households(ix).is_some_and(|n| n > 0)) {
        let totals = std::mem::take(&mut report.stated_houses);
        located::compare(&snapshot, &totals, report);
        report.stated_houses = totals;
    }
    Ok(())
}

/// The newest generation, which the new one is a difference to.
struct Base {
    generations: Vec<Generation>,
    grids: Vec<Grid>,
}

impl Base {
    async fn read(gridmap: &Gridmap) -> Result<Self, ImportError> {
        let generations = gridmap.store().generations().await?;
        let grids = match generations.last() {
            Some(newest) => gridmap.store().grids(newest.number).try_collect().await?,
            None => Vec::new(),
        };
        Ok(Self { generations, grids })
    }

    fn newest(&self) -> Option<&Generation> {
        self.generations.last()
    }
}

/// The tree that an import would make: what is given, and the levels that stay.
struct Layer {
    grids: Vec<Candidate>,
}

struct Candidate {
    id: GridId,
    name: Option<String>,
    area: RawArea,
}

impl Layer {
    fn over(base: &Base, parsed: Vec<ParsedGrid>) -> Self {
        let depths: BTreeSet<Depth> = parsed.iter().map(|grid| grid.depth).collect();
        let codes: HashMap<&GridId, &str> = base.grids.iter().map(|grid| (&grid.id, grid.code.as_str())).collect();
        let ids: HashMap<&str, &GridId> = base.grids.iter().map(|grid| (grid.code.as_str(), &grid.id)).collect();
        let staying = base.grids.iter().filter(|grid| !depths.contains(&grid.depth)).map(|grid| {
            let parent = grid.parent.as_ref().map(|id| codes[id].to_owned());
            Candidate { id: grid.id.clone(), name: grid.name.clone(), area: raw(grid, parent) }
        });
        let given = parsed.into_iter().map(|grid| {
            let id = ids.get(grid.code.as_str()).map_or_else(|| grid.code.clone(), |&id| id.clone());
            let polygons = grid.polygons.into_iter().map(|rings| RawPolygon { rings }).collect();
            let parent = grid.parent.map(|code| code.as_str().to_owned());
            let place = match grid.place {
                crate::format::Place::Line(n) | crate::format::Place::Feature(n) => usize::try_from(n).unwrap_or(0),
            };
            let area = RawArea { code: grid.code.as_str().to_owned(), depth: grid.depth, parent, polygons, place };
            Candidate { id, name: grid.name, area }
        });
        let mut grids: Vec<Candidate> = staying.chain(given).collect();
        grids.sort_by(|a, b| (a.area.depth, &a.area.code).cmp(&(b.area.depth, &b.area.code)));
        Self { grids }
    }

    /// Checks the tree; returns it as grids when nothing stands in the way of publishing it. Not even a hairline may
    /// overlap, so nobody can choose other rules.
    fn judge(self, accept_gaps: bool) -> (Report, Option<Judged>) {
        let (areas, names): (Vec<RawArea>, Vec<_>) =
            self.grids.into_iter().map(|candidate| (candidate.area, (candidate.id, candidate.name))).unzip();
        let mut report = coverage::check(&areas, &Rules::for_publishing());
        if report.faults().any(|fault| !(accept_gaps && is_gap(fault.kind))) {
            return (report, None);
        }
        let places: HashMap<&str, AreaIndex> = (0..).zip(&areas).map(|(at, area)| (area.code.as_str(), at)).collect();
        let parent = |area: &RawArea| area.parent.as_deref().and_then(|code| places.get(code).copied());
        let boundary = |area: &RawArea| area.boundary().expect("the checker lets no area without a ring through");
        let valid: Vec<ValidArea> = areas
            .iter()
            .map(|area| ValidArea { depth: area.depth, parent: parent(area), boundary: Arc::new(boundary(area)) })
            .collect();
        let ground = match Ground::build(&valid) {
            Ok(ground) => ground,
            Err(contradictions) => {
                report.findings.extend(contradictions.findings);
                return (report, None);
            }
        };
        let grids = (0..).zip(&areas).zip(&names).map(|((at, area), (id, name))| Grid {
            id: id.clone(),
            code: area.code.clone(),
            name: name.clone(),
            depth: area.depth,
            parent: parent(area).map(|at| names[at as usize].0.clone()),
            boundary: ground.boundary(at),
        });
        let grids: Vec<Grid> = grids.collect();
        let gaps = report.faults().filter(|fault| is_gap(fault.kind)).filter_map(|fault| {
            let at = LatticePoint::from(fault.at?);
            let around = grids.iter().filter(|grid| grid.boundary.covers(at)).max_by_key(|grid| grid.depth);
            Some(AcknowledgedGap {
                parent: around.map(|grid| grid.id.clone()),
                at,
                area_m2: fault.size.area_m2.unwrap_or(0.0),
            })
        });
        let gaps = gaps.collect();
        let n_noded = ground.noded().len() as u64;
        (report, Some(Judged { grids, gaps, n_noded }))
    }
}

/// A tree fit to be published.
struct Judged {
    grids: Vec<Grid>,
    gaps: Vec<AcknowledgedGap>,
    n_noded: u64,
}

fn is_gap(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Gap | FaultKind::SliverGap)
}

/// What differs between the newest generation and the next.
struct Difference {
    put: Vec<Grid>,
    removed: Vec<GridId>,
    n_new: u64,
    /// Boundaries of ground whose owner may be another now.
    touched: Vec<Boundary>,
}

impl Difference {
    fn between(old: Vec<Grid>, new: &[Grid]) -> Self {
        let mut old: BTreeMap<GridId, Grid> = old.into_iter().map(|grid| (grid.id.clone(), grid)).collect();
        let mut difference = Self { put: Vec::new(), removed: Vec::new(), n_new: 0, touched: Vec::new() };
        for grid in new {
            let before = old.remove(&grid.id);
            if before.as_ref() == Some(grid) {
                continue;
            }
            difference.put.push(grid.clone());
            difference.n_new += u64::from(before.is_none());
            let is_touched = |b: &Grid| b.boundary != grid.boundary || b.parent != grid.parent || b.depth != grid.depth;
            if before.as_ref().is_none_or(is_touched) {
                difference.touched.push(grid.boundary.clone());
                difference.touched.extend(before.map(|before| before.boundary));
            }
        }
        difference.touched.extend(old.values().map(|gone| gone.boundary.clone()));
        difference.removed = old.into_keys().collect();
        difference
    }
}

async fn publish(
    caller: &Caller<'_>,
    base: Base,
    judged: Judged,
    options: &GridOptions,
    mut report: ImportReport,
) -> Result<ImportReport, ImportError> {
    let (gridmap, now) = (caller.gridmap(), caller.now());
    let newest = base.newest().cloned();
    let Base { mut generations, grids } = base;
    let difference = Difference::between(grids, &judged.grids);
    if difference.put.is_empty() && difference.removed.is_empty() {
        report.outcome = Outcome::Unchanged;
        return Ok(report);
    }
    let (n_new, n_changed) = (difference.n_new, difference.put.len() as u64 - difference.n_new);
    let (n_removed, n_acknowledged_gaps) = (difference.removed.len() as u64, judged.gaps.len() as u64);
    let new = NewGeneration {
        plan: format!("import of {}", report.files.join(", ")),
        made_on: newest.map(|newest| newest.number),
        in_force: options.in_force.unwrap_or(now),
        put: difference.put,
        removed: difference.removed,
        acknowledged_gaps: judged.gaps,
    };
    let mut transaction = caller.begin("import of grids").await?;
    let number = transaction.publish(&new, now).await?;
    let generation = Generation {
        number,
        plan: new.plan,
        recorded: now,
        in_force: new.in_force,
        n_acknowledged_gaps: u32::try_from(n_acknowledged_gaps).unwrap_or(u32::MAX),
    };
    generations.push(generation.clone());
    let counts_now = in_force(&generations, now, now).is_some_and(|counting| counting.number == number);
    let mut moved = Moved::default();
    if counts_now {
        let tree = Tree::build(generation, judged.grids)
            .map_err(|error| StoreError::Inconsistent { column: "grid.parent", what: error.to_string() })?;
        moved = relocate::within(gridmap.store().as_ref(), &mut *transaction, &tree, &difference.touched).await?;
    }
    let revision = transaction.commit().await?;
    report.outcome = Outcome::Stored { revision };
    report.n_stored = report.n_read;
    report.generation = Some(Published {
        number,
        n_new,
        n_changed,
        n_removed,
        n_acknowledged_gaps,
        n_noded: judged.n_noded,
        n_relocated: moved.total(),
    });
    gridmap.refresh().await?;
    Ok(report)
}

/// Compares the homes stated for each grid with those stated for the grids right below it, where all of them are.
fn note_totals(parsed: &[ParsedGrid], report: &mut ImportReport) {
    let mut below: HashMap<&GridId, Option<u64>> = HashMap::new();
    for grid in parsed {
        if let Some(parent) = &grid.parent {
            let sum = below.entry(parent).or_insert(Some(0));
            *sum = sum.zip(grid.houses).map(|(sum, houses)| sum + u64::from(houses));
        }
    }
    for grid in parsed {
        let Some(houses) = grid.houses else { continue };
        report.stated_houses.push((grid.code.as_str().to_owned(), houses));
        let stated = u64::from(houses);
        if let Some(&Some(counted)) = below.get(&grid.code)
            && counted != stated
        {
            let code = grid.code.as_str().to_owned();
            report.totals.push(Total { code, stated, counted, of: Counted::StatedBelow });
        }
    }
}

/// A grid of an earlier generation, to be checked again beside the new ones.
fn raw(grid: &Grid, parent: Option<String>) -> RawArea {
    let ring = |ring: &Ring| ring.vertices().to_vec();
    let polygon = |polygon: &crate::geometry::Polygon| RawPolygon {
        rings: std::iter::once(&polygon.exterior).chain(&polygon.holes).map(ring).collect(),
    };
    let polygons = grid.boundary.polygons().iter().map(polygon).collect();
    RawArea { code: grid.code.clone(), depth: grid.depth, parent, polygons, place: 0 }
}

//! Imports the ground: checks the whole tree that the files would make, and publishes what differs as a generation.
//!
//! The files replace every level they contain; levels they do not name stay as they are in the ground in force at the date
//! asked for. So a county can be brought level by level or all at once, and the tree is checked as a whole each time.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use super::report::{Counted, GroundChange, ImportReport, Outcome, Preview, Published, Total};
use super::stream::{Reading, SourceSettings};
use super::{ImportError, Source, located, may_import};
use crate::domain::{Depth, GenerationKind, GenerationNumber, GridId, Noun};
use crate::format::grid::{self, ParsedGrid};
use crate::geometry::coverage::Tolerance;
use crate::service::check::raw_area;
use crate::service::ground::{
    Candidate, Change, Draft, GroundState, Judged, MAX_TRIES, NotPublished, judge, publish, raw,
};
use crate::service::{Caller, Gridmap};
use crate::store::StoreError;

/// How a layer of grids is taken in.
#[derive(Clone, Debug, Default)]
pub struct GridOptions {
    /// From when the ground counts; `None` is now. May lie in the past or the future.
    pub in_force: Option<DateTime<Utc>>,
    /// Publish although there are gaps, however narrow, and list them as acknowledged.
    pub accept_gaps: bool,
    /// What is narrow enough to be settled by rule.
    pub tolerance: Tolerance,
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
    let levels = Arc::clone(&region);
    let mut report = ImportReport::new(Noun::Grids);
    let mut parsed = Vec::new();
    for source in sources {
        report.files.push(source.name.clone());
        report.preview = report.preview.take().or_else(|| Preview::of(&source));
        let region = Arc::clone(&region);
        let parse =
            move |record: &_, source: &SourceSettings| grid::parse(record, &source.mapping, &source.frame, &region);
        let mut reading = Reading::start(source, &grid::FIELDS, grid::NOUN, parse)?;
        while let Some(grids) = reading.next(&mut report).await {
            if let Some(preview) = &mut report.preview {
                for (place, grid) in &grids {
                    preview.show(*place, || grid.summary(&levels));
                }
            }
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
    let mut n_tries = 1;
    loop {
        match publish_layer(caller, &parsed, options, report).await {
            Ok(report) => return Ok(report),
            // Somebody else published meanwhile: what is published now is what this is made on.
            Err((again, ImportError::Store(StoreError::GenerationMoved { .. } | StoreError::Overtaken)))
                if n_tries < MAX_TRIES =>
            {
                report = again;
                n_tries += 1;
            }
            Err((_, error)) => return Err(error),
        }
    }
}

type Tried = Result<ImportReport, (ImportReport, ImportError)>;

/// Makes the grids a change of the ground in force at their own date, and publishes what differs. The report is handed back
/// when that failed.
async fn publish_layer(
    caller: &Caller<'_>,
    parsed: &[ParsedGrid],
    options: &GridOptions,
    mut report: ImportReport,
) -> Tried {
    match try_layer(caller, parsed, options, &mut report).await {
        Ok(()) => Ok(report),
        Err(error) => Err((report, error)),
    }
}

async fn try_layer(
    caller: &Caller<'_>,
    parsed: &[ParsedGrid],
    options: &GridOptions,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let gridmap = caller.gridmap();
    gridmap.refresh().await?;
    let mut draft = Draft::begin(gridmap).await?;
    let in_force = options.in_force.map_or(draft.now, |date| date.trunc_subsecs(6));
    let (base, old) = draft.state_at(in_force).await?;
    let candidates = over(&old, parsed);
    let GridOptions { accept_gaps, tolerance, .. } = *options;
    let judging = tokio::task::spawn_blocking(move || judge(candidates, Some(&tolerance), |_| accept_gaps)).await;
    let (coverage, judged) = judging.expect("the checker returns whatever it is given");
    report.coverage = Some(coverage);
    let Some(Judged { state, gaps, n_noded }) = judged else { return Ok(()) };
    let difference = old.difference(&state);
    if difference.is_empty() {
        report.outcome = Outcome::Unchanged;
        compare_with_households(gridmap, base, report);
        return Ok(());
    }
    let plan = format!("import of {}", report.files.join(", "));
    let n_acknowledged_gaps = gaps.len() as u64;
    let change = Change { plan, kind: GenerationKind::Plan, base, in_force, state, gaps, accept_gaps };
    let number = match draft.put(change).await {
        Ok(number) => number,
        Err(NotPublished::Store(error)) => return Err(error.into()),
        Err(NotPublished::Conflicts(conflicts)) => {
            for conflict in conflicts {
                report.conflicts.push(conflict);
            }
            return Ok(());
        }
    };
    let n_changed = difference.put.len() as u64 - difference.n_new;
    if let Some(preview) = &mut report.preview {
        let (n_new, n_removed) = (difference.n_new, difference.removed.len() as u64);
        preview.ground = Some(GroundChange { n_new, n_changed, n_removed });
        (report.outcome, report.n_stored) = (Outcome::Tried, report.n_read);
        return Ok(());
    }
    let written = publish(caller, &mut draft, "import of grids").await?;
    report.outcome = Outcome::Stored { revision: written.revision };
    report.n_stored = report.n_read;
    report.generation = Some(Published {
        number,
        n_new: difference.n_new,
        n_changed,
        n_removed: difference.removed.len() as u64,
        n_acknowledged_gaps,
        n_noded,
        n_relocated: written.moved.total(),
        n_rebased: draft.new.len() as u64 - 1,
    });
    gridmap.refresh().await?;
    compare_with_households(gridmap, Some(number), report);
    Ok(())
}

/// Compares the households stated for each grid with those that lie there, if households were imported before. Households move
/// to ground of a later date on its day.
fn compare_with_households(gridmap: &Gridmap, published: Option<GenerationNumber>, report: &mut ImportReport) {
    let Some(snapshot) = gridmap.snapshot() else { return };
    let is_in_force = published == Some(snapshot.generation().number);
    if is_in_force && snapshot.grids_at(0).any(|ix| snapshot.n_households(ix).is_some_and(|n| n > 0)) {
        let totals = std::mem::take(&mut report.stated_houses);
        located::compare(&snapshot, &totals, report);
        report.stated_houses = totals;
    }
}

/// The tree that an import would make: what is given, and the levels of the ground before that stay.
fn over(base: &GroundState, parsed: &[ParsedGrid]) -> Vec<Candidate> {
    let depths: BTreeSet<Depth> = parsed.iter().map(|grid| grid.depth).collect();
    let codes: HashMap<&GridId, &str> = base.grids().map(|grid| (&grid.id, grid.code.as_str())).collect();
    let ids: HashMap<&str, &GridId> = base.grids().map(|grid| (grid.code.as_str(), &grid.id)).collect();
    let staying = base.grids().filter(|grid| !depths.contains(&grid.depth)).map(|grid| {
        let parent = grid.parent.as_ref().map(|id| codes[id].to_owned());
        Candidate { id: grid.id.clone(), name: grid.name.clone(), area: raw(grid, parent) }
    });
    let given = parsed.iter().map(|grid| {
        let id = ids.get(grid.code.as_str()).map_or_else(|| grid.code.clone(), |&id| id.clone());
        Candidate { id, name: grid.name.clone(), area: raw_area(grid.clone()) }
    });
    let mut grids: Vec<Candidate> = staying.chain(given).collect();
    grids.sort_by(|a, b| (a.area.depth, &a.area.code).cmp(&(b.area.depth, &b.area.code)));
    grids
}

/// Compares the households stated for each grid with those stated for the grids right below it, where all of them are.
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

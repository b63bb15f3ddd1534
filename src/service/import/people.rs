//! Imports who answers: holders and their duties. A reference to somebody unknown is refused by its line.

use std::collections::HashSet;

use futures::TryStreamExt;

use super::put::{commit, put};
use super::report::ImportReport;
use super::stream::{Reading, Seen, SourceSettings};
use super::{ImportError, Source, begin, may_import, show};
use crate::domain::{Duty, DutyArea, Holder, HolderId, Noun};
use crate::format::duty::ParsedDuty;
use crate::format::{Fault, Place, Problem, duty, holder};
use crate::index::Tree;
use crate::service::{Caller, Gridmap};
use crate::store::Filter;

/// Imports persons and bodies. A person's body is in the same file or known already.
///
/// # Errors
/// When nothing could be tried; what is wrong with the file is in the report.
pub async fn holders(caller: &Caller<'_>, source: Source) -> Result<ImportReport, ImportError> {
    let gridmap = may_import(caller, Noun::Holders)?;
    gridmap.known_region().await?;
    let mut report = begin(&source, Noun::Holders);
    let on_edited = source.on_edited;
    let parse = |record: &_, source: &SourceSettings| holder::parse(record, &source.mapping, &source.frame);
    let mut reading = Reading::start(source, &holder::FIELDS, holder::NOUN, parse)?;
    let mut known = known_holders(gridmap).await?;
    let mut read: Vec<(Place, Holder)> = Vec::new();
    let mut seen = Seen::default();
    while let Some(holders) = reading.next(&mut report).await {
        for (place, holder) in holders {
            if let Some(fault) = seen.note(holder.id.as_str(), place) {
                report.refuse([fault]);
                continue;
            }
            show(caller, place, &holder, &mut report)?;
            read.push((place, holder));
        }
    }
    known.extend(read.iter().map(|(_, holder)| holder.id.clone()));
    for (place, holder) in &read {
        if let Some(body) = holder.body.as_ref().filter(|body| !known.contains(body)) {
            report.refuse([dangling(*place, "body", "holder", body.as_str())]);
        }
    }
    // Bodies first, so that whoever belongs to one finds it there.
    let (with_body, mut holders): (Vec<_>, Vec<_>) =
        read.into_iter().map(|(_, holder)| holder).partition(|holder| holder.body.is_some());
    holders.extend(with_body);
    report.sort_faults();
    if report.is_good() {
        let mut transaction = caller.begin("import of holders").await?;
        transaction.reserve(Noun::Holders).await?;
        put(&mut *transaction, holders, on_edited, &mut report).await?;
        commit(gridmap, transaction, &mut report).await?;
    }
    Ok(report)
}

/// Imports duties. Their holders, deputies and grids are known already; a grid is named by its code, and in its stead a
/// feature may draw a polygon.
///
/// # Errors
/// Like [`holders`].
pub async fn duties(caller: &Caller<'_>, source: Source) -> Result<ImportReport, ImportError> {
    let gridmap = may_import(caller, Noun::Duties)?;
    let snapshot = gridmap.newest().await?;
    let region = std::sync::Arc::clone(snapshot.region());
    let mut report = begin(&source, Noun::Duties);
    let on_edited = source.on_edited;
    let parse = move |record: &_, source: &SourceSettings| duty::parse(record, &source.mapping, &source.frame, &region);
    let mut reading = Reading::start(source, &duty::FIELDS, duty::NOUN, parse)?;
    let known = known_holders(gridmap).await?;
    let mut duties: Vec<Duty> = Vec::new();
    let mut seen = Seen::default();
    while let Some(parsed) = reading.next(&mut report).await {
        for (place, ParsedDuty { mut duty, grid_code }) in parsed {
            let mut faults: Vec<Fault> = seen.note(duty.id.as_str(), place).into_iter().collect();
            match grid_code.as_deref().map(|code| snapshot.by_code(code).ok_or(code)) {
                Some(Ok(ix)) => duty.area = DutyArea::Grid(snapshot.grid(ix).id.clone()),
                Some(Err(code)) => faults.push(dangling(place, "grid", "grid", code)),
                None => note_outside(&duty.area, place, snapshot.tree(), &mut report),
            }
            let people = [("holder", Some(&duty.holder)), ("deputy", duty.deputy.as_ref())];
            for (field, id) in people.into_iter().filter_map(|(field, id)| Some((field, id?))) {
                if !known.contains(id) {
                    faults.push(dangling(place, field, "holder", id.as_str()));
                }
            }
            if faults.is_empty() {
                show(caller, place, &duty, &mut report)?;
                duties.push(duty);
            } else {
                report.refuse(faults);
            }
        }
    }
    report.sort_faults();
    if report.is_good() {
        let mut transaction = caller.begin("import of duties").await?;
        transaction.reserve(Noun::Duties).await?;
        put(&mut *transaction, duties, on_edited, &mut report).await?;
        commit(gridmap, transaction, &mut report).await?;
    }
    Ok(report)
}

/// Notes a polygon that no grid comes near: where its coordinates are wrong, nobody would ever be answered.
fn note_outside(area: &DutyArea, place: Place, tree: &Tree, report: &mut ImportReport) {
    if let DutyArea::Polygon(boundary) = area
        && tree.meeting(boundary.bbox()).is_empty()
    {
        report.outside.push(place);
    }
}

pub(super) async fn known_holders(gridmap: &Gridmap) -> Result<HashSet<HolderId>, ImportError> {
    Ok(gridmap.store().holders(Filter::default()).map_ok(|stored| stored.thing.id).try_collect().await?)
}

pub(super) fn dangling(place: Place, field: &str, what: &'static str, id: &str) -> Fault {
    Fault { place, field: field.to_owned(), problem: Problem::Dangling { what, id: id.to_owned() } }
}

//! Imports: the demo county whole, files that are broken, and ground that changes; all on both stores.

mod broken;
mod cases;
mod demo;
mod dry_run;
mod edited;
mod generations;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use gridmap::domain::Noun;
use gridmap::format::manifest::{self, ManifestSource};
use gridmap::format::record::Syntax;
use gridmap::service::import::{self, GridOptions, ImportReport, OnEdited, Source};
use gridmap::service::{Caller, Gridmap};
use gridmap::store::Store;

/// The clock of these tests.
pub(crate) fn day(text: &str) -> DateTime<Utc> {
    format!("{text}T00:00:00Z").parse().unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Opens the application on `store`, whose clock stands still at `now`.
async fn open(store: Arc<dyn Store>, now: DateTime<Utc>) -> Gridmap {
    Gridmap::open(store, Arc::new(now)).await.unwrap()
}

async fn import_region(gridmap: &Gridmap, file: &Path) {
    let text = std::fs::read_to_string(file).unwrap();
    let report = import::region(&Caller::system(gridmap), &text).await.unwrap();
    assert!(report.faults.is_empty() && report.conflict.is_none(), "{report:?}");
}

/// Imports everything that a manifest lists, and returns the reports.
pub(crate) async fn import_manifest(gridmap: &Gridmap, file: &Path) -> Vec<ImportReport> {
    let folder = file.parent().unwrap();
    let manifest = manifest::parse(&std::fs::read_to_string(file).unwrap()).unwrap();
    if let Some(region) = &manifest.region {
        import_region(gridmap, &folder.join(region)).await;
    }
    let mut reports = Vec::new();
    let mut totals = Vec::new();
    for source in &manifest.sources {
        let report = import_source(gridmap, source, folder, &totals).await;
        totals.extend(report.stated_houses.iter().cloned());
        reports.push(report);
    }
    reports
}

async fn import_source(
    gridmap: &Gridmap,
    source: &ManifestSource,
    folder: &Path,
    totals: &[(String, u32)],
) -> ImportReport {
    let open = |name: &String| Source {
        name: name.clone(),
        input: Box::new(std::fs::File::open(folder.join(name)).unwrap()),
        syntax: Syntax::of(name),
        mapping: source.mapping.clone(),
        frame: source.frame.clone(),
        on_edited: OnEdited::Refuse,
        is_dry_run: false,
    };
    let mut files: Vec<Source> = source.files.iter().map(open).collect();
    if source.noun == Noun::Grids {
        return import::grids(&Caller::system(gridmap), files, &GridOptions::default()).await.unwrap();
    }
    let file = files.remove(0);
    match source.noun {
        Noun::Households => import::households(&Caller::system(gridmap), file, totals).await,
        Noun::Holders => import::holders(&Caller::system(gridmap), file).await,
        Noun::Duties => import::duties(&Caller::system(gridmap), file).await,
        Noun::ServicePoints => import::service_points(&Caller::system(gridmap), file).await,
        Noun::Incidents => import::incidents(&Caller::system(gridmap), file).await,
        other => unreachable!("{other} are not imported alone"),
    }
    .unwrap()
}

/// A source that reads `text`.
pub(crate) fn text_source(name: &str, text: impl Into<Vec<u8>>) -> Source {
    Source {
        name: name.to_owned(),
        input: Box::new(std::io::Cursor::new(text.into())),
        syntax: Syntax::of(name),
        mapping: gridmap::format::Mapping::default(),
        frame: gridmap::geometry::crs::Frame::Wgs84,
        on_edited: OnEdited::Refuse,
        is_dry_run: false,
    }
}

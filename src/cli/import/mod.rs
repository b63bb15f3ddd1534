//! `gridmap import`: takes files into the database, all of a file or nothing, and says what became of them.

mod print;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Exit, Failure, say, with_open};
use crate::config::DatabaseSettings;
use crate::domain::Noun;
use crate::format::Mapping;
use crate::format::manifest::{self, ManifestSource};
use crate::format::record::Syntax;
use crate::format::time::{DayEnd, parse_time};
use crate::geometry::coverage::Tolerance;
use crate::geometry::crs::Frame;
use crate::service::import::{self, GridOptions, ImportReport, OnEdited, Outcome, Source};
use crate::service::{Caller, Gridmap};
pub(super) use print::{conflict, conflict_json};
pub use print::{render, render_json};

/// Take files into the database: all of a file or nothing, with a report either way
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Clone, Debug, Subcommand)]
enum What {
    /// The region: its levels, roles and clock, from a region.toml
    Region(RegionArgs),
    /// Grids of one or more levels from GeoJSON; the files replace the levels they hold
    Grids(GridArgs),
    /// Homes, from CSV or GeoJSON
    Households(ThingArgs),
    /// Persons and bodies who can hold duties
    Holders(ThingArgs),
    /// Who answers for what: a holder in a role for a grid
    Duties(ThingArgs),
    /// Places where help is found
    ServicePoints(ThingArgs),
    /// Disputes, hazards, unrest signs, requests
    Incidents(ThingArgs),
    /// Everything that a manifest lists, in its order; see fixtures/lintan/import.toml
    Manifest(ManifestArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct RegionArgs {
    file: PathBuf,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Clone, Debug)]
struct ManifestArgs {
    file: PathBuf,
    #[command(flatten)]
    edits: Edits,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Clone, Debug)]
struct ThingArgs {
    #[command(flatten)]
    file: FileArgs,
    #[command(flatten)]
    edits: Edits,
}

/// What becomes of things that somebody has written since they were imported; where nothing is said, a file that would
/// change one is refused.
#[derive(clap::Args, Clone, Copy, Debug)]
struct Edits {
    /// Replace what somebody has written since it was imported
    #[arg(long, conflicts_with = "keep_newer")]
    overwrite: bool,
    /// Leave what somebody has written since it was imported, and import the rest
    #[arg(long)]
    keep_newer: bool,
}

impl From<Edits> for OnEdited {
    fn from(edits: Edits) -> Self {
        match edits {
            Edits { overwrite: true, .. } => Self::Overwrite,
            Edits { keep_newer: true, .. } => Self::Keep,
            Edits { .. } => Self::Refuse,
        }
    }
}

#[derive(clap::Args, Clone, Debug)]
struct GridArgs {
    #[command(flatten)]
    file: FileArgs,
    /// From when the ground counts: 2024-03-05, or with a time; now when absent
    #[arg(long, value_name = "DATE")]
    in_force: Option<String>,
    /// Publish although there are gaps, and list them as acknowledged
    #[arg(long)]
    accept_gaps: bool,
    /// Settle gaps, overlaps and crossings narrower than this by rule, and list them; 0.0223 (twice the lattice step) when
    /// absent
    #[arg(long, value_name = "METRES", value_parser = super::tolerance)]
    snap: Option<Tolerance>,
}

#[derive(clap::Args, Clone, Debug)]
struct FileArgs {
    /// CSV by the name .csv, GeoJSON by any other; in UTF-8, UTF-16 or GB 18030
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// What the coordinates are: wgs84, cgcs2000, gcj02, bd09 or EPSG:n
    #[arg(long, default_value = "wgs84", value_parser = Frame::parse)]
    crs: Frame,
    /// The column that holds a field, where their names differ
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = pair)]
    map: Vec<(String, String)>,
    /// A field that has one value in every row
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Read, check and locate everything, show how the first rows would be stored, and store nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Clone, Debug)]
struct Common {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print the report as JSON, one object for each import
    #[arg(long)]
    json: bool,
}

/// Parses `FIELD=VALUE`.
fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(field, value)| !field.is_empty() && !value.is_empty());
    pair.map(|(field, value)| (field.to_owned(), value.to_owned())).ok_or_else(|| "expected FIELD=VALUE".to_owned())
}

pub async fn run(args: Args) -> Result<Exit, Failure> {
    let (noun, ThingArgs { file, edits }) = match args.what {
        What::Region(args) => {
            let Common { database, json } = &args.common;
            return with_open(super::open(database).await?, async |gridmap| {
                region(&Caller::system(gridmap), &args.file, *json).await
            })
            .await;
        }
        What::Manifest(args) => return manifest(args).await,
        What::Grids(args) => return grids(args).await,
        What::Households(file) => (Noun::Households, file),
        What::Holders(file) => (Noun::Holders, file),
        What::Duties(file) => (Noun::Duties, file),
        What::ServicePoints(file) => (Noun::ServicePoints, file),
        What::Incidents(file) => (Noun::Incidents, file),
    };
    let (common, is_dry_run) = (file.common.clone(), file.dry_run);
    import_files(common, source(noun, file), edits.into(), is_dry_run).await
}

async fn grids(args: GridArgs) -> Result<Exit, Failure> {
    let (in_force, accept_gaps) = (args.in_force, args.accept_gaps);
    let (common, is_dry_run) = (args.file.common.clone(), args.file.dry_run);
    let tolerance = args.snap.unwrap_or_default();
    let source = ManifestSource { accept_gaps, tolerance, in_force, ..source(Noun::Grids, args.file) };
    import_files(common, source, OnEdited::default(), is_dry_run).await
}

async fn import_files(
    Common { database, json }: Common,
    source: ManifestSource,
    on_edited: OnEdited,
    is_dry_run: bool,
) -> Result<Exit, Failure> {
    let nowhere = Path::new("");
    with_open(super::open(&database).await?, async |gridmap| {
        let import = Import { caller: &Caller::system(gridmap), folder: nowhere, json, on_edited, is_dry_run };
        import.source(source, &mut BTreeMap::new()).await
    })
    .await
}

fn source(noun: Noun, args: FileArgs) -> ManifestSource {
    let files = args.files.into_iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let mapping = Mapping { columns: args.map, constants: args.set };
    let tolerance = Tolerance::default();
    ManifestSource { noun, files, mapping, frame: args.crs, accept_gaps: false, tolerance, in_force: None }
}

/// Imports all that a manifest lists; stops at the first file that is refused, leaving what came before it stored.
async fn manifest(args: ManifestArgs) -> Result<Exit, Failure> {
    let manifest = match manifest::parse(&read_text(&args.file)?) {
        Ok(manifest) => manifest,
        Err(faults) => {
            say(&print::key_faults(&args.file, &faults, args.common.json));
            return Ok(Exit::Refused);
        }
    };
    let folder = args.file.parent().unwrap_or(Path::new(""));
    let Common { database, json } = args.common;
    with_open(super::open(&database).await?, async |gridmap| {
        let caller = &Caller::system(gridmap);
        let import = Import { caller, folder, json, on_edited: args.edits.into(), is_dry_run: false };
        if let Some(file) = &manifest.region
            && region(caller, &folder.join(file), json).await? == Exit::Refused
        {
            return Ok(Exit::Refused);
        }
        let mut totals = BTreeMap::new();
        for source in manifest.sources {
            if import.source(source, &mut totals).await? == Exit::Refused {
                return Ok(Exit::Refused);
            }
        }
        Ok(Exit::Done)
    })
    .await
}

async fn region(caller: &Caller<'_>, file: &Path, json: bool) -> Result<Exit, Failure> {
    let report = import::region(caller, &read_text(file)?).await?;
    say(&print::region(file, &report, json));
    let is_good = report.faults.is_empty() && report.conflict.is_none();
    Ok(if is_good { Exit::Done } else { Exit::Refused })
}

/// How the sources of one command are imported.
struct Import<'i> {
    caller: &'i Caller<'i>,
    /// Where their files lie.
    folder: &'i Path,
    json: bool,
    on_edited: OnEdited,
    is_dry_run: bool,
}

impl Import<'_> {
    /// Imports the files of one source. `totals` are the homes stated for grids so far.
    async fn source(&self, source: ManifestSource, totals: &mut BTreeMap<String, u32>) -> Result<Exit, Failure> {
        let Self { caller, folder, json, on_edited, is_dry_run } = *self;
        let mut files = Vec::new();
        let mut bars = Vec::new();
        for name in &source.files {
            let (file, bar) = open_source(&folder.join(name), &source, on_edited, is_dry_run)?;
            files.push(file);
            bars.push(bar);
        }
        if source.noun == Noun::Grids {
            let in_force = source.in_force.as_deref().map(|text| instant(caller.gridmap(), text));
            let in_force = match in_force {
                Some(instant) => Some(instant.await?),
                None => None,
            };
            let options = GridOptions { in_force, accept_gaps: source.accept_gaps, tolerance: source.tolerance };
            let report = import::grids(caller, files, &options).await?;
            bars.iter().for_each(ProgressBar::finish_and_clear);
            totals.extend(report.stated_houses.iter().cloned());
            return Ok(finish(&report, json));
        }
        for (file, bar) in files.into_iter().zip(bars) {
            let report = match source.noun {
                Noun::Households => {
                    let totals: Vec<_> = totals.iter().map(|(code, n)| (code.clone(), *n)).collect();
                    import::households(caller, file, &totals).await?
                }
                Noun::Holders => import::holders(caller, file).await?,
                Noun::Duties => import::duties(caller, file).await?,
                Noun::ServicePoints => import::service_points(caller, file).await?,
                Noun::Incidents => import::incidents(caller, file).await?,
                other => return Err(Failure::new(format!("{other} cannot be imported"))),
            };
            bar.finish_and_clear();
            if finish(&report, json) == Exit::Refused {
                return Ok(Exit::Refused);
            }
        }
        Ok(Exit::Done)
    }
}

fn finish(report: &ImportReport, json: bool) -> Exit {
    say(&if json { format!("{}\n", render_json(report)) } else { render(report) });
    if report.outcome == Outcome::Refused { Exit::Refused } else { Exit::Done }
}

/// Opens a file behind a progress bar, which is seen only on a terminal.
fn open_source(
    path: &Path,
    source: &ManifestSource,
    on_edited: OnEdited,
    is_dry_run: bool,
) -> Result<(Source, ProgressBar), Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("{} cannot be opened: {error}", path.display()));
    let file = File::open(path).map_err(cannot)?;
    let n_bytes = file.metadata().map_err(cannot)?.len();
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(n_bytes) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes} of {total_bytes}") {
        bar.set_style(style);
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    bar.set_message(name.clone());
    let input: Box<dyn Read + Send> = Box::new(bar.wrap_read(file));
    let syntax = Syntax::of(&name);
    let (mapping, frame) = (source.mapping.clone(), source.frame.clone());
    Ok((Source { name, input, syntax, mapping, frame, on_edited, is_dry_run }, bar))
}

/// Reads an instant, in the region's own time where no offset is written.
pub(super) async fn instant(gridmap: &Gridmap, text: &str) -> Result<DateTime<Utc>, Failure> {
    let offset = gridmap.store().region().await?.map_or(FixedOffset::east_opt(0), |region| Some(region.utc_offset));
    let parsed = offset.and_then(|offset| parse_time(text, offset, DayEnd::First));
    parsed.ok_or_else(|| {
        Failure::new(format!("{text:?} is not a time: expected 2024-03-05 or 2024-03-05T08:00:00+08:00"))
    })
}

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))
}

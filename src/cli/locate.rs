//! `gridmap locate`: who answers for one point, or for each point of a file.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, IsTerminal, Read, Write};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Exit, Failure};
use crate::config::DatabaseSettings;
use crate::domain::Principal;
use crate::format::answer::AnswerJson;
use crate::format::locate_rows::{Reader, RowFormat, RowQuestion, RowsError, Summary};
use crate::format::time::{DayEnd, parse_time};
use crate::geometry::crs::Frame;
use crate::index::Snapshot;
use crate::service::Gridmap;
use crate::service::locate::phones;
use crate::service::locate_rows::{self, Terms, accuracy_m};
use crate::store;

/// Who answers for a point: `gridmap locate 103.6 34.7`, or for each of a file: `gridmap locate homes.csv`
///
/// One point is answered as JSON. A file (CSV, Arrow or Parquet with columns lon and lat, GeoJSON of points, NDJSON, or one
/// JSON array) is answered row by row in its own format on standard output, an Arrow file as a stream; a bad row gets an
/// error in its place (`status` refused), and the exit code is then 1.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// LON LAT; or a FILE (.csv, .geojson, .ndjson, .json, .arrow, .parquet); or - for standard input
    #[arg(required = true, num_args = 1..=2, allow_negative_numbers = true, value_names = ["LON|FILE", "LAT"])]
    place: Vec<String>,
    /// The instant asked about: 2024-03-05, or with a time; now when absent
    #[arg(long)]
    at: Option<String>,
    /// As known at this instant; as known now when absent
    #[arg(long)]
    known_at: Option<String>,
    /// What the coordinates are: wgs84, cgcs2000, gcj02, bd09 or EPSG:n
    #[arg(long, default_value = "wgs84", value_parser = Frame::parse)]
    crs: Frame,
    /// How far the true position may be from the stated one, metres
    #[arg(long, value_parser = |text: &str| accuracy_m(text.parse().map_err(|_| "not a number".to_owned())?))]
    accuracy_m: Option<f64>,
    /// The category of the incident, for mediators who fit
    #[arg(long)]
    category: Option<String>,
    /// How the rows of the file are written; by its name when absent
    #[arg(long, value_enum)]
    format: Option<Format>,
    #[command(flatten)]
    database: DatabaseSettings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Ndjson,
    Json,
    Geojson,
    Arrow,
    Parquet,
}

/// Answers; [`Exit::Refused`] when some rows of a file could not be answered.
pub(crate) async fn run(args: Args) -> Result<Exit, Failure> {
    match answer(args).await {
        Ok(0) | Err(Stopped::Closed) => Ok(Exit::Done),
        Ok(_n_refused) => Ok(Exit::Refused),
        Err(Stopped::Failed(failure)) => Err(failure),
    }
}

/// Why answering ended early.
enum Stopped {
    /// The reader of our output went away, as `head` does.
    Closed,
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Answers and returns how many rows could not be.
async fn answer(args: Args) -> Result<u64, Stopped> {
    let database = args.database.clone();
    super::with_open(store::open_existing(&database.database, database.region.as_deref()).await?, async |gridmap| {
        answer_from(gridmap, args).await
    })
    .await
}

async fn answer_from(gridmap: &Gridmap, args: Args) -> Result<u64, Stopped> {
    let no_ground = || Failure::new(format!("{} holds no ground that was in force then", args.database.database));
    let current = gridmap.snapshot().ok_or_else(no_ground)?;
    let offset = current.region().utc_offset;
    let instant = |text: &Option<String>, end| {
        let parse = |text: &String| parse_time(text, offset, end).ok_or_else(|| no_time(text));
        text.as_ref().map(parse).transpose()
    };
    let at = instant(&args.at, DayEnd::First)?.unwrap_or_else(|| gridmap.now());
    let known_at = instant(&args.known_at, DayEnd::Last)?;
    let snapshot = gridmap.snapshot_at(at, known_at).await?.ok_or_else(no_ground)?;
    let Args { crs: frame, accuracy_m, category, .. } = args.clone();
    let terms = Terms { frame, at, accuracy_m, category };
    match args.place.as_slice() {
        [lon, lat] => one(&snapshot, &terms, lon, lat).map(|()| 0),
        [name] => many(&snapshot, &terms, name, args.format).map(|summary| summary.n_refused),
        _ => unreachable!("clap takes one or two"),
    }
}

fn no_time(text: &str) -> Failure {
    Failure::new(format!("{text:?} is not a time: expected 2024-03-05 or 2024-03-05T08:00:00+08:00"))
}

fn one(snapshot: &Snapshot, terms: &Terms, lon: &str, lat: &str) -> Result<(), Stopped> {
    let number = |text: &str| text.parse::<f64>().map_err(|_| Failure::new(format!("{text:?} is not a number")));
    let (lon, lat) = (number(lon)?, number(lat)?);
    terms.frame.to_wgs84(lon, lat)?;
    let row = RowQuestion { lon, lat, accuracy_m: None, category: None };
    let answer = terms.answer(snapshot, &row).expect("the position was just understood");
    let phones = phones(&Principal::system());
    let json = AnswerJson { answer: &answer, phones: phones.as_ref() };
    let text = serde_json::to_string_pretty(&json).expect("an answer is plain JSON");
    writeln!(io::stdout().lock(), "{text}").map_err(written)
}

fn many(snapshot: &Snapshot, terms: &Terms, name: &str, format: Option<Format>) -> Result<Summary, Stopped> {
    let format = row_format(name, format)
        .ok_or_else(|| Failure::new(format!("{name}: name --format csv, ndjson, json, geojson, arrow or parquet")))?;
    if matches!(format, RowFormat::ArrowStream | RowFormat::Parquet) && io::stdout().is_terminal() {
        return Err(Failure::new(format!("{name}: the answer is not text: send it to a file")).into());
    }
    let (progress, rows) = open(name, format, &terms.frame)?;
    let out = BufWriter::new(io::stdout());
    let answered = rows.and_then(|rows| locate_rows::answer(snapshot, terms, rows, None, out));
    progress.finish_and_clear();
    let summary = match answered {
        Err(RowsError::Write(error)) => return Err(written(error)),
        other => other?.summary,
    };
    let Summary { n_rows, n_outside, n_refused } = summary;
    eprintln!("{n_rows} rows: {} located, {n_outside} outside, {n_refused} refused", n_rows - n_outside - n_refused);
    Ok(summary)
}

fn written(error: io::Error) -> Stopped {
    if error.kind() == ErrorKind::BrokenPipe { Stopped::Closed } else { Stopped::Failed(error.into()) }
}

fn row_format(name: &str, format: Option<Format>) -> Option<RowFormat> {
    if let Some(format) = format {
        return Some(match format {
            Format::Csv => RowFormat::Csv,
            Format::Ndjson => RowFormat::Ndjson,
            Format::Json => RowFormat::JsonArray,
            Format::Geojson => RowFormat::GeoJson,
            Format::Arrow => RowFormat::ArrowStream,
            Format::Parquet => RowFormat::Parquet,
        });
    }
    match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "csv" => Some(RowFormat::Csv),
        "ndjson" | "jsonl" => Some(RowFormat::Ndjson),
        "json" => Some(RowFormat::JsonArray),
        "geojson" => Some(RowFormat::GeoJson),
        "arrow" | "arrows" => Some(RowFormat::ArrowStream),
        "parquet" => Some(RowFormat::Parquet),
        _ => None,
    }
}

/// The rows of a file or of standard input, behind a progress bar.
type Opened = (ProgressBar, Result<Reader<Input>, RowsError>);

type Input = BufReader<Box<dyn Read + Send>>;

fn open(name: &str, format: RowFormat, frame: &Frame) -> Result<Opened, Failure> {
    if name == "-" {
        let progress = progress(None);
        let input: Box<dyn Read + Send> = Box::new(progress.wrap_read(io::stdin()));
        return Ok((progress, Reader::open(format, frame, BufReader::new(input))));
    }
    let failed = |error: io::Error| Failure::new(format!("{name}: {error}"));
    let file = File::open(name).map_err(failed)?;
    let progress = progress(Some(file.metadata().map_err(failed)?.len()));
    if format == RowFormat::Parquet {
        let bar = progress.clone();
        return Ok((progress, Reader::open_parquet(file, move |n_bytes| bar.set_position(n_bytes))));
    }
    let input: Box<dyn Read + Send> = Box::new(progress.wrap_read(file));
    Ok((progress, Reader::open(format, frame, BufReader::new(input))))
}

/// A bar on a terminal, nothing elsewhere.
fn progress(n_bytes: Option<u64>) -> ProgressBar {
    let (progress, template) = match n_bytes {
        Some(n_bytes) => (ProgressBar::new(n_bytes), "{bar:40} {bytes} of {total_bytes}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}"),
    };
    progress.with_style(ProgressStyle::with_template(template).expect("the template is fixed"))
}

//! `gridmap check`: every fault of a layer of grids, by place, kind and size.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value as Json, json};

use crate::format::{Mapping, region};
use crate::geometry::coverage::{Finding, Rules, Severity, Tolerance};
use crate::geometry::crs::Frame;
use crate::service::check::{Checked, Input, Reading, plain_region};

/// Check layers of grids: gaps, overlaps, slivers, bad rings, wrong parents, by place, kind and size
///
/// All files are checked as one tree. Exit status: 0 clean, 1 faults, 2 a file cannot be read.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// GeoJSON files of grids of one or more levels
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A layer of their parents; without one a wide hole cannot be distinguished from an enclave
    #[arg(long)]
    parents: Vec<PathBuf>,
    /// The region file that names the levels; without one: county, township, village, grid, group
    #[arg(long)]
    region: Option<PathBuf>,
    /// What the coordinates are: wgs84, cgcs2000, gcj02, bd09 or EPSG:n
    #[arg(long, default_value = "wgs84", value_parser = Frame::parse)]
    crs: Frame,
    /// FIELD=COLUMN: which column holds a field (code, level, parent)
    #[arg(long = "map", value_parser = pair)]
    columns: Vec<(String, String)>,
    /// FIELD=VALUE: what holds for every area of the files (not of --parents), such as level=grid
    #[arg(long = "set", value_parser = pair)]
    constants: Vec<(String, String)>,
    /// Settle gaps, overlaps and crossings narrower than this by rule first, as `gridmap import grids --snap` does, and list
    /// them
    #[arg(long, value_name = "METRES", value_parser = super::tolerance)]
    snap: Option<Tolerance>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("expected FIELD=VALUE")?;
    Ok((field.to_owned(), value.to_owned()))
}

/// Reads, checks and prints; faults go to standard output, what cannot be read to standard error.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    match check(args) {
        Ok(checked) => {
            let text = if args.json { format!("{:#}\n", as_json(&checked)) } else { as_text(&checked) };
            // A closed pipe is the reader's choice; the exit status still tells what was found.
            let _ = io::stdout().lock().write_all(text.as_bytes());
            ExitCode::from(u8::from(!checked.is_clean()))
        }
        Err(message) => {
            let _ = writeln!(io::stderr().lock(), "{message}");
            ExitCode::from(2)
        }
    }
}

fn check(args: &Args) -> Result<Checked, String> {
    let region = match &args.region {
        None => plain_region(),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| said(path, &error))?;
            region::parse(&text)
                .map_err(|faults| faults.iter().map(|fault| said(path, fault)).collect::<Vec<_>>().join("\n"))?
        }
    };
    let mapping = Mapping { columns: args.columns.clone(), constants: args.constants.clone() };
    let reading = Reading { region, mapping, frame: args.crs.clone() };
    let parents = Reading { mapping: Mapping { constants: Vec::new(), ..reading.mapping.clone() }, ..reading.clone() };
    let mut input = Input::default();
    let layers = args.files.iter().map(|file| (file, &reading)).chain(args.parents.iter().map(|file| (file, &parents)));
    for (path, reading) in layers {
        let file = File::open(path).map_err(|error| said(path, &error))?;
        input.read(&path.to_string_lossy(), BufReader::new(file), reading).map_err(|error| said(path, &error))?;
    }
    Ok(input.check(Rules::default(), args.snap.as_ref()))
}

fn said(path: &Path, what: &impl std::fmt::Display) -> String {
    format!("{}: {what}", path.display())
}

/// The report for a person: what was read, the rules, faults, notes, and a last line that sums up.
#[must_use]
pub fn as_text(checked: &Checked) -> String {
    let mut lines = Vec::new();
    for source in &checked.sources {
        let read_as = if source.encoding == "UTF-8" { String::new() } else { format!(", read as {}", source.encoding) };
        lines.push(format!("{}: {} areas{read_as}", source.name, source.n_areas));
    }
    lines.push(format!("rules: {}", checked.rules));
    if !checked.has_parents {
        lines.push("parents: not given, so gaps at the outer border and wrong parents cannot be seen".to_owned());
    }
    lines.push(String::new());
    for refused in &checked.refused {
        lines.extend(refused.faults.iter().map(|fault| format!("unreadable  {}: {fault}", refused.file)));
    }
    for (heading, severity) in [("fault", Severity::Fault), ("note", Severity::Note)] {
        let findings = checked.report.findings.iter().filter(|finding| finding.severity == severity);
        lines.extend(findings.map(|finding| format!("{heading:5} {}", row(finding))));
    }
    let n_faults = checked.report.faults().count();
    let (n_notes, n_refused) = (checked.report.notes().count(), checked.refused.len());
    let count = |n: usize, noun: &str| if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") };
    let counts = [count(n_faults, "fault"), count(n_notes, "note"), count(n_refused, "unreadable feature")];
    lines.push(counts.join(", "));
    lines.join("\n") + "\n"
}

fn row(finding: &Finding) -> String {
    let number = |value: Option<f64>, unit: &str, decimals: usize| {
        value.map(|value| format!("{value:.decimals$} {unit}")).unwrap_or_default()
    };
    let area = number(finding.size.area_m2, "m2", if finding.size.area_m2 < Some(10.0) { 4 } else { 1 });
    let width = number(finding.size.width_m, "m wide", if finding.size.width_m < Some(0.1) { 4 } else { 2 });
    let size = if area.is_empty() { number(finding.size.length_m, "m", 1) } else { area };
    let places = if finding.n_places > 1 { format!("{} places", finding.n_places) } else { String::new() };
    let at = finding.at.map(|at| at.to_string()).unwrap_or_default();
    let codes = match finding.codes.as_slice() {
        [some @ .., _, _] if some.len() > 2 => format!("{} and {} more", some[..2].join(" "), finding.codes.len() - 2),
        codes => codes.join(" "),
    };
    format!("{:24} {at:>24} {size:>16} {width:>14} {places:>11}  {codes}: {}", finding.kind.as_str(), finding.detail)
}

/// The report for a program; lengths in metres, areas in square metres.
#[must_use]
pub fn as_json(checked: &Checked) -> Json {
    let rules = &checked.rules;
    json!({
        "files": checked.sources.iter().map(|s| json!({"name": s.name, "encoding": s.encoding, "areas": s.n_areas})).collect::<Vec<_>>(),
        "rules": {
            "hairline_area_m2": rules.hairline_area_m2,
            "hairline_width_m": rules.hairline_width_m,
            "sliver_width_m": rules.sliver_width_m,
            "enclave_width_m": rules.enclave_width_m,
            "short_spike_m": rules.short_spike_m,
        },
        "parents_checked": checked.has_parents,
        "unreadable": checked.refused.iter().map(|refused| json!({
            "file": refused.file,
            "faults": refused.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "faults": checked.report.faults().map(|fault| finding_json(checked, fault)).collect::<Vec<_>>(),
        "notes": checked.report.notes().map(|note| finding_json(checked, note)).collect::<Vec<_>>(),
    })
}

fn finding_json(checked: &Checked, finding: &Finding) -> Json {
    let features = checked.features(finding).map(|(file, feature)| json!({"file": file, "feature": feature}));
    let rounded = |value: Option<f64>| value.map(|value| (value * 1e4).round() / 1e4);
    json!({
        "kind": finding.kind.as_str(),
        "codes": finding.codes,
        "parent": finding.parent,
        "position": finding.at.map(|at| json!({"lon": at.lon(), "lat": at.lat()})),
        "area_m2": rounded(finding.size.area_m2),
        "width_m": rounded(finding.size.width_m),
        "length_m": rounded(finding.size.length_m),
        "features": features.collect::<Vec<_>>(),
        "places": finding.n_places,
        "detail": finding.detail,
    })
}

//! Puts import reports into words, and into JSON.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::format::keys::KeyFault;
use crate::geometry::coverage::{Finding, Severity};
use crate::service::ground::Conflict;
use crate::service::import::region::RegionReport;
use crate::service::import::report::{
    Counted, Disagreement, GroundChange, ImportReport, Listed, Outcome, Preview, Published, Total,
};

/// How many entries of each list are printed as text; JSON has all that were kept.
const MAX_PRINTED: usize = 20;

/// The report as text, for people.
#[must_use]
pub fn render(report: &ImportReport) -> String {
    let mut out = String::new();
    let files = report.files.join(", ");
    let noun = report.noun.as_str().replace('_', " ");
    let (n_read, n_stored, n_refused) = (report.n_read, report.n_stored, report.n_refused);
    let head = match report.outcome {
        Outcome::Stored { revision } => {
            format!("{noun} from {files}: {n_read} read, {n_stored} stored (revision {revision})")
        }
        Outcome::Tried => {
            format!("{noun} from {files}: {n_read} read, {n_stored} would be stored; a dry run stores nothing")
        }
        Outcome::Unchanged => format!("{noun} from {files}: {n_read} read, the same as is published: nothing to do"),
        Outcome::Refused if n_refused > 0 => {
            format!("{noun} from {files}: refused, nothing stored: {n_read} read, {n_refused} of them refused")
        }
        Outcome::Refused => format!("{noun} from {files}: refused, nothing stored: {n_read} read"),
    };
    line(&mut out, 0, &head);
    if report.n_kept > 0 {
        line(
            &mut out,
            1,
            &format!("left as somebody has written or removed them since they were imported: {}", report.n_kept),
        );
    }
    let undone = "written or removed by somebody since they were imported (--overwrite: as in the file, --keep-newer: as they are)";
    listed(&mut out, undone, &report.edited, Clone::clone);
    if let Some(broken) = &report.broken {
        line(&mut out, 1, &broken.to_string());
    }
    list(&mut out, 1, &report.faults.first, report.faults.n, ToString::to_string);
    if let Some(published) = report.generation {
        line(&mut out, 1, &generation(published));
    }
    if let Some(coverage) = &report.coverage {
        let faults: Vec<&Finding> = coverage.faults().collect();
        let notes: Vec<&Finding> = coverage.notes().collect();
        let accepted = report.outcome != Outcome::Refused;
        section(&mut out, if accepted { "gaps acknowledged" } else { "faults of the ground" }, &faults, |f| ground(f));
        section(&mut out, "notes about the ground", &notes, |note| ground(note));
    }
    listed(&mut out, "does not fit what is published for later dates", &report.conflicts, conflict);
    for encoding in report.encodings.iter().filter(|encoding| report.preview.is_none() && **encoding != "UTF-8") {
        line(&mut out, 1, &format!("read as {encoding}"));
    }
    if let Some(understood) = &report.preview {
        preview(&mut out, understood, &report.encodings);
    }
    if !report.unused_columns.is_empty() {
        line(&mut out, 1, &format!("columns not used: {}", report.unused_columns.join(", ")));
    }
    listed(&mut out, "outside every grid", &report.outside, ToString::to_string);
    listed(&mut out, "lie in another grid than stated", &report.disagreeing, disagreement);
    listed(&mut out, "totals that do not add up", &report.totals, total);
    out
}

/// The report as one JSON object on one line.
#[must_use]
pub fn render_json(report: &ImportReport) -> Value {
    let (outcome, revision) = match report.outcome {
        Outcome::Stored { revision } => ("stored", Some(revision.0)),
        Outcome::Tried => ("dry_run", None),
        Outcome::Unchanged => ("unchanged", None),
        Outcome::Refused => ("refused", None),
    };
    let findings = report.coverage.iter().flat_map(|coverage| &coverage.findings).map(finding);
    let coverage: Vec<Value> = findings.collect();
    json!({
        "kind": report.noun.as_str(),
        "files": report.files,
        "outcome": outcome,
        "revision": revision,
        "n_read": report.n_read,
        "n_stored": report.n_stored,
        "n_refused": report.n_refused,
        "n_kept": report.n_kept,
        "edited": listed_json(&report.edited, |id| json!(id)),
        "broken": report.broken.as_ref().map(ToString::to_string),
        "faults": listed_json(&report.faults, |fault| json!({
            "at": fault.place.to_string(), "field": fault.field, "problem": fault.problem.to_string(),
        })),
        "encodings": report.encodings,
        "unused_columns": report.unused_columns,
        "outside": listed_json(&report.outside, |place| json!(place.to_string())),
        "disagreeing": listed_json(&report.disagreeing, |d| json!({
            "at": d.place.to_string(), "stated": d.stated, "is_known": d.is_known, "found": d.found,
        })),
        "totals": listed_json(&report.totals, |t| json!({
            "code": t.code, "stated": t.stated, "counted": t.counted, "of": counted(t.of),
        })),
        "coverage": coverage,
        "generation": report.generation.map(|g| json!({
            "number": g.number, "n_new": g.n_new, "n_changed": g.n_changed, "n_removed": g.n_removed,
            "n_acknowledged_gaps": g.n_acknowledged_gaps, "n_noded": g.n_noded, "n_relocated": g.n_relocated,
            "n_rebased": g.n_rebased,
        })),
        "preview": report.preview.as_ref().map(|preview| json!({
            "crs": preview.frame,
            "ground": preview.ground.map(|ground| json!({
                "n_new": ground.n_new, "n_changed": ground.n_changed, "n_removed": ground.n_removed,
            })),
            "columns": preview.columns.iter().map(|(field, column)| (field.clone(), json!(column)))
                .collect::<serde_json::Map<_, _>>(),
            "first": preview.first.iter().map(|(place, thing)| json!({
                "at": place.to_string(), "stored_as": serde_json::from_str::<Value>(thing).ok(),
            })).collect::<Vec<_>>(),
        })),
        "conflicts": listed_json(&report.conflicts, conflict_json),
    })
}

/// How a file was understood: nothing of it is guessed unseen.
fn preview(out: &mut String, Preview { frame, columns, first, ground }: &Preview, encodings: &[&str]) {
    if let Some(GroundChange { n_new, n_changed, n_removed }) = ground {
        line(out, 1, &format!("ground: {n_new} new, {n_changed} changed, {n_removed} removed"));
    }
    line(out, 1, &format!("read as {}, coordinates as {frame}", encodings.join(", ")));
    let columns: Vec<String> = columns.iter().map(|(field, column)| format!("{field} from {column:?}")).collect();
    if !columns.is_empty() {
        line(out, 1, &format!("fields: {}", columns.join(", ")));
    }
    if !first.is_empty() {
        line(out, 1, "the first as they would be stored:");
    }
    for (place, thing) in first {
        line(out, 2, &format!("{place}: {thing}"));
    }
}

/// Puts into words what became of a region file.
pub(super) fn region(file: &Path, report: &RegionReport, json: bool) -> String {
    if !report.faults.is_empty() {
        return key_faults(file, &report.faults, json);
    }
    let code = report.region.as_ref().map_or("", |region| region.code.as_str());
    let conflict = report.conflict.as_ref().map(ToString::to_string);
    let outcome = match (&conflict, report.revision) {
        (Some(_), _) => "refused",
        (None, Some(_)) => "stored",
        (None, None) => "unchanged",
    };
    if json {
        let revision = report.revision.map(|revision| revision.0);
        let report = json!({
            "kind": "region", "region": code, "outcome": outcome, "revision": revision, "conflict": conflict,
        });
        return format!("{report}\n");
    }
    match (conflict, report.revision) {
        (Some(conflict), _) => format!("region {code}: refused, nothing stored: {conflict}\n"),
        (None, Some(revision)) => format!("region {code}: stored (revision {revision})\n"),
        (None, None) => format!("region {code}: the same as is stored: nothing to do\n"),
    }
}

/// Puts the faults of a TOML file into words.
pub(super) fn key_faults(file: &Path, faults: &[KeyFault], json: bool) -> String {
    if json {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return format!("{}\n", json!({"file": file.to_string_lossy(), "outcome": "refused", "faults": faults}));
    }
    let mut out = String::new();
    line(&mut out, 0, &format!("{}: refused, nothing stored", file.display()));
    for fault in faults {
        line(&mut out, 1, &fault.to_string());
    }
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    let _ = writeln!(out, "{:indent$}{text}", "", indent = depth * 2);
}

/// The first entries, and how many more there are.
fn list<T>(out: &mut String, depth: usize, entries: &[T], n: u64, words: impl Fn(&T) -> String) {
    for entry in entries.iter().take(MAX_PRINTED) {
        line(out, depth, &words(entry));
    }
    let n_more = n.saturating_sub(MAX_PRINTED as u64);
    if n_more > 0 {
        line(out, depth, &format!("... and {n_more} more"));
    }
}

fn listed<T>(out: &mut String, title: &str, listed: &Listed<T>, words: impl Fn(&T) -> String) {
    if !listed.is_empty() {
        line(out, 1, &format!("{title}: {}", listed.n));
        list(out, 2, &listed.first, listed.n, words);
    }
}

fn section<T>(out: &mut String, title: &str, entries: &[T], words: impl Fn(&T) -> String) {
    if !entries.is_empty() {
        line(out, 1, &format!("{title}: {}", entries.len()));
        list(out, 2, entries, entries.len() as u64, words);
    }
}

/// A finding of the checker by kind, codes, place and size.
fn ground(finding: &Finding) -> String {
    let size = finding.size;
    let sizes = [
        size.area_m2.map(|area| format!("{area:.*} m2", if area < 10.0 { 4 } else { 1 })),
        size.width_m.map(|width| format!("{width:.*} m wide", if width < 0.1 { 4 } else { 2 })),
        size.length_m.map(|length| format!("{length:.1} m long")),
    ];
    let sizes = sizes.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let sizes = if sizes.is_empty() { sizes } else { format!(" ({sizes})") };
    let at = finding.at.map(|at| format!(" at {at}")).unwrap_or_default();
    format!("{} {}{at}{sizes}: {}", finding.kind, finding.codes.join(", "), finding.detail)
}

fn generation(published: Published) -> String {
    let Published { number, n_new, n_changed, n_removed, n_acknowledged_gaps, n_noded, n_relocated, n_rebased } =
        published;
    let mut text = format!("generation {number}: {n_new} new, {n_changed} changed, {n_removed} removed");
    for (n, what) in [
        (n_acknowledged_gaps, "gaps acknowledged"),
        (n_noded, "vertices put in where a neighbour has one"),
        (n_relocated, "homes, incidents and service points now in another grid"),
        (n_rebased, "generations of later dates published anew with it"),
    ] {
        if n > 0 {
            let _ = write!(text, ", {n} {what}");
        }
    }
    text
}

/// Where a change does not fit a generation of a later date.
pub(crate) fn conflict(c: &Conflict) -> String {
    let at = c.at.map(|at| format!(" at {at}")).unwrap_or_default();
    let (field, code, what) = (c.field, &c.code, &c.what);
    format!("generation {} in force from {} ({}): {field} of {code}{at}: {what}", c.generation, c.in_force, c.plan)
}

pub(crate) fn conflict_json(c: &Conflict) -> Value {
    json!({
        "generation": c.generation, "plan": c.plan, "in_force": c.in_force.to_rfc3339(), "code": c.code,
        "field": c.field, "at": c.at.map(|at| json!({"lon": at.lon(), "lat": at.lat()})), "what": c.what,
    })
}

fn disagreement(d: &Disagreement) -> String {
    let unknown = if d.is_known { "" } else { ", which is no grid here" };
    let found = d.found.as_ref().map_or("outside every grid".to_owned(), |code| format!("in {code}"));
    format!("{}: says {}{unknown}, lies {found}", d.place, d.stated)
}

fn total(t: &Total) -> String {
    let of = match t.of {
        Counted::StatedBelow => "stated for the grids below it",
        Counted::Households => "homes lie in it",
    };
    format!("{}: {} stated, {} {of}", t.code, t.stated, t.counted)
}

fn counted(of: Counted) -> &'static str {
    match of {
        Counted::StatedBelow => "stated_below",
        Counted::Households => "homes",
    }
}

fn finding(finding: &Finding) -> Value {
    json!({
        "kind": finding.kind.as_str(),
        "severity": if finding.severity == Severity::Fault { "fault" } else { "note" },
        "codes": finding.codes,
        "at": finding.at.map(|at| json!({"lon": at.lon(), "lat": at.lat()})),
        "area_m2": finding.size.area_m2,
        "width_m": finding.size.width_m,
        "length_m": finding.size.length_m,
        "message": finding.message(),
    })
}

fn listed_json<T>(listed: &Listed<T>, words: impl Fn(&T) -> Value) -> Value {
    json!({"n": listed.n, "first": listed.first.iter().map(words).collect::<Vec<_>>()})
}

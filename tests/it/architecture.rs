//! Holds the map of the house in `src/lib.rs`: imports run one way, and a library has one room.
//!
//! Reads the sources as text; a breach is named by file and line.

use std::fs;
use std::path::{Path, PathBuf};

/// What each room may import from the crate.
const MAY_IMPORT: [(&str, &[&str]); 11] = [
    ("geometry", &[]),
    ("domain", &["geometry"]),
    ("index", &["geometry", "domain"]),
    ("analysis", &["geometry", "domain"]),
    ("store", &["geometry", "domain"]),
    ("format", &["geometry", "domain"]),
    ("service", &["geometry", "domain", "index", "analysis", "store", "format"]),
    ("api", &["geometry", "domain", "index", "analysis", "store", "format", "service", "config"]),
    ("cli", &["geometry", "domain", "index", "analysis", "store", "format", "service", "config", "api"]),
    ("config", &["domain"]),
    ("main", &["cli", "config"]),
];

/// The only rooms in which a library, or a way into the environment, may be named.
const LIVES_IN: [(&str, &[&str]); 10] = [
    ("sqlx::", &["store"]),
    ("rstar::", &["geometry", "index"]),
    ("arc_swap::", &["index"]),
    ("axum::", &["api"]),
    ("clap::", &["cli", "config"]),
    ("arrow_array::", &["format"]),
    ("arrow_ipc::", &["format"]),
    ("indicatif::", &["cli"]),
    ("std::env::", &["config"]),
    ("println!(", &["cli"]),
];

/// A line of source with the room it stands in.
struct Line {
    room: String,
    place: String,
    text: String,
}

#[test]
fn imports_run_one_way() {
    let breaches = breaches(|line| {
        let allowed = MAY_IMPORT
            .iter()
            .find(|(room, _)| *room == line.room)
            .unwrap_or_else(|| panic!("{}: no room called {} in the map", line.place, line.room))
            .1;
        rooms_named(&line.text)
            .into_iter()
            .find(|named| *named != line.room && !allowed.contains(named))
            .map(|named| format!("{} imports {named}", line.room))
    });
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn a_library_has_its_room() {
    let breaches = breaches(|line| {
        let (library, _) = LIVES_IN
            .iter()
            .find(|(library, rooms)| line.text.contains(library) && !rooms.contains(&line.room.as_str()))?;
        Some(format!("{} names {library}", line.room))
    });
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn only_serve_wires_the_api() {
    let breaches = breaches(|line| {
        let wires = line.room == "cli" && rooms_named(&line.text).contains(&"api");
        (wires && !line.place.starts_with("src/cli/serve.rs")).then(|| "cli imports api outside serve".to_owned())
    });
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn the_map_names_places_that_exist() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let map = fs::read_to_string(src.join("lib.rs")).expect("the map is readable");
    let quoted = map.split('`').skip(1).step_by(2);
    let is_place = |word: &&str| word.ends_with('/') || Path::new(word).extension().is_some_and(|end| end == "rs");
    let places: Vec<&str> = quoted.filter(is_place).collect();
    let missing: Vec<&&str> =
        places.iter().filter(|p| !src.join(p).exists() && !src.join("..").join(p).exists()).collect();
    assert!(places.len() > 20, "the walks through the house are gone: {places:?}");
    assert!(missing.is_empty(), "src/lib.rs names what is not there: {missing:?}");
}

#[test]
fn a_breach_would_be_seen() {
    assert_eq!(rooms_named("use crate::store::Store;"), ["store"]);
    assert_eq!(rooms_named("let x = crate::api::router() + gridmap::cli::run;"), ["api", "cli"]);
    assert!(rooms_named("pub(crate) fn f() {}").is_empty());
}

/// Returns the rooms a line names by a path from the crate's root.
fn rooms_named(text: &str) -> Vec<&str> {
    let mut rooms = Vec::new();
    for root in ["crate::", "gridmap::"] {
        for (start, _) in text.match_indices(root) {
            let rest = &text[start + root.len()..];
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
            assert!(end > 0 || rest.starts_with('{'), "cannot read the path in {text:?}");
            assert!(!rest.starts_with('{'), "no grouped imports over rooms: {text}");
            rooms.push(&rest[..end]);
        }
    }
    rooms
}

/// Applies `rule` to every line of code and returns what it found, each with its place.
fn breaches(rule: impl Fn(&Line) -> Option<String>) -> Vec<String> {
    let lines = source_lines();
    assert!(lines.len() > 1000, "the sources were not found");
    lines.iter().filter_map(|line| Some(format!("{}: {}", line.place, rule(line)?))).collect()
}

/// Every line of code under `src/`, comments, `lib.rs` and what follows `#[cfg(test)]` left out.
fn source_lines() -> Vec<Line> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut lines = Vec::new();
    for file in files_under(&src) {
        let inside = file.strip_prefix(&src).expect("listed from src");
        let first = inside.iter().next().expect("a file has a name").to_string_lossy();
        let room = first.trim_end_matches(".rs").to_owned();
        if room == "lib" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file is UTF-8");
        let code = text.lines().enumerate().take_while(|(_, line)| line.trim() != "#[cfg(test)]");
        for (number, line) in code.filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let place = format!("src/{}:{}", inside.display(), number + 1);
            lines.push(Line { room: room.clone(), place, text: line.to_owned() });
        }
    }
    lines
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

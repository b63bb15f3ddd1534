//! Holds the map of the house in `src/lib.rs`: imports run one way, and a library has one room.
//! A breach is named by file and line.

mod circles;
mod source;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use circles::circles;
use source::{Named, all_named, named_in};

/// What each room may import from the crate.
const MAY_IMPORT: [(&str, &[&str]); 11] = [
    ("geometry", &[]),
    ("domain", &["geometry"]),
    ("index", &["geometry", "domain"]),
    ("analysis", &["geometry", "domain"]),
    ("store", &["geometry", "domain"]),
    ("format", &["geometry", "domain"]),
    ("service", &["geometry", "domain", "index", "analysis", "store", "format"]),
    ("api", &["geometry", "domain", "analysis", "format", "service", "config"]),
    ("cli", &["geometry", "domain", "index", "analysis", "store", "format", "service", "config", "api"]),
    ("config", &["domain"]),
    ("main", &["cli", "config"]),
];

/// The only rooms in which a library, a macro, or a way into the environment may be named.
const LIVES_IN: [(&[&str], &[&str]); 18] = [
    (&["sqlx"], &["store"]),
    (&["log"], &["store"]),
    (&["encoding_rs"], &["format"]),
    (&["rstar"], &["geometry", "index"]),
    (&["arc_swap"], &["index"]),
    (&["axum"], &["api"]),
    (&["prometheus_client"], &["api"]),
    (&["clap"], &["cli", "config"]),
    (&["ipnet"], &["api", "config"]),
    (&["unicode_normalization"], &["geometry", "index"]),
    (&["hanconv"], &["index"]),
    (&["pinyin"], &["index"]),
    (&["arrow_array"], &["format"]),
    (&["arrow_ipc"], &["format"]),
    (&["indicatif"], &["cli"]),
    (&["std", "env"], &["config"]),
    (&["println!"], &["cli"]),
    (&["eprintln!"], &["cli"]),
];

#[test]
fn imports_run_one_way() {
    let breaches = breaches(|named| {
        let allowed = MAY_IMPORT
            .iter()
            .find(|(room, _)| *room == named.room)
            .unwrap_or_else(|| panic!("{}: no room called {} in the map", named.place(), named.room))
            .1;
        let other = named.named_room().filter(|other| *other != named.room && !allowed.contains(other))?;
        Some(format!("{} imports {other}", named.room))
    });
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn no_import_is_grouped_over_rooms() {
    let breaches = breaches(|named| named.is_grouped.then(|| format!("a group names {}", named.path.join("::"))));
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn a_library_has_its_room() {
    let breaches = breaches(|named| {
        let starts = |library: &[&str]| library.iter().eq(named.path.iter().take(library.len()));
        let (library, _) =
            LIVES_IN.iter().find(|(library, rooms)| starts(library) && !rooms.contains(&named.room.as_str()))?;
        Some(format!("{} names {}", named.room, library.join("::")))
    });
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn only_serve_wires_the_api() {
    let breaches = breaches(|named| {
        let wires = named.room == "cli" && named.named_room() == Some("api");
        (wires && named.file != Path::new("cli/serve.rs")).then(|| "cli imports api outside serve".to_owned())
    });
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let circles: Vec<String> = circles(&NAMED).into_iter().map(|steps| steps.join("\n")).collect();
    assert!(circles.is_empty(), "\n{}", circles.join("\n\n"));
}

#[test]
fn a_circle_would_be_seen() {
    let named = |files: &[(&str, &str)]| -> Vec<Named> {
        files.iter().flat_map(|(file, text)| named_in(Path::new(file), text)).collect()
    };
    let own = ("a/mod.rs", "pub use one::One; mod one; mod two;");
    // By way of what a mod.rs hands on, by a path in code, by a name for a module, and over three files.
    for (one, two) in [
        ("use super::two::Two; pub struct One;", "use super::One; pub struct Two;"),
        ("fn f() { super::two::g() }", "fn g() { crate::a::one::f() }"),
        ("use super::two; fn f() { two::g() }", "use crate::a::one as other; fn g() { other::f() }"),
        ("use crate::b::Three;", "use super::one::f;"),
    ] {
        let files = [own, ("a/one.rs", one), ("a/two.rs", two), ("b.rs", "use crate::a::two::Two; pub struct Three;")];
        assert_eq!(circles(&named(&files)).len(), 1, "{one} and {two}");
    }
    // A module and those it lies in, and handing on, are no circle.
    let child = ("a/one.rs", "use super::Shared; pub struct One;");
    let files = [("a/mod.rs", "pub use one::One; mod one; struct Shared; fn f(_: one::One) {}"), child];
    assert_eq!(circles(&named(&files)), Vec::<Vec<String>>::new());
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
    let cases: [(&str, &[&str]); 10] = [
        ("use crate::store::Store;", &["store"]),
        ("use crate::{store::Store, index};", &["store", "index"]),
        ("use super::super::store as kept;", &["store"]),
        ("fn f() { let x = crate::api::router() + gridmap::cli::run; }", &["api", "cli"]),
        ("fn f() { json!({\"a\": [crate::index::x()]}) }", &["index"]),
        ("fn f(store: &dyn crate::store::Store) {}", &["store"]),
        ("#[derive(crate::cli::Derived)] struct S;", &["cli"]),
        ("mod deeper { use super::super::super::store; }", &["store"]),
        ("pub(crate) fn f() { self::g(super::h()) }", &[]),
        ("#[cfg(test)] mod tests { use crate::store::Store; }", &[]),
    ];
    for (text, expected) in cases {
        let rooms: Vec<String> = named_in(Path::new("api/some.rs"), text)
            .iter()
            .filter_map(|named| named.named_room().filter(|room| *room != "api" || expected.contains(room)))
            .map(str::to_owned)
            .collect();
        assert_eq!(rooms, expected, "{text}");
    }
    let grouped = named_in(Path::new("api/some.rs"), "use crate::{store::Store, index};");
    assert!(grouped.iter().all(|named| named.is_grouped));
    let told = named_in(Path::new("api/some.rs"), "fn f() { println!(\"{}\", std::env::args()); }");
    let paths: Vec<String> = told.iter().map(|named| named.path.join("::")).collect();
    assert_eq!(paths, ["println!", "std::env::args"]);
}

/// Applies `rule` to every path of the code and returns what it found, each with its place.
fn breaches(rule: impl Fn(&Named) -> Option<String>) -> Vec<String> {
    assert!(NAMED.len() > 10_000, "the sources were not found");
    NAMED.iter().filter_map(|named| Some(format!("{}: {}", named.place(), rule(named)?))).collect()
}

/// [`all_named`], read once.
static NAMED: LazyLock<Vec<Named>> = LazyLock::new(all_named);

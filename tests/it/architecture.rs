//! Holds the map of the house in `src/lib.rs`: imports run one way, and a library has one room.
//!
//! Reads the sources by a parser: every `use` tree, every path in code and in the tokens of macros, `super` and `self`
//! resolved. A breach is named by file and line.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

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
const LIVES_IN: [(&[&str], &[&str]); 16] = [
    (&["sqlx"], &["store"]),
    (&["log"], &["store"]),
    (&["encoding_rs"], &["format"]),
    (&["rstar"], &["geometry", "index"]),
    (&["arc_swap"], &["index"]),
    (&["axum"], &["api"]),
    (&["prometheus_client"], &["api"]),
    (&["clap"], &["cli", "config"]),
    (&["ipnet"], &["api", "config"]),
    (&["unicode_normalization"], &["geometry"]),
    (&["arrow_array"], &["format"]),
    (&["arrow_ipc"], &["format"]),
    (&["indicatif"], &["cli"]),
    (&["std", "env"], &["config"]),
    (&["println!"], &["cli"]),
    (&["eprintln!"], &["cli"]),
];

/// A path that code names: from the crate's root where it begins there, else as it is written.
#[derive(Debug)]
struct Named {
    file: PathBuf,
    line: usize,
    room: String,
    path: Vec<String>,
    /// Whether it stands in a group right under the root: `use crate::{store, index}`.
    is_grouped: bool,
}

impl Named {
    fn place(&self) -> String {
        format!("src/{}:{}", self.file.display(), self.line)
    }

    /// The room of the crate that it leads into.
    fn named_room(&self) -> Option<&str> {
        (self.path.first()? == "crate").then(|| self.path.get(1).map(String::as_str)).flatten()
    }
}

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

/// Every path named by code under `src/`, `lib.rs` and what is only for tests left out.
fn all_named() -> Vec<Named> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut named = Vec::new();
    for file in files_under(&src) {
        let inside = file.strip_prefix(&src).expect("listed from src");
        if inside != Path::new("lib.rs") {
            named.extend(named_in(inside, &fs::read_to_string(&file).expect("a source file is UTF-8")));
        }
    }
    named
}

/// The paths that the text of one file names.
fn named_in(file: &Path, text: &str) -> Vec<Named> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let module: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .filter(|part| part != "mod")
        .collect();
    let mut reading = Reading { file, room: module[0].clone(), module, named: Vec::new() };
    reading.visit_file(&parsed);
    reading.named
}

/// What is gathered while one file is walked.
struct Reading<'f> {
    file: &'f Path,
    room: String,
    /// The module walked through now, from the root.
    module: Vec<String>,
    named: Vec<Named>,
}

impl Reading<'_> {
    fn note(&mut self, written: &[String], span: Span, is_grouped: bool) {
        let (file, room) = (self.file.to_owned(), self.room.clone());
        let path = resolved(&self.module, written);
        self.named.push(Named { file, line: span.start().line, room, path, is_grouped });
    }

    fn note_tree(&mut self, tree: &UseTree, before: &[String], is_grouped: bool) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.note_tree(&path.tree, &with(&path.ident), is_grouped),
            UseTree::Name(name) => self.note(&with(&name.ident), name.ident.span(), is_grouped),
            UseTree::Rename(name) => self.note(&with(&name.ident), name.ident.span(), is_grouped),
            UseTree::Glob(glob) => self.note(before, glob.star_token.spans[0], is_grouped),
            UseTree::Group(group) => {
                let at_root = matches!(before, [root] if root == "crate");
                for tree in &group.items {
                    self.note_tree(tree, before, is_grouped || at_root);
                }
            }
        }
    }

    /// Paths in the tokens of a macro, which have no syntax of their own: names with `::` between.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            let TokenTree::Ident(first) = &tokens[at] else {
                if let TokenTree::Group(group) = &tokens[at] {
                    self.note_tokens(group.stream());
                }
                at += 1;
                continue;
            };
            let mut path = vec![first.to_string()];
            while let [a, b, TokenTree::Ident(next), ..] = &tokens[at + 1..]
                && is_colon(a)
                && is_colon(b)
            {
                path.push(next.to_string());
                at += 3;
            }
            at += 1;
            let is_macro = tokens.get(at).is_some_and(|token| is_punctuation(token, '!'));
            if is_macro && path.len() == 1 {
                path[0].push('!');
            }
            if path.len() > 1 || is_macro {
                self.note(&path, first.span(), false);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reading<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_tree(&item.tree, &[], false);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let written: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.note(&written, path.segments[0].ident.span(), false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let mut written: Vec<String> = called.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let [name] = &mut written[..] {
            name.push('!');
        }
        self.note(&written, called.path.segments[0].ident.span(), false);
        self.note_tokens(called.tokens.clone());
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        visit::visit_meta_list(self, list);
        self.note_tokens(list.tokens.clone());
    }
}

/// The path from the root, which is called `crate`; one that leads to a library stays as it is written.
fn resolved(module: &[String], written: &[String]) -> Vec<String> {
    let from = |module: &[String], rest: &[String]| {
        let root = ["crate".to_owned()];
        [&root[..], module, rest].concat()
    };
    let n_up = written.iter().take_while(|part| *part == "super").count();
    match written.first().map(String::as_str) {
        Some("crate" | "gridmap") => from(&[], &written[1..]),
        Some("self") => {
            let n_up = written[1..].iter().take_while(|part| *part == "super").count();
            from(&module[..module.len().saturating_sub(n_up)], &written[1 + n_up..])
        }
        Some("super") => from(&module[..module.len().saturating_sub(n_up)], &written[n_up..]),
        _ => written.to_vec(),
    }
}

fn is_colon(token: &TokenTree) -> bool {
    is_punctuation(token, ':')
}

fn is_punctuation(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == character)
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let is_test = |path: syn::Path| path.is_ident("test");
    attribute.path().is_ident("cfg") && attribute.parse_args().is_ok_and(is_test)
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
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

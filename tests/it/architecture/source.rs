//! Reads what the sources name, by a parser: every `use` tree, every path in code and in the tokens of macros, `super` and
//! `self` resolved.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// A path that code names: from the crate's root where it begins there, else as it is written.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) file: PathBuf,
    pub(super) line: usize,
    pub(super) room: String,
    pub(super) path: Vec<String>,
    /// Whether it stands in a group right under the root: `use crate::{store, index}`.
    pub(super) is_grouped: bool,
    /// The name that a `use` gives it here.
    pub(super) alias: Option<String>,
    /// Whether that `use` hands it on: `pub use`.
    pub(super) is_reexport: bool,
}

impl Named {
    pub(super) fn place(&self) -> String {
        format!("src/{}:{}", self.file.display(), self.line)
    }

    /// The room of the crate that it leads into.
    pub(super) fn named_room(&self) -> Option<&str> {
        (self.path.first()? == "crate").then(|| self.path.get(1).map(String::as_str)).flatten()
    }
}

/// Every path named by code under `src/`, `lib.rs` and what is only for tests left out.
pub(super) fn all_named() -> Vec<Named> {
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
pub(super) fn named_in(file: &Path, text: &str) -> Vec<Named> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let module: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .filter(|part| part != "mod")
        .collect();
    let mut reading = Reading { file, room: module[0].clone(), module, is_reexport: false, named: Vec::new() };
    reading.visit_file(&parsed);
    reading.named
}

/// What is gathered while one file is walked.
struct Reading<'f> {
    file: &'f Path,
    room: String,
    /// The module walked through now, from the root.
    module: Vec<String>,
    /// Whether the `use` walked through now is a `pub use`.
    is_reexport: bool,
    named: Vec<Named>,
}

impl Reading<'_> {
    fn note(&mut self, written: &[String], span: Span, is_grouped: bool) {
        let (file, room) = (self.file.to_owned(), self.room.clone());
        let path = resolved(&self.module, written);
        let line = span.start().line;
        self.named.push(Named { file, line, room, path, is_grouped, alias: None, is_reexport: false });
    }

    fn note_use(&mut self, written: &[String], name: &syn::Ident, is_grouped: bool) {
        let written = if written.ends_with(&["self".to_owned()]) { &written[..written.len() - 1] } else { written };
        self.note(written, name.span(), is_grouped);
        let named = self.named.last_mut().expect("it was just noted");
        let is_self = name == "self";
        named.alias = if is_self { written.last().cloned() } else { Some(name.to_string()) };
        named.is_reexport = self.is_reexport;
    }

    fn note_tree(&mut self, tree: &UseTree, before: &[String], is_grouped: bool) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.note_tree(&path.tree, &with(&path.ident), is_grouped),
            UseTree::Name(name) => self.note_use(&with(&name.ident), &name.ident, is_grouped),
            UseTree::Rename(name) => self.note_use(&with(&name.ident), &name.rename, is_grouped),
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
        self.is_reexport = !matches!(item.vis, syn::Visibility::Inherited);
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

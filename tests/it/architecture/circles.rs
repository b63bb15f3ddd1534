//! No circle of files: of two files at most one uses the other, directly or by way of others.
//!
//! A file uses another where it names something that is written there. What a `mod.rs` hands on by `pub use` is written in the
//! file that it is taken from, and handing on is no use. What a module takes from those it lies in is no use either: they are
//! one unit to a reader, as they are to the language.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::source::Named;

type Uses = BTreeMap<PathBuf, BTreeMap<PathBuf, usize>>;

/// Each circle, as the files in it with the line where they use another one of it.
pub(super) fn circles(named: &[Named]) -> Vec<Vec<String>> {
    let uses = uses(named);
    let reached: BTreeMap<&Path, BTreeSet<&Path>> =
        uses.keys().map(|file| (file.as_path(), reached(file, &uses))).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for file in uses.keys().filter(|file| reached[file.as_path()].contains(file.as_path())) {
        let is_in = |other: &Path| {
            reached[file.as_path()].contains(other)
                && reached.get(other).is_some_and(|back| back.contains(file.as_path()))
        };
        if !seen.insert(file.as_path()) {
            continue;
        }
        let members: Vec<&PathBuf> = uses.keys().filter(|other| is_in(other)).collect();
        seen.extend(members.iter().map(|member| member.as_path()));
        let steps = members.iter().flat_map(|member| {
            let others = uses[*member].iter().filter(|(other, _)| is_in(other));
            others.map(|(other, line)| format!("{}:{line} uses {}", member.display(), other.display()))
        });
        circles.push(steps.collect());
    }
    circles
}

/// The files that can be come to from `file`.
fn reached<'u>(file: &Path, uses: &'u Uses) -> BTreeSet<&'u Path> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&Path> = uses.get(file).into_iter().flat_map(BTreeMap::keys).map(PathBuf::as_path).collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(uses.get(next).into_iter().flat_map(BTreeMap::keys).map(PathBuf::as_path));
        }
    }
    reached
}

/// Which files each file uses, with the first line where it does.
fn uses(named: &[Named]) -> Uses {
    let files: BTreeMap<Vec<String>, &Path> = named.iter().map(|n| (module(&n.file), n.file.as_path())).collect();
    let aliases =
        named.iter().filter_map(|n| Some(((n.file.as_path(), n.alias.as_deref()?), n.path.as_slice()))).collect();
    let map = Map { files, aliases };
    let mut uses = Uses::new();
    for named in named.iter().filter(|named| !named.is_reexport) {
        let other = map.file_of(&named.file, &named.path);
        if let Some(other) = other.filter(|other| !module(&named.file).starts_with(&module(other))) {
            uses.entry(named.file.clone()).or_default().entry(other.to_owned()).or_insert(named.line);
        }
    }
    uses
}

struct Map<'n> {
    files: BTreeMap<Vec<String>, &'n Path>,
    /// What the names stand for that a file has by `use`.
    aliases: BTreeMap<(&'n Path, &'n str), &'n [String]>,
}

impl Map<'_> {
    /// The file in which stands what `path` leads to, as code of `file` names it; `None` for what is of a library.
    fn file_of(&self, file: &Path, path: &[String]) -> Option<&Path> {
        let own = module(file);
        let mut path = if path.first()? == "crate" { path[1..].to_vec() } else { [&own[..], path].concat() };
        // Each round follows one `use`.
        for _ in 0..10 {
            let n = (1..=path.len()).rev().find(|n| self.files.contains_key(&path[..*n]))?;
            let found = self.files[&path[..n]];
            let alias = path.get(n).and_then(|name| self.aliases.get(&(found, name.as_str())));
            let Some(leads_to) = alias.filter(|to| to.last().is_some()) else { return Some(found) };
            match leads_to.split_first() {
                Some((first, rest)) if first == "crate" => path = [rest, &path[n + 1..]].concat(),
                // By the name of a module under the one that names it.
                _ if self.files.contains_key(&[&path[..n], &leads_to[..1]].concat()) => {
                    path = [&path[..n], leads_to, &path[n + 1..]].concat();
                }
                _ => return None,
            }
        }
        None
    }
}

/// The module that a file is, from the root.
fn module(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    parts.iter().map(|part| part.to_string_lossy().into_owned()).filter(|part| part != "mod").collect()
}

//! An import that is repeated never undoes, unasked, what somebody has written since.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use gridmap::domain::{Incident, IncidentId, Personal, Step, StepKind, Version};
use gridmap::service::collections::One;
use gridmap::service::collections::write::{self, Reply};
use gridmap::service::import::{self, ImportReport, OnEdited, Outcome, Source};
use gridmap::service::{Caller, Gridmap};
use gridmap::store::{Filter, Store};

use super::{day, fixtures, import_manifest, open, text_source};
use crate::backends::on_both;
use crate::store_contract::made::all;

const FIRST: &str = "id,kind,category,lon,lat,reported_at\n\
    I1,dispute,land,103.05,34.05,2024-01-02T08:00:00+08:00\n\
    I2,dispute,noise,103.05,34.05,2024-01-03T08:00:00+08:00\n\
    I3,hazard,slope,103.15,34.05,2024-01-04T08:00:00+08:00\n\
    I4,request,road,103.15,34.05,2024-01-05T08:00:00+08:00\n";

/// Of the second export I4 is of another category, and I5 and I6 are new.
fn second() -> String {
    let new = |id: &str| format!("{id},dispute,land,103.05,34.06,2024-01-06T08:00:00+08:00\n");
    FIRST.replace("road", "bridge") + &new("I5") + &new("I6")
}

async fn import_incidents(gridmap: &Gridmap, text: &str, on_edited: OnEdited) -> ImportReport {
    let source = Source { on_edited, ..text_source("incidents.csv", text) };
    import::incidents(&Caller::system(gridmap), source).await.unwrap()
}

/// What is stored, by id: the version and the category.
async fn stored(store: &dyn Store) -> Vec<(String, Version, String)> {
    let incidents = all(store.incidents(Filter::default())).await;
    let told = |one: &Incident| (one.id.to_string(), one.category.clone().unwrap_or_default());
    incidents.iter().map(|one| (told(&one.thing).0, one.version, told(&one.thing).1)).collect()
}

async fn one(store: &dyn Store, id: &str) -> (Incident, Version) {
    let this = Filter { id: Some(id.to_owned()), ..Filter::default() };
    let found = all(store.incidents(this)).await.remove(0);
    (found.thing, found.version)
}

async fn recategorise(gridmap: &Gridmap, id: &str, category: &str) {
    let (incident, version) = one(&**gridmap.store(), id).await;
    let changed = Incident { category: Some(category.to_owned()), ..incident };
    write::replace(&Caller::system(gridmap), changed, version).await.unwrap();
}

async fn post(gridmap: &Gridmap, id: &str) {
    let (model, _) = one(&**gridmap.store(), "I1").await;
    let step = Step { kind: StepKind::Receive, at: day("2024-02-01"), by: None };
    let new = Incident { id: IncidentId::new(id).unwrap(), steps: vec![step], text: Personal::new(None), ..model };
    let reply = |one: &One<Incident>| Reply { status: 201, location: None, body: one.feature(), version: one.version };
    write::open(&Caller::system(gridmap), new, None, reply).await.unwrap();
}

/// A town whose first export was imported; since then I2 was changed, I3 removed and I5 reported.
async fn town(store: Arc<dyn Store>) -> Gridmap {
    let gridmap = open(store, day("2024-03-01")).await;
    import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
    let first = import_incidents(&gridmap, FIRST, OnEdited::Refuse).await;
    assert!(first.is_good() && first.n_stored == 4, "{first:?}");
    recategorise(&gridmap, "I2", "settled noise").await;
    let (gone, version) = one(&**gridmap.store(), "I3").await;
    write::remove(&Caller::system(&gridmap), &gone.id, version).await.unwrap();
    post(&gridmap, "I5").await;
    gridmap
}

#[test]
fn what_was_written_since_refuses_the_file_and_is_named() {
    on_both(async |_, store| {
        let gridmap = town(store.clone()).await;
        let before = stored(&*store).await;
        let report = import_incidents(&gridmap, &second(), OnEdited::Refuse).await;
        let mut named = report.edited.first.clone();
        named.sort();
        assert_eq!((report.outcome, report.n_stored, report.edited.n), (Outcome::Refused, 0, 3));
        assert_eq!(named, ["I2", "I3", "I5"]);
        assert_eq!(stored(&*store).await, before, "nothing was stored");
    });
}

#[test]
fn what_was_written_since_is_kept_where_asked_and_the_rest_is_stored() {
    on_both(async |_, store| {
        let gridmap = town(store.clone()).await;
        let before = stored(&*store).await;
        let report = import_incidents(&gridmap, &second(), OnEdited::Keep).await;
        assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
        assert_eq!((report.n_stored, report.n_kept), (3, 3));
        let mut expected = before;
        let fourth = expected.iter_mut().find(|(id, ..)| id == "I4").unwrap();
        (fourth.1, fourth.2) = (Version(fourth.1.0 + 1), "bridge".to_owned());
        expected.push(("I6".to_owned(), Version::FIRST, "land".to_owned()));
        assert_eq!(stored(&*store).await, expected);
    });
}

#[test]
fn what_was_written_since_is_replaced_where_asked_and_is_no_question_after() {
    on_both(async |_, store| {
        let gridmap = town(store.clone()).await;
        let report = import_incidents(&gridmap, &second(), OnEdited::Overwrite).await;
        assert_eq!((report.n_stored, report.n_kept, report.edited.n), (6, 0, 0));
        let categories: Vec<_> =
            stored(&*store).await.into_iter().map(|(id, _, category)| id + " " + &category).collect();
        assert_eq!(categories, ["I1 land", "I2 noise", "I3 slope", "I4 bridge", "I5 land", "I6 land"]);
        let again = import_incidents(&gridmap, &FIRST.replace("land", "water"), OnEdited::Refuse).await;
        assert!(matches!(again.outcome, Outcome::Stored { .. }), "{again:?}");
    });
}

#[test]
fn what_was_written_since_and_is_as_in_the_file_is_no_question() {
    on_both(async |_, store| {
        let gridmap = town(store.clone()).await;
        import_incidents(&gridmap, &second(), OnEdited::Overwrite).await;
        recategorise(&gridmap, "I2", "other").await;
        recategorise(&gridmap, "I2", "noise").await;
        let before = stored(&*store).await;
        let report = import_incidents(&gridmap, &second(), OnEdited::Refuse).await;
        assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
        assert_eq!(stored(&*store).await, before);
    });
}

/// C4: an incident resolved since was open again after the export of before was imported once more, without a word.
#[test]
fn c4_a_repeated_import_says_what_it_would_undo_and_waits_for_the_word() {
    on_both(async |database, store| {
        let _ = town(store.clone()).await;
        let folder = tempfile::TempDir::new().unwrap();
        fs::write(folder.path().join("incidents.csv"), FIRST).unwrap();
        fs::write(folder.path().join("again.toml"), "[[source]]\nkind = \"incidents\"\nfiles = [\"incidents.csv\"]\n")
            .unwrap();
        let run = |args: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
            command.arg("import").args(args).args(["--database", &database.url]).current_dir(folder.path());
            let output = command.output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        for what in [["incidents", "incidents.csv"], ["manifest", "again.toml"]] {
            let (code, said) = run(&what);
            assert_eq!(code, Some(1), "{said}");
            assert_eq!(
                said,
                "incidents from incidents.csv: refused, nothing stored: 4 read\n  written or removed by somebody since \
                 they were imported (--overwrite: as in the file, --keep-newer: as they are): 2\n    I2\n    I3\n"
            );
            assert_eq!(one(&*store, "I2").await.0.category.as_deref(), Some("settled noise"));
            assert_eq!(run(&[what[0], what[1], "--overwrite", "--keep-newer"]).0, Some(2), "one word or the other");
        }
        let (code, said) = run(&["incidents", "incidents.csv", "--keep-newer"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("left as somebody has written or removed them since they were imported: 2\n"), "{said}");
        assert_eq!(one(&*store, "I2").await.0.category.as_deref(), Some("settled noise"));
        let (code, said) = run(&["manifest", "again.toml", "--overwrite"]);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(one(&*store, "I2").await.0.category.as_deref(), Some("noise"));
    });
}

//! Files that cannot be imported: each gets the exact report that stands beside it, and leaves no trace.
//!
//! The command itself is run, so exit codes and words are those that a person sees.

use std::path::Path;
use std::process::Command;

use futures::TryStreamExt as _;
use gridmap::domain::{Action, Noun, Principal};
use gridmap::store::Filter;

use super::fixtures;
use crate::backends::on_both;

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

fn import(manifest: &Path, database: &str) -> Ran {
    let folder = fixtures().join("broken/import");
    let output = Command::new(env!("CARGO_BIN_EXE_gridmap"))
        .args(["import", "manifest"])
        .arg(manifest.file_name().unwrap())
        .args(["--database", database])
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

#[test]
fn every_broken_file_gets_its_exact_report_and_leaves_no_trace() {
    let folder = fixtures().join("broken/import");
    let mut manifests: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    manifests.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    manifests.retain(|path| path.with_extension("report").exists());
    manifests.sort();
    assert!(manifests.len() >= 24, "only {} reports found", manifests.len());
    on_both(async |database, store| {
        let town = import(&folder.join("town.toml"), &database.url);
        assert_eq!(town.code, 0, "{}{}", town.stdout, town.stderr);
        let before = store.revision().await.unwrap();
        for manifest in &manifests {
            let ran = import(manifest, &database.url);
            let expected = std::fs::read_to_string(manifest.with_extension("report")).unwrap();
            let name = manifest.file_stem().unwrap().to_string_lossy();
            assert_eq!(ran.stdout, expected, "{name}: {}", ran.stderr);
            assert_eq!(ran.code, 1, "{name}");
        }
        assert_eq!(store.revision().await.unwrap(), before);
        for noun in [Noun::Households, Noun::Holders, Noun::Duties, Noun::Incidents] {
            assert_eq!(store.count(noun, Filter::default()).await.unwrap(), 0, "{noun}");
        }
    });
}

#[test]
fn homes_that_stand_elsewhere_are_stored_and_listed_by_line() {
    on_both(async |database, store| {
        import(Path::new("town.toml"), &database.url);
        let ran = import(Path::new("homes-elsewhere.toml"), &database.url);
        assert_eq!(
            ran.stdout,
            "households from homes-elsewhere.csv: 5 read, 5 stored (revision 3)\n  \
               outside every grid: 1\n    \
                 line 5\n  \
               lie in another grid than stated: 3\n    \
                 line 3: says 990001001, lies in 990001002\n    \
                 line 4: says 990001009, which is no grid here, lies in 990001001\n    \
                 line 5: says 990001002, lies outside every grid\n"
        );
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), 5);
    });
}

/// As spreadsheets on Chinese desks save them.
#[test]
fn files_in_other_encodings_are_read_and_that_is_said() {
    on_both(async |database, store| {
        import(Path::new("town.toml"), &database.url);
        let stored = |file: &str, revision: u32, encoding: &str| {
            format!("households from {file}.csv: 1 read, 1 stored (revision {revision})\n  read as {encoding}\n")
        };
        let ran = import(Path::new("homes-in-gbk.toml"), &database.url);
        assert_eq!(ran.stdout, stored("homes-in-gbk", 3, "gb18030"), "{}", ran.stderr);
        let home = store.households(Filter::default()).try_next().await.unwrap().unwrap().thing;
        let grant = Principal::system().allows(Action::Personal, Noun::Households).unwrap();
        let address = home.address.reveal(&grant, home.grid.as_ref()).unwrap();
        assert_eq!(address.as_deref(), Some("小镇西街一号"));
        let ran = import(Path::new("homes-in-utf16.toml"), &database.url);
        assert!(ran.stdout.contains("read as UTF-16LE"), "{}{}", ran.stdout, ran.stderr);
    });
}

#[test]
fn a_command_that_cannot_run_says_why_on_stderr() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = format!("sqlite:{}", folder.path().join("gridmap.db").display());
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_gridmap")).args(args).args(["--database", &database]).output();
        let output = output.unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = run(&["import", "households", "nowhere.csv"]);
    assert_eq!(
        (code, said.as_str()),
        (2, "gridmap: nowhere.csv cannot be opened: No such file or directory (os error 2)\n")
    );
    let homes = folder.path().join("homes.csv");
    std::fs::write(&homes, "id,lon,lat\n").unwrap();
    let (code, said) = run(&["import", "households", homes.to_str().unwrap()]);
    assert_eq!((code, said.as_str()), (2, "gridmap: there is no ground in force yet: import grids first\n"));
    let (code, said) = run(&["import", "grids", homes.to_str().unwrap()]);
    assert_eq!((code, said.as_str()), (2, "gridmap: there is no region yet: import region.toml first\n"));
    let (code, said) = run(&["import", "households", homes.to_str().unwrap(), "--crs", "wgs48"]);
    assert_eq!(code, 2);
    assert!(said.contains("\"wgs48\" is not a coordinate frame"), "{said}");
}

//! The commands on a database of several regions: which one is meant is said by `--region`.

use std::path::Path;
use std::process::{Command, Output};

fn gridmap(database: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gridmap")).args(args).args(["--database", database]).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Writes the demo county's region file under another code.
fn region_file(folder: &Path, code: &str) -> String {
    let text = std::fs::read_to_string("fixtures/lintan/region.toml").unwrap();
    let file = folder.join(format!("{code}.toml"));
    std::fs::write(&file, text.replacen("code = \"623021\"", &format!("code = \"{code}\""), 1)).unwrap();
    file.display().to_string()
}

#[test]
fn a_command_says_which_regions_there_are_and_takes_the_one_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("two.db").display());
    let (lintan, other) = (region_file(folder.path(), "623021"), region_file(folder.path(), "330602"));
    assert!(gridmap(&database, &["import", "region", &lintan]).status.success());

    let refused = gridmap(&database, &["import", "region", &other]);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(said(&refused).contains("name it with --region 330602"), "{}", said(&refused));
    let done = gridmap(&database, &["import", "region", &other, "--region", "330602"]);
    assert!(done.status.success(), "{}", said(&done));

    let refused = gridmap(&database, &["import", "region", &lintan]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(said(&refused), "gridmap: the database holds several regions, say which one is meant: 330602, 623021\n");
    let same = gridmap(&database, &["import", "region", &lintan, "--region", "623021"]);
    assert!(same.status.success(), "{}", said(&same));
    let migrated = gridmap(&database, &["migrate"]);
    assert_eq!(said(&migrated), "the database is up to date, with the regions 330602, 623021\n");
    let wrong = gridmap(&database, &["import", "region", &lintan, "--region", "330602"]);
    assert_eq!(wrong.status.code(), Some(1), "{}", said(&wrong));
}

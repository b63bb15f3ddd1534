//! SQLite files that are not as they should be: somebody else's, damaged, locked, or only to be read.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use super::county;
use super::http::{get, request};
use super::process::Serving;

/// Runs a command that cannot, and returns why.
fn refused(arguments: &[&str], database: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    let output = command.args(arguments).args(["--database", database]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    said
}

const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];
const IMPORT: &[&str] = &["import", "region", "fixtures/lintan/region.toml"];

fn sqlite(database: &str, work: impl AsyncFnOnce(&mut SqliteConnection)) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut connection = SqliteConnection::connect(&format!("{database}?mode=rwc")).await.unwrap();
        work(&mut connection).await;
        connection.close().await.unwrap();
    });
}

#[test]
fn somebody_else_s_file_is_refused_and_nothing_is_made_in_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("songs.db");
    let database = format!("sqlite:{}", file.display());
    sqlite(&database, async |connection| {
        sqlx::query("create table songs (title text)").execute(connection).await.unwrap();
    });
    let before = fs::read(&file).unwrap();
    for command in [SERVE, IMPORT, &["migrate"]] {
        let said = refused(command, &database);
        assert!(said.contains("songs.db is not gridmap's") && said.contains("songs"), "{said}");
        assert_eq!(fs::read(&file).unwrap(), before, "{command:?}");
    }
}

#[test]
fn a_damaged_file_is_called_so_and_named() {
    let folder = TempDir::new().unwrap();
    let noise = folder.path().join("noise.db");
    fs::write(&noise, vec![0x5a; 20_000]).unwrap();
    let (database, broken) = county::file();
    let file = database.strip_prefix("sqlite:").unwrap();
    let mut bytes = fs::read(file).unwrap();
    bytes[100..4096].fill(0x5a);
    fs::write(file, bytes).unwrap();
    for (database, name, cause) in [
        (format!("sqlite:{}", noise.display()), "noise.db", "not a database"),
        (database.clone(), "county.db", "malformed"),
    ] {
        for command in [SERVE, IMPORT] {
            let said = refused(command, &database);
            assert!(said.contains(name) && said.contains("damaged") && said.contains(cause), "{said}");
        }
    }
    drop(broken);
}

/// A region of another name than the one stored, in `folder`: to import it is a change.
fn renamed_region(folder: &Path) -> String {
    let file = folder.join("region.toml");
    let region = fs::read_to_string("fixtures/lintan/region.toml").unwrap();
    fs::write(&file, region.replace("Lintan", "Lintan County")).unwrap();
    file.display().to_string()
}

#[test]
fn who_waits_for_another_import_hears_of_it() {
    let (database, folder) = county::file();
    let region = renamed_region(folder.path());
    sqlite(&database, async |connection| {
        sqlx::query("begin immediate").execute(&mut *connection).await.unwrap();
        let said = refused(&["import", "region", &region], &database);
        assert!(said.contains("another import or program is writing to the database; waited 2"), "{said}");
        sqlx::query("rollback").execute(connection).await.unwrap();
    });
}

/// Makes the folder and what is in it read-only, for other users than root.
fn closed(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        fs::set_permissions(entry.unwrap().path(), Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(folder, Permissions::from_mode(0o555)).unwrap();
}

/// The program, as a user for whom permissions count: a copy that anyone may run, since root is let through.
fn as_a_user(programs: &TempDir) -> Command {
    let program = programs.path().join("gridmap");
    if !program.exists() {
        fs::copy(env!("CARGO_BIN_EXE_gridmap"), &program).unwrap();
    }
    fs::set_permissions(programs.path(), Permissions::from_mode(0o755)).unwrap();
    if fs::metadata(&program).unwrap().uid() != 0 {
        return Command::new(program);
    }
    // It becomes the program, which so ends when the test ends it.
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
    command
}

#[test]
fn a_file_that_can_only_be_read_is_served_and_says_so_to_writers() {
    let (programs, (database, folder)) = (TempDir::new().unwrap(), county::file());
    closed(folder.path());
    let serving = Serving::by(as_a_user(&programs), &database, &["--open"]);
    serving.wait_until_ready();
    let server = serving.address;
    assert_eq!(get(server, "/api/locate?lon=103.373907&lat=34.88357").status, 200);
    assert_eq!(get(server, "/api/collections/households/items").json()["numberMatched"], 50_000);
    let dispute = br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[103.373907,34.88357]},
        "properties":{"id":"X1","kind":"dispute","category":"x"}}"#;
    let geo = [("Content-Type", "application/geo+json")];
    let reply = request(server, "POST", "/api/collections/incidents/items", &geo, dispute);
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD")), "{}", reply.text());
    assert!(reply.text().contains("can only be read"), "{}", reply.text());

    let region = renamed_region(programs.path());
    let import = as_a_user(&programs).args(["import", "region", &region, "--database", &database]).output().unwrap();
    let said = String::from_utf8_lossy(&import.stderr).into_owned();
    assert_eq!(import.status.code(), Some(2), "{said}");
    assert!(said.contains("county.db can only be read"), "{said}");
}

//! Arrow streams and Parquet files of the whole county, written and read by pyarrow: the same answers as in CSV.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::county;
use super::http::{Reply, request};
use crate::python::python;

fn pyarrow(arguments: &[&str], folder: &Path) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/arrow_peer.py");
    done(python().arg(script).args(arguments).current_dir(folder).output().unwrap())
}

fn done(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn post(content_type: &str, body: &[u8]) -> Reply {
    request(county::open(), "POST", "/api/locate", &[("Content-Type", content_type)], body)
}

const ARROW: &str = "application/vnd.apache.arrow.stream";

#[test]
fn every_home_is_told_the_same_in_csv_arrow_and_parquet() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let houses = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lintan/houses.csv");
    pyarrow(&["make", houses, "."], folder.path());
    fs::write(path("answers.csv"), post("text/csv", &fs::read(houses).unwrap()).body).unwrap();
    for (name, answers) in [("homes.arrows", "answers.arrows"), ("homes.arrow", "answers-of-file.arrows")] {
        let reply = post(ARROW, &fs::read(path(name)).unwrap());
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(ARROW)), "{name}: {}", reply.text());
        fs::write(path(answers), reply.body).unwrap();
    }
    let database = county::copy();
    for (name, answers) in [("homes.parquet", "answers.parquet"), ("homes-zstd.parquet", "answers-zstd.parquet")] {
        let output = Command::new(env!("CARGO_BIN_EXE_gridmap"))
            .args(["locate", name, "--at", county::NOW, "--database", &database.url])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(said, "50000 rows: 50000 located, 0 outside, 0 refused\n");
        fs::write(path(answers), output.stdout).unwrap();
    }
    let answers = ["answers.arrows", "answers-of-file.arrows", "answers.parquet", "answers-zstd.parquet"];
    let compared = pyarrow(&[&["compare", "answers.csv"][..], &answers].concat(), folder.path());
    assert_eq!(compared, answers.map(|name| format!("{name}: 50000 rows are the same\n")).concat());
}

#[test]
fn parquet_is_refused_by_name_and_arrow_named_instead() {
    let reply = post("application/vnd.apache.parquet", b"PAR1");
    assert_eq!(reply.status, 415);
    assert!(reply.text().contains("send an Arrow stream (application/vnd.apache.arrow.stream)"), "{}", reply.text());
    for body in [&b""[..], b"lon,lat\n1,2\n", b"ARROW1\0\0", &[0xFF; 4096]] {
        let reply = post(ARROW, body);
        assert_eq!(reply.status, 400, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    }
}

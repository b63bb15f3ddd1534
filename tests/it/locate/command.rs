//! `gridmap locate` as it is run: arguments, standard input and output, exit codes.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use gridmap::domain::{Actor, GenerationKind, NewGeneration};
use gridmap::store::{self, Expect};
use serde_json::Value;
use tempfile::TempDir;

use super::world::{duty, holder, instant, rectangle, region};

/// A folder with a database of one village, whose group `W` lies 10,000 steps (0.001 degree) west of `E`.
async fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let store = store::open(&format!("sqlite:{}", folder.path().join("gridmap.db").display())).await.unwrap();
    let grids = |x: i32| {
        vec![
            rectangle("V", 2, None, [0, 0, 20_000, 10_000]),
            rectangle("W", 4, Some("V"), [0, 0, x, 10_000]),
            rectangle("E", 4, Some("V"), [x, 0, 20_000, 10_000]),
        ]
    };
    for (base, day, x) in [(None, "2024-01-01", 10_000), (Some(1), "2024-06-01", 2_000)] {
        let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        transaction.put_region(&region()).await.unwrap();
        let new = NewGeneration {
            plan: day.to_owned(),
            kind: GenerationKind::Plan,
            newest: base,
            base,
            in_force: instant(day),
            put: grids(x),
            removed: Vec::new(),
            acknowledged_gaps: Vec::new(),
        };
        transaction.publish(&new, instant(day)).await.unwrap();
        transaction.put_holders(&[holder("vic")], Expect::Any).await.unwrap();
        transaction.put_duties(&[duty("d", "vic", "mediation_committee", "V")], Expect::Any).await.unwrap();
        transaction.commit().await.unwrap();
    }
    folder
}

fn gridmap(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gridmap"))
        .arg("locate")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn one_point_is_answered_as_json_on_the_ground_of_the_asked_day() {
    let folder = folder().await;
    let owner = |arguments: &[&str]| {
        let (code, out, err) = said(&gridmap(folder.path(), arguments, ""));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
        let answer: Value = serde_json::from_str(&out).unwrap();
        (answer["grids"][1]["code"].as_str().map(str::to_owned), answer["generation"].as_u64(), answer)
    };
    let (code, generation, answer) = owner(&["0.0005", "0.0005"]);
    assert_eq!((code.as_deref(), generation), (Some("E"), Some(2)));
    assert_eq!(answer["chain"][0]["holder"]["id"], "vic");
    let (code, generation, _) = owner(&["0.0005", "0.0005", "--at", "2024-05-31"]);
    assert_eq!((code.as_deref(), generation), (Some("W"), Some(1)));
    let (code, ..) = owner(&["0.0005", "0.0005", "--at", "2024-07-01", "--known-at", "2024-03-01"]);
    assert_eq!(code.as_deref(), Some("W"));
    let (.., answer) = owner(&["0.0005", "0.0005", "--accuracy-m", "50"]);
    assert_eq!((&answer["certain"], &answer["n_candidates"]), (&Value::Bool(false), &2.into()));
    let (code, ..) = owner(&["-0.5", "-0.5"]);
    assert_eq!(code, None, "west and south of everything, negative numbers are numbers");
}

#[tokio::test]
async fn a_file_or_standard_input_is_answered_row_by_row() {
    let folder = folder().await;
    std::fs::write(folder.path().join("points.csv"), "id,lon,lat\na,0.0005,0.0005\nb,east,0\nc,9,9\n").unwrap();
    let (code, out, err) = said(&gridmap(folder.path(), &["points.csv"], ""));
    assert_eq!((code, err.as_str()), (Some(1), "3 rows: 1 located, 1 outside, 1 refused\n"));
    let lines: Vec<_> = out.lines().collect();
    assert!(lines[0].starts_with("id,lon,lat,county,township,village,grid,group,"), "{}", lines[0]);
    assert!(lines[1].starts_with("a,0.0005,0.0005,,,V,,E,"), "{}", lines[1]);
    assert_eq!(lines.len(), 4);

    let rows = "{\"lon\":0.0005,\"lat\":0.0005}\n";
    let (code, out, err) = said(&gridmap(folder.path(), &["-", "--format", "ndjson"], rows));
    assert_eq!((code, err.as_str()), (Some(0), "1 rows: 1 located, 0 outside, 0 refused\n"));
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["grids"][1]["code"], "E");
}

#[tokio::test]
async fn what_cannot_be_understood_is_told_in_one_sentence() {
    let folder = folder().await;
    let cases: [(&[&str], &str); 7] = [
        (
            &["0.1", "0.1", "--database", "sqlite:absent.db"],
            "gridmap: there is no database sqlite:absent.db: the file does not exist\n",
        ),
        (&["0.1", "north"], "gridmap: \"north\" is not a number\n"),
        (&["34.7", "103.6"], "gridmap: 34.7, 103.6 is not a position: longitude and latitude look swapped\n"),
        (&["points.txt"], "gridmap: points.txt: name --format csv, ndjson, json, geojson, arrow or parquet\n"),
        (&["absent.csv"], "gridmap: absent.csv: No such file or directory (os error 2)\n"),
        (
            &["0", "0", "--at", "soon"],
            "gridmap: \"soon\" is not a time: expected 2024-03-05 or 2024-03-05T08:00:00+08:00\n",
        ),
        (&["0", "0", "--at", "2020-01-01"], "gridmap: sqlite:gridmap.db holds no ground that was in force then\n"),
    ];
    for (arguments, expected) in cases {
        let (code, out, err) = said(&gridmap(folder.path(), arguments, ""));
        assert_eq!((code, out.as_str(), err.as_str()), (Some(2), "", expected), "{arguments:?}");
    }
    assert!(!folder.path().join("absent.db").exists(), "asking makes no database");
}

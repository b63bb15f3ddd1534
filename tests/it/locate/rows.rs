//! Many points at once: each format in and out, bad rows in their place, hostile input.

use std::io::{self, BufRead, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use gridmap::format::locate_rows::{MAX_ROW_BYTES, Reader, RowFormat, RowsError, Summary};
use gridmap::geometry::crs::Frame;
use gridmap::index::Snapshot;
use gridmap::service::locate_rows::{self};
use serde_json::Value;

use super::world::{county, duty, holder, rows, snapshot, terms};

fn answer_from(snapshot: &Snapshot, format: RowFormat, input: &[u8]) -> Result<(Summary, Vec<u8>), RowsError> {
    let mut out = Vec::new();
    let rows = Reader::open(format, &Frame::Wgs84, input)?;
    let summary = locate_rows::answer(snapshot, &terms(), rows, None, &mut out)?.summary;
    Ok((summary, out))
}

fn answer(format: RowFormat, input: &[u8]) -> Result<(Summary, String), RowsError> {
    let duties = vec![duty("d-1", "ann", "agency", "623021")];
    let snapshot = snapshot(county(), vec![holder("ann")], duties);
    let (summary, out) = answer_from(&snapshot, format, input)?;
    Ok((summary, String::from_utf8(out).unwrap()))
}

fn summary(n_rows: u64, n_outside: u64, n_refused: u64) -> Summary {
    Summary { n_rows, n_outside, n_refused }
}

#[test]
fn a_csv_keeps_its_columns_and_gains_the_answer() {
    let input = "name,lon,lat,status\nhome,103.373907,34.883570,x\nsea,0,0,\nbad,east,1,\nswapped,34.8,103.3,\nshort,1\n\
                 worse,NaN,x,\n";
    let (found, text) = answer(RowFormat::Csv, input.as_bytes()).unwrap();
    assert_eq!(found, summary(6, 1, 4));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "name,lon,lat,status,county,township,village,grid,group,certain,edge_m,neighbour,candidates,answers_id,answers,\
         how,mediator_id,mediator,mediator_m,nearest,nearest_m,generation,revision,gridmap_status,error"
    );
    let home = "home,103.373907,34.883570,x,623021,623021100,623021100002,623021100002001,62302110000200101,true,";
    assert!(lines[1].starts_with(home) && lines[1].contains(",ann,name of ann,parent,"), "{}", lines[1]);
    assert!(lines[1].ends_with(",1,7,located,"), "{}", lines[1]);
    assert!(lines[2].starts_with("sea,0,0,,,,,,,true,") && lines[2].ends_with(",outside,"), "{}", lines[2]);
    assert!(lines[3].ends_with(",refused,\"lon \"\"east\"\" is not a number\""), "{}", lines[3]);
    assert!(lines[4].contains("look swapped"), "{}", lines[4]);
    assert!(lines[5].starts_with("short,1,,") && lines[5].contains("2 fields, the header 4"), "{}", lines[5]);
    let both = "\"lon \"\"NaN\"\" is not a number; lat \"\"x\"\" is not a number\"";
    assert!(lines[6].ends_with(both), "all faults of a row at once: {}", lines[6]);
    let n_cells = |line: &str| csv_cells(line);
    assert!(lines.iter().all(|line| n_cells(line) == n_cells(lines[0])), "every row has every column");
}

/// Counts cells, minding quotes.
fn csv_cells(line: &str) -> usize {
    let mut quoted = false;
    line.chars()
        .filter(|c| {
            quoted ^= *c == '"';
            *c == ',' && !quoted
        })
        .count()
        + 1
}

#[test]
fn a_csv_may_name_its_columns_otherwise_and_limit_each_row() {
    let input = "\u{feff}经度,纬度,accuracy_m,category\n103.373907,34.883570,100000,\n";
    let (found, text) = answer(RowFormat::Csv, input.as_bytes()).unwrap();
    assert_eq!(found, summary(1, 0, 0));
    assert!(text.lines().nth(1).unwrap().contains(",false,"), "the accuracy of the row counts: {text}");
}

#[test]
fn every_line_of_ndjson_has_its_answer_in_its_place() {
    let input = concat!(
        "{\"lon\":103.373907,\"lat\":34.883570,\"id\":\"a\",\"colour\":\"red\"}\n\n",
        "{\"lon\":103.373907}\n",
        "not json\n",
        "{\"lon\":1e999,\"lat\":1}\n",
        "{\"lon\":0,\"lat\":0,\"id\":7}",
    );
    let (found, text) = answer(RowFormat::Ndjson, input.as_bytes()).unwrap();
    assert_eq!(found, summary(5, 1, 3));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (lines[0]["id"].as_str(), lines[0]["grids"][4]["code"].as_str()),
        (Some("a"), Some("62302110000200101"))
    );
    assert_eq!(lines[0]["chain"][0]["holder"]["id"], "ann");
    let statuses: Vec<_> = lines.iter().map(|line| line["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["located", "refused", "refused", "refused", "outside"]);
    assert!(lines[1]["error"].as_str().unwrap().contains("lat") && lines[1]["row"] == 2, "{}", lines[1]);
    assert_eq!((&lines[2]["row"], &lines[3]["row"]), (&3.into(), &4.into()));
    assert_eq!((lines[4]["id"].as_u64(), lines[4]["grids"].as_array().map(Vec::len)), (Some(7), Some(0)));
    assert!(lines[4]["nearest"]["distance_m"].as_f64().unwrap() > 1e6);
}

#[test]
fn a_row_tells_all_its_faults_at_once() {
    let row = r#"{"lon":"x","accuracy_m":[1],"category":7}"#;
    let feature = r#"{"type":"Feature","geometry":null,"properties":{"accuracy_m":"far","category":{}}}"#;
    let of_numbers =
        "lon \"x\" is not a number; lat is missing; accuracy_m [1] is not a number; category 7 is not a text";
    let cases = [
        (RowFormat::Ndjson, row.to_owned(), of_numbers),
        (RowFormat::JsonArray, format!("[{row}]"), of_numbers),
        (
            RowFormat::GeoJson,
            collection(&[feature]),
            "the feature has no geometry; accuracy_m \"far\" is not a number; category {} is not a text",
        ),
        (
            RowFormat::Csv,
            "lon,lat,accuracy_m\nx,,far\n".to_owned(),
            "lon \"x\" is not a number; lat \"\" is not a number; accuracy_m \"far\" is not a number",
        ),
        (
            RowFormat::Ndjson,
            r#"{"lon":34.88,"lat":103.37,"accuracy_m":-5}"#.to_owned(),
            "34.88, 103.37 is not a position: longitude and latitude look swapped; \
             -5 is not an accuracy in metres: from 0 to 20040000",
        ),
    ];
    for (format, input, expected) in cases {
        let (found, text) = answer(format, input.as_bytes()).unwrap();
        assert_eq!(found, summary(1, 0, 1), "{text}");
        let quoted =
            if format == RowFormat::Csv { expected.replace('"', "\"\"") } else { expected.replace('"', "\\\"") };
        assert!(text.contains(&format!("\"{quoted}\"")), "{text}");
    }
}

#[test]
fn an_empty_member_is_as_good_as_none() {
    let input = r#"{"lon":103.373907,"lat":34.883570,"accuracy_m":"","category":null}"#;
    let (found, text) = answer(RowFormat::Ndjson, input.as_bytes()).unwrap();
    assert_eq!(found, summary(1, 0, 0), "{text}");
}

#[test]
fn an_id_comes_back_with_all_its_digits() {
    for id in ["623021100200001234567", "1.50", "-0.0", "[1e400]", "\"\\u4e34\""] {
        let (_, text) =
            answer(RowFormat::Ndjson, format!("{{\"lon\":103.4,\"id\":{id},\"lat\":34.9}}\n").as_bytes()).unwrap();
        assert!(text.contains(&format!("\"id\":{id},")), "{id}: {text}");
    }
}

#[test]
fn what_a_download_keeps_from_being_a_formula_is_read_as_it_was() {
    let input = "lon,lat\n'+103.373907,34.883570\n\"'+103.373907\",\"34.883570\"\n";
    assert_eq!(answer(RowFormat::Csv, input.as_bytes()).unwrap().0, summary(2, 0, 0));
}

#[test]
fn blank_cells_behind_the_last_column_and_wide_blanks_are_padding() {
    let input = "lon,lat,category\n103.373907,34.883570,,,\n\u{3000}103.373907,34.883570\u{3000},\u{3000},\" \"\n103.4,34.9,,,x\n";
    let (found, text) = answer(RowFormat::Csv, input.as_bytes()).unwrap();
    assert_eq!(found, summary(3, 0, 1));
    let n_cells: Vec<_> = text.lines().map(csv_cells).collect();
    assert!(n_cells.iter().all(|n| *n == n_cells[0]), "{text}");
    assert!(text.lines().nth(3).unwrap().contains("5 fields, the header 3"), "{text}");
}

/// A body may come in pieces of any size, the first of one byte too.
#[test]
fn a_byte_order_mark_may_come_in_pieces() {
    let row = r#"{"lon":103.373907,"lat":34.883570}"#;
    let inputs = [
        (RowFormat::Csv, "lon,lat\n103.373907,34.883570\n".to_owned()),
        (RowFormat::Ndjson, row.to_owned()),
        (RowFormat::JsonArray, format!("[{row}]")),
    ];
    let snapshot = snapshot(county(), vec![holder("ann")], vec![duty("d-1", "ann", "agency", "623021")]);
    for (format, text) in inputs {
        for size in 1..5 {
            let marked = format!("\u{feff}{text}");
            let input = io::BufReader::with_capacity(size, marked.as_bytes());
            let rows = Reader::open(format, &Frame::Wgs84, input).unwrap();
            let answered = locate_rows::answer(&snapshot, &terms(), rows, None, Vec::new()).unwrap();
            assert_eq!(answered.summary, summary(1, 0, 0), "{format:?} in pieces of {size} bytes");
        }
    }
}

#[test]
fn an_array_stays_an_array_even_when_it_breaks_off() {
    let cases = [
        ("[]", summary(0, 0, 0)),
        (" [ {\"lon\":0,\"lat\":0} ]\n", summary(1, 1, 0)),
        ("[{\"lon\":0,\"lat\":0},7,{\"lon\":0,\"lat\":0}]", summary(3, 2, 1)),
        ("[{\"lon\":0,\"lat\":0},{\"lon\":0,\"la", summary(2, 1, 1)),
        ("[{\"lon\":0,\"lat\":0}] [", summary(2, 1, 1)),
        ("[[[[[[[[", summary(1, 0, 1)),
    ];
    for (input, expected) in cases {
        let (found, text) = answer(RowFormat::JsonArray, input.as_bytes()).unwrap();
        assert_eq!(found, expected, "{input}");
        let array: Vec<Value> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{input}: {error}: {text}"));
        assert_eq!(array.len(), usize::try_from(expected.n_rows).unwrap(), "{input}");
    }
}

#[test]
fn a_feature_keeps_its_members_and_gains_the_answer_as_properties() {
    let home = r#"{"type":"Feature","id":7,"bbox":[1,2,3,4],"properties":{"name":"home","status":"x"},"geometry":{"type":"Point","coordinates":[103.373907,34.883570]}}"#;
    let (found, text) = answer(RowFormat::GeoJson, collection(&[home]).as_bytes()).unwrap();
    assert_eq!(found, summary(1, 0, 0));
    let head = r#"{"type":"Feature","id":7,"bbox":[1,2,3,4],"geometry":{"type":"Point","coordinates":[103.373907,34.883570]},"properties":{"name":"home","status":"x","county":"623021","township":"623021100","#;
    assert_eq!(&text["{\"type\":\"FeatureCollection\",\"features\":[\n".len()..][..head.len()], head, "{text}");
    assert!(text.contains(r#""gridmap_status":"located","error":null}"#), "{text}");
    let whole: Value = serde_json::from_str(&text).unwrap();
    let properties = &whole["features"][0]["properties"];
    assert_eq!((&properties["answers_id"], &properties["certain"]), (&"ann".into(), &true.into()));
    assert!(properties["edge_m"].is_number() && properties["nearest"].is_null() && properties["revision"] == 7);
}

fn collection(features: &[&str]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

#[test]
fn every_feature_has_its_answer_in_its_place_even_when_the_collection_breaks_off() {
    let point = |numbers: &str, properties: &str| {
        format!(
            r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Point","coordinates":[{numbers}]}}}}"#
        )
    };
    let (home, limited) = (point("103.373907,34.88357", "null"), point("103.373907,34.88357", r#"{"accuracy_m":1e5}"#));
    let (nan, far, sea) = (point("NaN,1", "{}"), point("1e999,1", "{}"), point("0,0,5", "{}"));
    let line =
        r#"{"type":"Feature","properties":{"n":1},"geometry":{"type":"LineString","coordinates":[[0,0],[1,1]]}}"#;
    let nowhere = r#"{"type":"Feature","properties":{},"geometry":null}"#;
    let none = r#"{"type":"Point","coordinates":[103.373907,34.88357]}"#;
    let cases = [&home, &limited, &nan, &far, &sea, line, nowhere, none, "7"];
    let whole = collection(&cases);
    let told = |text: &str| -> Vec<(String, String)> {
        let whole: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let word = |feature: &Value, name: &str| feature["properties"][name].as_str().unwrap_or_default().to_owned();
        let features = whole["features"].as_array().unwrap().iter();
        features.map(|feature| (word(feature, "status"), word(feature, "error"))).collect()
    };
    let (found, text) = answer(RowFormat::GeoJson, whole.as_bytes()).unwrap();
    assert_eq!(found, summary(9, 1, 6), "{text}");
    let found = told(&text);
    let expected = [
        ("located", ""),
        ("located", ""),
        ("refused", "expected value"),
        ("refused", "number out of range"),
        ("outside", ""),
        ("refused", "the geometry is a LineString, expected a Point"),
        ("refused", "the feature has no geometry"),
        ("refused", "is a Point, expected a Feature"),
        ("refused", "invalid type"),
    ];
    for ((status, error), (expected, why)) in found.iter().zip(expected) {
        assert!(status == expected && error.contains(why), "{status} {error}, expected {expected} {why}");
    }
    let (found, text) = answer(RowFormat::GeoJson, &whole.as_bytes()[..whole.len() - 30]).unwrap();
    assert_eq!((found.n_rows, told(&text).len()), (8, 8), "{text}");
    assert!(told(&text)[7].1.contains("it was cut off"), "{text}");
    for end in 80..whole.len() {
        // Cut anywhere: what comes out is a whole collection, or nothing at all.
        if let Ok((found, text)) = answer(RowFormat::GeoJson, &whole.as_bytes()[..end]) {
            assert_eq!(told(&text).len() as u64, found.n_rows, "{end}");
        }
    }
}

#[test]
fn a_collection_that_names_its_frame_is_taken_at_its_word() {
    let named = |name: &str| {
        format!(
            r#"{{"crs":{{"type":"name","properties":{{"name":"{name}"}}}},"features":[],"type":"FeatureCollection"}}"#
        )
    };
    let (_, text) = answer(RowFormat::GeoJson, named("urn:ogc:def:crs:EPSG::4490").as_bytes()).unwrap();
    assert!(
        text.ends_with("],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}}}\n"),
        "{text}"
    );
    let error = answer(RowFormat::GeoJson, named("urn:ogc:def:crs:EPSG::4547").as_bytes()).unwrap_err().to_string();
    assert!(error.contains("EPSG::4547, it is read as wgs84"), "{error}");
}

#[test]
fn input_that_is_not_of_the_format_is_refused_before_any_output() {
    let error = |format, input: &str| answer(format, input.as_bytes()).unwrap_err().to_string();
    assert_eq!(error(RowFormat::Csv, "name,place\n"), "the header has no column lon; it has name, place");
    assert_eq!(error(RowFormat::Csv, "lon,place\n"), "the header has no column lat; it has lon, place");
    assert_eq!(error(RowFormat::Csv, ""), "the input is empty");
    assert_eq!(error(RowFormat::JsonArray, "{}"), "expected a JSON array of points: the input does not begin with [");
    assert_eq!(error(RowFormat::JsonArray, "  "), "the input is empty");
    assert_eq!(error(RowFormat::GeoJson, ""), "the input is empty");
    assert!(error(RowFormat::GeoJson, "{}").contains("no member \"type\""));
    assert!(error(RowFormat::GeoJson, "lon,lat").starts_with("not GeoJSON"));
    let endless = "x".repeat(2 * MAX_ROW_BYTES);
    assert_eq!(error(RowFormat::Csv, &endless), format!("the header is longer than {MAX_ROW_BYTES} bytes"));
}

#[test]
fn an_endless_row_costs_one_row_and_no_memory() {
    let long = "9".repeat(3 * MAX_ROW_BYTES);
    let (found, text) = answer(RowFormat::Ndjson, format!("{long}\n{{\"lon\":0,\"lat\":0}}\n").as_bytes()).unwrap();
    assert_eq!(found, summary(2, 1, 1));
    assert!(text.starts_with("{\"row\":1,\"error\":\"the row is longer than"));
    let deep = "[".repeat(MAX_ROW_BYTES / 2);
    let (found, _) = answer(RowFormat::Ndjson, deep.as_bytes()).unwrap();
    assert_eq!(found, summary(1, 0, 1));
    let (found, text) = answer(RowFormat::Csv, format!("lon,lat\n0,0\n\"{long}\n").as_bytes()).unwrap();
    assert_eq!(found, summary(2, 1, 1), "an open quote costs its line");
    assert!(text.ends_with(",refused,the row is longer than 65536 bytes (an open quote?)\n"), "{text}");
    let (found, text) = answer(RowFormat::Csv, b"lon,lat\n\"0,0\n0,0\n").unwrap();
    assert_eq!(found, summary(2, 1, 1), "{text}");
}

#[test]
fn all_homes_of_the_county_pass_through_the_rows() {
    let input = super::world::fixture("houses.csv");
    let (found, text) = answer(RowFormat::Csv, input.as_bytes()).unwrap();
    assert_eq!(found, summary(50_000, 0, 0));
    let wrong = text.lines().skip(1).filter(|line| {
        let cells: Vec<_> = line.split(',').collect();
        cells[4] != cells[9]
    });
    assert_eq!(wrong.count(), 0);
    assert_eq!(rows("houses.csv").len(), text.lines().count() - 1);
}

/// An input that never ends: `head`, then `rows` over and over.
struct Endless<'b> {
    now: &'b [u8],
    rows: &'b [u8],
    n_read: &'b AtomicU64,
}

impl Read for Endless<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Endless<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.now.is_empty() {
            self.now = self.rows;
        }
        Ok(self.now)
    }

    fn consume(&mut self, n: usize) {
        self.now = &self.now[n..];
        self.n_read.fetch_add(n as u64, Ordering::Relaxed);
    }
}

/// An output that is full after so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Nothing is gathered: when the output is full, hardly more was read than it answers. So a file may have any length.
#[test]
fn an_input_without_end_is_read_no_further_than_a_few_batches_ahead() {
    let snapshot = snapshot(county(), vec![holder("ann")], vec![duty("d-1", "ann", "agency", "623021")]);
    let feature = r#"{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[103.4,34.9]}}"#;
    let cases: [(RowFormat, &str, String); 4] = [
        (RowFormat::Csv, "lon,lat\n", "103.4,34.9\n".repeat(100)),
        (RowFormat::Ndjson, "", "{\"lon\":103.4,\"lat\":34.9}\n".repeat(100)),
        (RowFormat::JsonArray, "[", "{\"lon\":103.4,\"lat\":34.9},".repeat(100)),
        (RowFormat::GeoJson, "{\"features\":[7", format!(",{feature}").repeat(100)),
    ];
    for (format, head, rows) in cases {
        let n_read = AtomicU64::new(0);
        let input = Endless { now: head.as_bytes(), rows: rows.as_bytes(), n_read: &n_read };
        let reader = Reader::open(format, &Frame::Wgs84, input).unwrap();
        let stopped = locate_rows::answer(&snapshot, &terms(), reader, None, Full(4_000_000)).unwrap_err();
        assert!(matches!(stopped, RowsError::Write(_)), "{format:?}: {stopped}");
        let n_read = n_read.load(Ordering::Relaxed);
        let n_waiting = 4 * std::thread::available_parallelism().unwrap().get() as u64 + 4;
        assert!(n_read < 4_000_000 + n_waiting * 200_000, "{format:?}: {n_read} bytes were read");
    }
}

#[test]
fn ten_gigabytes_without_a_line_end_are_one_bad_row() {
    let (zeros, n_read) = (vec![0; 1 << 20], AtomicU64::new(0));
    let input = Endless { now: b"lon,lat\n103.4,34.9\n", rows: &zeros, n_read: &n_read };
    let input = input.take(10_000_000_000).chain(&b"\n0,0\n"[..]);
    let snapshot = snapshot(county(), Vec::new(), Vec::new());
    let reader = Reader::open(RowFormat::Csv, &Frame::Wgs84, input).unwrap();
    let mut out = Vec::new();
    let done = locate_rows::answer(&snapshot, &terms(), reader, None, &mut out).unwrap();
    assert_eq!(done.summary, summary(3, 1, 1));
    assert!(out.len() < 2_000);
}

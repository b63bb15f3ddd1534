//! Rows of Arrow's columns: kinds of numbers, gaps in them, streams that break off or are made to do harm.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{
    Array, ArrayRef, Float32Array, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use gridmap::format::locate_rows::{Reader, RowFormat, RowsError, Summary};
use gridmap::geometry::crs::Frame;
use gridmap::index::Snapshot;
use gridmap::service::locate_rows::{self, Terms};

use super::world::{county, duty, holder, instant, snapshot};

fn world() -> Snapshot {
    snapshot(county(), vec![holder("ann")], vec![duty("d-1", "ann", "agency", "623021")])
}

fn stream(columns: Vec<(&str, ArrayRef)>, n_batches: usize) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, cells)| (name, cells, true)));
    let (batch, mut bytes) = (batch.unwrap(), Vec::new());
    let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    (0..n_batches).for_each(|_| writer.write(&batch).unwrap());
    writer.finish().unwrap();
    drop(writer);
    bytes
}

fn answer(world: &Snapshot, input: &[u8]) -> Result<(Summary, Vec<RecordBatch>), RowsError> {
    let terms = Terms { frame: Frame::Wgs84, at: instant("2024-06-01"), accuracy_m: None, category: None };
    let mut out = Vec::new();
    let rows = Reader::open(RowFormat::ArrowStream, &Frame::Wgs84, input)?;
    let done = locate_rows::answer(world, &terms, rows, None, &mut out)?;
    let batches: Vec<RecordBatch> = StreamReader::try_new(&*out, None).unwrap().map(Result::unwrap).collect();
    assert_eq!(batches.iter().map(|batch| batch.num_rows() as u64).sum::<u64>(), done.summary.n_rows);
    Ok((done.summary, batches))
}

fn cell(batch: &RecordBatch, row: usize, name: &str) -> Option<String> {
    let column = batch.column_by_name(name).unwrap_or_else(|| panic!("{name}"));
    column.is_valid(row).then(|| column.as_string::<i32>().value(row).to_owned())
}

#[test]
fn columns_of_any_kind_of_number_are_read_and_each_row_has_its_status() {
    let lon = [Some(103.373_907), None, Some(f64::NAN), Some(f64::INFINITY), Some(34.8), Some(0.0), Some(1e300)];
    let lat = [34.883_57, 1.0, 1.0, 1.0, 103.3, 0.0, 0.0];
    let lon: ArrayRef = Arc::new(Float64Array::from(lon.to_vec()));
    let lat: ArrayRef = Arc::new(Float64Array::from(lat.to_vec()));
    let names: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c", "d", "e", "f", "g"]));
    let input = stream(vec![("status", names), ("LON", lon), ("Latitude", lat)], 1);
    let (found, batches) = answer(&world(), &input).unwrap();
    assert_eq!(found, Summary { n_rows: 7, n_outside: 1, n_refused: 5 });
    let batch = &batches[0];
    assert_eq!(batch.schema().field(0).name(), "status");
    let said = |row| (cell(batch, row, "gridmap_status").unwrap(), cell(batch, row, "error").unwrap_or_default());
    assert_eq!(said(0), ("located".to_owned(), String::new()));
    assert_eq!(said(1), ("refused".to_owned(), "lon is missing".to_owned()));
    for (row, why) in [(2, "NaN"), (3, "inf"), (4, "look swapped"), (6, "1000000")] {
        assert!(said(row).0 == "refused" && said(row).1.contains(why), "{row}: {:?}", said(row));
    }
    assert_eq!(said(5).0, "outside");
    assert_eq!(cell(batch, 0, "group").as_deref(), Some("62302110000200101"));
    assert_eq!((cell(batch, 0, "answers_id").as_deref(), cell(batch, 1, "answers_id")), (Some("ann"), None));
    let edge = batch.column_by_name("edge_m").unwrap().as_primitive::<Float64Type>();
    assert!(edge.is_valid(0) && edge.is_null(5));
}

#[test]
fn texts_floats_and_whole_numbers_do_as_well() {
    let kinds: [(ArrayRef, ArrayRef, &str); 3] = [
        (
            Arc::new(LargeStringArray::from(vec![" 103.373907", "east", ""])),
            Arc::new(StringArray::from(vec!["34.88357", "1", "1"])),
            "located refused refused",
        ),
        (
            Arc::new(Float32Array::from(vec![103.373_9, 9.0, -200.0])),
            Arc::new(Float32Array::from(vec![34.883_57, 9.0, 0.0])),
            "located outside refused",
        ),
        (
            Arc::new(Int64Array::from(vec![103, 9, i64::MAX])),
            Arc::new(Int64Array::from(vec![34, 9, 0])),
            "outside outside refused",
        ),
    ];
    for (lon, lat, expected) in kinds {
        let (_, batches) = answer(&world(), &stream(vec![("x", lon), ("y", lat)], 1)).unwrap();
        let said: Vec<String> = (0..3).map(|row| cell(&batches[0], row, "status").unwrap()).collect();
        assert_eq!(said.join(" "), expected);
    }
}

#[test]
fn what_has_no_numbers_is_refused_before_any_output() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let flags: ArrayRef = Arc::new(arrow_array::BooleanArray::from(vec![true]));
    let error = |columns| answer(&world(), &stream(columns, 1)).unwrap_err().to_string();
    assert_eq!(error(vec![("name", texts.clone())]), "the header has no column lon; it has name");
    assert_eq!(error(vec![("lon", flags), ("lat", texts)]), "the column lon is of Boolean, expected numbers");
    assert_eq!(answer(&world(), b"").unwrap_err().to_string(), "the input is empty");
}

#[test]
fn a_stream_may_break_off_or_lie_anywhere_and_no_row_before_is_lost() {
    let n = 300;
    let lon: ArrayRef = Arc::new(Float64Array::from(vec![103.373_907; n]));
    let lat: ArrayRef = Arc::new(Float64Array::from(vec![34.883_57; n]));
    let id: ArrayRef = Arc::new(StringArray::from((0..n).map(|n| n.to_string()).collect::<Vec<_>>()));
    let (world, input) = (world(), stream(vec![("id", id), ("lon", lon), ("lat", lat)], 2));
    let whole = answer(&world, &input).unwrap().0;
    assert_eq!(whole, Summary { n_rows: 600, n_outside: 0, n_refused: 0 });
    let cut = answer(&world, &input[..input.len() - 100]).unwrap();
    assert_eq!(cut.0, Summary { n_rows: 301, n_outside: 0, n_refused: 1 });
    let end = cut.1.last().unwrap();
    assert_eq!(cell(end, end.num_rows() - 1, "error").as_deref(), Some("the stream breaks off here"));
    for end in (0..input.len()).step_by(97) {
        if let Ok((found, _)) = answer(&world, &input[..end]) {
            assert!(found.n_refused <= 1 && found.n_rows <= 600, "{end}: {found:?}");
        }
    }
    // The first kilobyte holds the schema and the head of the first batch: lengths, offsets, counts.
    for at in 0..1_200 {
        let mut input = input.clone();
        input[at] ^= 0x5A;
        if let Ok((found, _)) = answer(&world, &input) {
            assert!(found.n_rows <= 601, "{at}: {found:?}");
        }
    }
}

/// A body may come in pieces of any size, the first of one byte too.
#[test]
fn an_arrow_file_may_come_in_pieces() {
    let number = |n: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![n])) };
    let batch = RecordBatch::try_from_iter(vec![("lon", number(103.373_907)), ("lat", number(34.883_57))]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    for size in [1, 3, 7, 8, 9, 1_000_000] {
        let input = std::io::BufReader::with_capacity(size, bytes.as_slice());
        let rows = Reader::open(RowFormat::ArrowStream, &Frame::Wgs84, input).unwrap();
        let terms = Terms { frame: Frame::Wgs84, at: instant("2024-06-01"), accuracy_m: None, category: None };
        let answered = locate_rows::answer(&world(), &terms, rows, None, Vec::new()).unwrap();
        assert_eq!(answered.summary, Summary { n_rows: 1, n_outside: 0, n_refused: 0 }, "in pieces of {size} bytes");
    }
}

//! Points to locate in JSON: one a line, or in one array.

use std::io::BufReader;

use gridmap::format::locate_rows::{RowFormat, RowsError};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::damage::{damaged, damages, sizes};
use super::tables::texts;
use super::{Trickle, Understood, hold, listened};

/// Rows as JSON texts: with numbers or without, with an id of any kind.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let number = || {
        prop_oneof![
            6 => (-180.0..180.0_f64).prop_map(|number| json!(number)),
            1 => prop::sample::select(vec![json!(null), json!("7"), json!([]), json!(1_000_000), json!(-0.0)]),
        ]
    };
    let id = prop_oneof![
        texts().prop_map(|text| json!(text).to_string()),
        "[1-9][0-9]{0,30}(\\.[0-9]{1,3})?",
        Just(r#"{"a":[1,null,"]}"]}"#.to_owned()),
        Just("null".to_owned()),
    ];
    let row = (number(), number(), texts(), id);
    let row = row.prop_map(|(lon, lat, category, id)| {
        format!(r#"{{"lon":{lon},"id":{id},"lat":{lat},"category":{},"else":{{"lon":[0]}}}}"#, json!(category))
    });
    prop::collection::vec(row, 0..6)
}

fn array(rows: &[String]) -> Vec<u8> {
    format!(" [{}]\n", rows.join(" , ")).into_bytes()
}

fn lines(rows: &[String]) -> Vec<u8> {
    rows.iter().flat_map(|row| [row, "\n\n"]).collect::<String>().into_bytes()
}

fn answered(format: RowFormat, text: &[u8]) -> Result<(Vec<Understood>, Vec<u8>), String> {
    listened(format, text).map_err(|error: RowsError| error.to_string())
}

/// The text of a row's id in an output, as it stands there.
fn ids(out: &str) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Row<'r> {
        #[serde(borrow)]
        id: Option<&'r serde_json::value::RawValue>,
    }
    let id = |line: &str| {
        serde_json::from_str::<Row<'_>>(line).unwrap().id.map_or("null".to_owned(), |id| id.get().to_owned())
    };
    out.lines().map(id).collect()
}

#[test]
fn rows_in_an_array_are_understood_as_rows_on_lines() {
    hold(250, &rows(), |rows| {
        let (on_lines, out) = answered(RowFormat::Ndjson, &lines(&rows)).unwrap();
        let (in_array, out_array) = answered(RowFormat::JsonArray, &array(&rows)).unwrap();
        prop_assert_eq!(on_lines, in_array);
        let on_lines: Vec<Value> = out
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        prop_assert_eq!(serde_json::from_slice::<Vec<Value>>(&out_array).unwrap(), on_lines);
        Ok(())
    });
}

#[test]
fn an_id_comes_back_as_it_was_written() {
    hold(250, &rows(), |rows| {
        let (_, out) = answered(RowFormat::Ndjson, &lines(&rows)).unwrap();
        prop_assert_eq!(
            ids(&String::from_utf8(out).unwrap()),
            ids(&String::from_utf8(lines(&rows)).unwrap().replace("\n\n", "\n"))
        );
        Ok(())
    });
}

#[test]
fn rows_in_pieces_are_answered_as_rows_at_once() {
    hold(150, &(rows(), sizes(), damages()), |(rows, sizes, damages)| {
        for (format, whole) in [(RowFormat::Ndjson, lines(&rows)), (RowFormat::JsonArray, array(&rows))] {
            for text in [&whole, &damaged(&whole, &damages).0] {
                let in_pieces = listened(format, BufReader::with_capacity(sizes[0], Trickle::new(text, &sizes)));
                prop_assert_eq!(in_pieces.map_err(|error| error.to_string()), answered(format, text));
            }
        }
        Ok(())
    });
}

#[test]
fn damage_leaves_the_rows_before_it_and_the_output_is_json() {
    let row = |at: i32| format!(r#"{{"id":"r{at}","lon":103.{at},"lat":34.{at},"category":"土地, 界"}}"#);
    let rows: Vec<String> = (10..30).map(row).collect();
    hold(250, &damages(), |damages| {
        for (format, whole) in [(RowFormat::Ndjson, lines(&rows)), (RowFormat::JsonArray, array(&rows))] {
            let (undamaged, _) = answered(format, &whole).unwrap();
            let (text, untouched) = damaged(&whole, &damages);
            let Ok((understood, out)) = answered(format, &text) else { continue };
            let n_before = memchr::memchr_iter(b'}', &whole[..untouched]).count().saturating_sub(1);
            let n_before = n_before.min(understood.len());
            prop_assert_eq!(&understood[..n_before], &undamaged[..n_before]);
            let told: Vec<Value> = match format {
                RowFormat::Ndjson => out
                    .split(|byte| *byte == b'\n')
                    .filter(|line| !line.is_empty())
                    .map(|line| serde_json::from_slice(line).unwrap())
                    .collect(),
                _ => serde_json::from_slice(&out).unwrap(),
            };
            let rows: Vec<Option<u64>> = told.iter().map(|answer| answer["row"].as_u64()).collect();
            prop_assert_eq!(rows, (1..=told.len() as u64).map(Some).collect::<Vec<_>>());
        }
        Ok(())
    });
}

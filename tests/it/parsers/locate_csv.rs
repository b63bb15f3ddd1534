//! Tables of points to locate, and the same tables as they are imported.

use std::io::BufReader;

use gridmap::format::csv::Rows;
use gridmap::format::locate_rows::{RowFormat, RowsError};
use gridmap::format::{Mapping, Record};
use proptest::prelude::*;

use super::damage::{damaged, damages, sizes};
use super::tables::{Style, one_line, stored_texts, styles};
use super::{Trickle, Understood, hold, listened};
use crate::locate::world::fixture;

const HEADER: [&str; 4] = ["name", "lon", "lat", "category"];

fn listen(text: &[u8]) -> (Vec<Understood>, String) {
    let (understood, out) = listened(RowFormat::Csv, text).unwrap();
    (understood, String::from_utf8_lossy(&out).into_owned())
}

/// Numbers as they are written, some of them none, with a name and a category beside them.
fn points(name: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<Vec<String>>> {
    let number = prop_oneof![
        8 => (-1_800_000_000..1_800_000_000_i64).prop_map(|steps| format!("{}.{:07}", steps / 10_000_000, steps.abs() % 10_000_000)),
        1 => prop::sample::select(&["", "NaN", "1e2", " 7 ", "\u{3000}7", "x", "+5", "0x1", "1,5", "１"][..]).prop_map(str::to_owned),
    ];
    let row = (name, [number.clone(), number], stored_texts());
    let row =
        row.prop_map(|(name, [lon, lat], category)| vec![format!("n{name}"), lon, lat, category.replace('\r', "")]);
    prop::collection::vec(row, 0..6).prop_map(|rows| [vec![HEADER.map(str::to_owned).to_vec()], rows].concat())
}

#[test]
fn what_is_imported_is_what_is_located() {
    hold(300, &(points(one_line()), styles()), |(table, style)| {
        let text = style.write(&table);
        let records: Vec<Record> = Rows::new(text.as_slice()).unwrap().map(|row| row.unwrap().unwrap()).collect();
        let (understood, _) = listen(&text);
        prop_assert_eq!(understood.len(), records.len());
        let mapping = Mapping::default();
        for (record, understood) in records.iter().zip(understood) {
            let number = |field| mapping.value(record, field)?.parse::<f64>().ok().filter(|number| number.is_finite());
            let category = mapping.value(record, "category").map(str::to_owned);
            let imported = number("lon").zip(number("lat")).map(|(lon, lat)| (lon, lat, None, category));
            prop_assert_eq!(understood.ok(), imported);
        }
        Ok(())
    });
}

#[test]
fn rows_in_quotes_are_answered_as_rows_without() {
    // A line end in a cell needs quotes, so there would be no row without.
    let style = styles().prop_map(|style| Style { line_end: "\n", ..style });
    hold(300, &(points(one_line()), style), |(table, style)| {
        let table: Vec<Vec<String>> =
            table.into_iter().map(|row| row.iter().map(|c| c.replace('\n', " ")).collect()).collect();
        let quoted = listen(&Style { all_quoted: true, ..style }.write(&table));
        prop_assert_eq!(listen(&Style { all_quoted: false, ..style }.write(&table)), quoted);
        Ok(())
    });
}

#[test]
fn a_table_in_pieces_is_answered_as_the_table_at_once() {
    hold(150, &(points(stored_texts()), styles(), sizes(), damages()), |(table, style, sizes, damages)| {
        let whole = style.write(&table);
        for text in [&whole, &damaged(&whole, &damages).0] {
            let in_pieces = listened(RowFormat::Csv, BufReader::with_capacity(sizes[0], Trickle::new(text, &sizes)));
            let at_once = listened(RowFormat::Csv, text.as_slice());
            let told = |answered: Result<_, RowsError>| answered.map_err(|error| error.to_string());
            prop_assert_eq!(told(in_pieces), told(at_once));
        }
        Ok(())
    });
}

#[test]
fn damage_leaves_the_rows_before_it_and_every_row_has_all_columns() {
    let whole: String = fixture("houses.csv").lines().take(30).flat_map(|line| [line, "\n"]).collect();
    let (undamaged, _) = listen(whole.as_bytes());
    assert!(undamaged.len() == 29 && undamaged.iter().all(Result::is_ok));
    hold(300, &damages(), |damages| {
        let (text, untouched) = damaged(whole.as_bytes(), &damages);
        let Ok((understood, out)) = listened(RowFormat::Csv, text.as_slice()) else { return Ok(()) };
        let n_before = memchr::memchr_iter(b'\n', &whole.as_bytes()[..untouched]).count().saturating_sub(1);
        prop_assert_eq!(&understood[..n_before], &undamaged[..n_before]);
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(out.as_slice());
        let n_cells: Vec<usize> = reader.byte_records().map(|record| record.unwrap().len()).collect();
        prop_assert_eq!(n_cells.len(), understood.len() + 1);
        prop_assert!(n_cells.iter().all(|n| *n == n_cells[0]), "{:?}", n_cells);
        Ok(())
    });
}

//! Tables that are imported.

use std::io::Read;

use gridmap::format::csv::{Rows, write_header, write_row};
use gridmap::format::{Place, ReadError, Record, Value};
use proptest::prelude::*;

use super::damage::{damaged, damages, sizes};
use super::tables::{Style, one_line, stored_texts, styles};
use super::{Trickle, hold};
use crate::locate::world::fixture;

const NAMES: [&str; 3] = ["id", "name", "note"];

/// A row's place, and its values or its fault.
type Found = (Place, Result<Vec<String>, String>);

/// What is read of a table: its records with their places, or the place of a row's fault; at last why it ends early.
fn read(input: impl Read) -> (Vec<Found>, Option<String>) {
    let rows = match Rows::new(input) {
        Ok(rows) => rows,
        Err(error) => return (Vec::new(), Some(error.to_string())),
    };
    let (mut found, mut broken) = (Vec::new(), None);
    for row in rows {
        match row {
            Ok(Ok(record)) => found.push((record.place, Ok(record.values))),
            Ok(Err(faults)) => found.push((faults[0].place, Err(faults[0].to_string()))),
            Err(error) => broken = Some(error.to_string()),
        }
    }
    (found, broken)
}

fn records(input: &[u8]) -> Vec<Record> {
    Rows::new(input).unwrap().map(|row| row.unwrap().unwrap()).collect()
}

#[test]
fn what_is_written_is_read_back_with_its_lines() {
    let row = (stored_texts(), stored_texts()).prop_map(|(name, note)| [name, note]);
    hold(300, &prop::collection::vec(row, 0..6), |rows| {
        let mut out = Vec::new();
        write_header(&NAMES, &mut out);
        for (at, [name, note]) in rows.iter().enumerate() {
            let id = Value::Count(at as u64);
            write_row(&[("id", id), ("name", Value::text(name)), ("note", Value::text(note))], &mut out);
        }
        let found = records(&out);
        prop_assert_eq!(found.len(), rows.len());
        let mut line = 2;
        for (record, texts) in found.iter().zip(&rows) {
            prop_assert_eq!(record.place, Place::Line(line));
            for (name, text) in NAMES[1..].iter().zip(texts) {
                prop_assert_eq!(record.value(name).unwrap_or_default(), text);
                line += text.matches('\n').count() as u64;
            }
            line += 1;
        }
        Ok(())
    });
}

#[test]
fn every_way_of_writing_a_table_is_read_alike() {
    let rows = prop::collection::vec((one_line(), one_line()), 1..5);
    hold(300, &(rows, styles()), |(rows, style)| {
        let mut table = vec![NAMES.map(str::to_owned).to_vec()];
        table.extend(rows.into_iter().enumerate().map(|(at, (name, note))| vec![format!("{at}"), name, note]));
        let plain = records(&Style::PLAIN.write(&table));
        let styled = records(&style.write(&table));
        let values = |records: &[Record]| records.iter().map(|record| record.values.clone()).collect::<Vec<_>>();
        prop_assert_eq!(values(&styled), values(&plain));
        let step = if style.is_padded { 3 } else { 1 };
        let lines: Vec<Place> = (0..plain.len() as u64).map(|at| Place::Line(1 + (at + 1) * step)).collect();
        prop_assert_eq!(styled.iter().map(|record| record.place).collect::<Vec<_>>(), lines);
        Ok(())
    });
}

#[test]
fn a_table_in_pieces_is_the_table_at_once() {
    // The filler brings the marks of the first lines to the border of what is read at once.
    let filler = prop_oneof![4 => Just(0), 1 => 65_500..=65_521_usize];
    let cases = (prop::collection::vec(one_line(), 1..4), styles(), filler, sizes(), damages());
    hold(60, &cases, |(names, style, filler, sizes, damages)| {
        let header = vec![format!("id{}", "x".repeat(filler)), "name".to_owned()];
        let rows = names.iter().enumerate().map(|(at, name)| vec![format!("{at}"), name.clone()]);
        let table: Vec<_> = [header].into_iter().chain(rows).collect();
        let whole = style.write(&table);
        prop_assert_eq!(records(&whole).len(), names.len());
        for text in [&whole, &damaged(&whole, &damages).0] {
            prop_assert_eq!(read(Trickle::new(text, &sizes)), read(text.as_slice()));
        }
        Ok(())
    });
}

#[test]
fn damage_leaves_the_rows_before_it_and_every_fault_has_a_line() {
    let whole: String = fixture("mediators.csv").lines().take(30).flat_map(|line| [line, "\r\n"]).collect();
    let undamaged = read(whole.as_bytes()).0;
    assert_eq!(undamaged.len(), 29);
    hold(300, &damages(), |damages| {
        let (text, untouched) = damaged(whole.as_bytes(), &damages);
        let n_lines = text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
        let (found, broken) = read(text.as_slice());
        let n_before = memchr::memchr_iter(b'\n', &whole.as_bytes()[..untouched]).count().saturating_sub(1);
        if broken.is_none() {
            prop_assert!(found.len() >= n_before);
            prop_assert_eq!(&found[..n_before], &undamaged[..n_before]);
        }
        let lines: Vec<Place> = found.iter().map(|(place, _)| *place).collect();
        prop_assert!(lines.iter().all(|line| (Place::Line(2)..=Place::Line(n_lines)).contains(line)), "{:?}", lines);
        prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", lines);
        if let Some(broken) = broken {
            let has_place = ["byte ", "line ", "header", "empty", "column"].iter().any(|word| broken.contains(word));
            prop_assert!(has_place, "{}", broken);
        }
        Ok(())
    });
}

/// The first line of this file is as long as what is read at once, up to the middle of its end.
#[test]
fn a_line_end_on_the_border_of_what_is_read_at_once_is_one_line_end() {
    for n_bytes in 65_530..65_540 {
        let header = format!("id,{}", "x".repeat(n_bytes - 3));
        let text = format!("{header}\r\n1,a\r\n2,\"b\r\nc\"\r\n3,d\r\n");
        let places: Vec<Place> = records(text.as_bytes()).iter().map(|record| record.place).collect();
        assert_eq!(places, [2, 3, 5].map(Place::Line), "a header of {n_bytes} bytes");
    }
    assert!(matches!(Rows::new(&b""[..]), Err(ReadError::Empty)));
}

//! The files that describe a region, its files and its basemaps.

use std::fmt::Debug;

use gridmap::domain::{Names, Region};
use gridmap::format::keys::KeyFault;
use gridmap::format::{basemaps, manifest, region};
use proptest::prelude::*;
use toml::{Table, Value};

use super::damage::{damaged, damages};
use super::hold;
use super::tables::stored_texts;
use crate::api::county::BASEMAPS;
use crate::locate::world::fixture;

/// A text that says something.
fn words() -> impl Strategy<Value = String> {
    stored_texts().prop_map(|text| if text.is_empty() { "空".to_owned() } else { text })
}

fn names() -> impl Strategy<Value = Names> {
    (words(), words()).prop_map(|(zh, en)| Names { zh, en })
}

fn table<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Table(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn names_of(names: &Names) -> Value {
    table([("zh", names.zh.clone().into()), ("en", names.en.clone().into())])
}

/// A region as its file says it.
fn written(region: &Region) -> Table {
    let texts = |texts: &[String]| Value::Array(texts.iter().cloned().map(Value::from).collect());
    let level = |level: &gridmap::domain::Level| {
        let mut value = table([
            ("code", level.code.clone().into()),
            ("names", names_of(&level.names)),
            ("required_roles", texts(&level.required_roles)),
        ]);
        let more = value.as_table_mut().unwrap();
        if let Some(answers) = &level.answers {
            more.insert("answers".to_owned(), answers.clone().into());
        }
        if let Some(target) = level.household_target {
            let numbers = [("floor", target.floor), ("target", target.target), ("ceiling", target.ceiling)];
            more.insert("household_target".to_owned(), table(numbers.map(|(key, n)| (key, i64::from(n).into()))));
        }
        value
    };
    let role = |role: &gridmap::domain::Role| {
        table([
            ("code", role.code.clone().into()),
            ("names", names_of(&role.names)),
            ("mediates", role.mediates.into()),
        ])
    };
    let fallback =
        [("holder", Value::from(region.fallback.holder.as_str())), ("name", region.fallback.name.clone().into())];
    let Value::Table(table) = table([
        ("code", region.code.clone().into()),
        ("names", names_of(&region.names)),
        ("utc_offset", region.utc_offset.to_string().into()),
        ("fallback", table(fallback)),
        ("levels", region.levels.iter().map(level).collect::<Vec<_>>().into()),
        ("roles", region.roles.iter().map(role).collect::<Vec<_>>().into()),
    ]) else {
        panic!("a table")
    };
    table
}

#[test]
fn a_region_is_read_back() {
    let lintan = region::parse(&fixture("region.toml")).unwrap();
    let one = |n: usize| {
        (prop::collection::vec((names(), words()), n), prop::collection::vec((1..99_u32, 0..99_u32, 0..99_u32), n))
    };
    let offsets = -719..=840_i32;
    hold(
        200,
        &(names(), words(), offsets, (1..7_usize).prop_flat_map(one)),
        |(names, name, minutes, (roles, targets))| {
            let mut region = lintan.clone();
            (region.names, region.fallback.name) = (names, name);
            region.utc_offset = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
            region.roles = roles
                .iter()
                .enumerate()
                .map(|(at, (names, code))| {
                    let code = format!("{at}{code}");
                    gridmap::domain::Role { code, names: names.clone(), mediates: at % 2 == 0 }
                })
                .collect();
            let codes: Vec<String> = region.roles.iter().map(|role| role.code.clone()).collect();
            region.levels = targets
                .iter()
                .enumerate()
                .map(|(at, (floor, more, most))| gridmap::domain::Level {
                    code: format!("level {at}"),
                    names: region.roles[at].names.clone(),
                    household_target: (more % 3 > 0).then(|| gridmap::domain::HouseholdTarget {
                        floor: *floor,
                        target: floor + more,
                        ceiling: floor + more + most,
                    }),
                    answers: (most % 3 > 0).then(|| codes[at].clone()),
                    required_roles: codes[at..].to_vec(),
                })
                .collect();
            let text = toml::to_string(&written(&region)).unwrap();
            prop_assert_eq!(region::parse(&text), Ok(region), "{}", text);
            Ok(())
        },
    );
}

/// Checks that a damaged file is understood as it was, or otherwise, or refused by its keys or its line.
fn check_damaged<T: Debug>(
    text: &str,
    damages: &[super::damage::Damage],
    parse: impl Fn(&str) -> Result<T, Vec<KeyFault>>,
) -> Result<(), TestCaseError> {
    prop_assert!(parse(text).is_ok());
    let bytes = damaged(text.as_bytes(), damages).0;
    let text = String::from_utf8_lossy(&bytes);
    let Err(faults) = parse(&text) else { return Ok(()) };
    prop_assert!(!faults.is_empty());
    let n_lines = text.matches('\n').count() + 1;
    for fault in faults {
        let said = fault.to_string();
        let line = said.rsplit_once("(line ").and_then(|(_, end)| end.strip_suffix(')')?.parse::<usize>().ok());
        let is_placed = !fault.key.is_empty() || line.is_some_and(|line| (1..=n_lines).contains(&line));
        prop_assert!(is_placed, "{}", said);
    }
    Ok(())
}

#[test]
fn a_damaged_file_is_refused_by_key_or_line() {
    let (region, import) = (fixture("region.toml"), fixture("import.toml"));
    hold(250, &damages(), |damages| {
        check_damaged(&region, &damages, region::parse)?;
        check_damaged(&import, &damages, manifest::parse)?;
        check_damaged(BASEMAPS, &damages, basemaps::parse)
    });
}

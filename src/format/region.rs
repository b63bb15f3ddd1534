//! `region.toml` in: the ladder of levels, the roles and the clock of one region.
//!
use std::collections::HashSet;

use chrono::FixedOffset;

use super::keys::{self, KeyFault, KeyProblem, Keys};
use crate::domain::region::Fallback;
use crate::domain::{HouseholdTarget, Id, Level, Region, Role};

/// More levels than any tree has; depths stay small.
const MAX_LEVELS: usize = 16;

/// Reads a region file.
///
/// # Errors
/// All faults, each with the key it is about.
pub fn parse(text: &str) -> Result<Region, Vec<KeyFault>> {
    keys::parse(text, region)
}

fn region(keys: &mut Keys<'_>) -> Option<Region> {
    keys.allow(&["code", "names", "utc_offset", "fallback", "levels", "roles"]);
    let code = keys.text("code");
    if let Some(Err(error)) = code.as_deref().map(Id::<Region>::new) {
        keys.refuse("code", error);
    }
    let names = keys.names();
    let utc_offset = keys.text("utc_offset").and_then(|text| {
        let offset = text.parse::<FixedOffset>().ok();
        if offset.is_none() {
            keys.refuse("utc_offset", KeyProblem::NotAnOffset(text));
        }
        offset
    });
    let fallback = keys.table("fallback", fallback).flatten();
    let roles = keys.tables("roles", role);
    let levels = keys.tables("levels", level);
    if levels.len() > MAX_LEVELS {
        keys.refuse("levels", KeyProblem::TooMany(MAX_LEVELS));
    }
    check_words(keys, &levels, &roles);
    let (levels, roles) = (levels.into_iter().collect::<Option<_>>()?, roles.into_iter().collect::<Option<_>>()?);
    Some(Region { code: code?, names: names?, utc_offset: utc_offset?, levels, roles, fallback: fallback? })
}

fn fallback(keys: &mut Keys<'_>) -> Option<Fallback> {
    keys.allow(&["holder", "name"]);
    let holder = keys.text("holder").and_then(|text| Id::new(&text).map_err(|error| keys.refuse("holder", error)).ok());
    let name = keys.text("name");
    Some(Fallback { holder: holder?, name: name? })
}

fn role(keys: &mut Keys<'_>) -> Option<Role> {
    keys.allow(&["code", "names", "mediates"]);
    let (code, names, mediates) = (keys.text("code"), keys.names(), keys.flag("mediates"));
    Some(Role { code: code?, names: names?, mediates })
}

fn level(keys: &mut Keys<'_>) -> Option<Level> {
    keys.allow(&["code", "names", "household_target", "answers", "required_roles"]);
    let (code, names) = (keys.text("code"), keys.names());
    let household_target =
        if keys.has("household_target") { keys.table("household_target", target).flatten() } else { None };
    let answers = if keys.has("answers") { keys.text("answers") } else { None };
    let required_roles = keys.texts("required_roles");
    Some(Level { code: code?, names: names?, household_target, answers, required_roles })
}

fn target(keys: &mut Keys<'_>) -> Option<HouseholdTarget> {
    keys.allow(&["floor", "target", "ceiling"]);
    let (floor, target, ceiling) = (keys.positive("floor"), keys.positive("target"), keys.positive("ceiling"));
    let (floor, target, ceiling) = (floor?, target?, ceiling?);
    if floor > target || target > ceiling {
        keys.refuse_here(KeyProblem::TargetOrder { floor, target, ceiling });
    }
    Some(HouseholdTarget { floor, target, ceiling })
}

/// Each code is there once, and every role that a level names is there.
fn check_words(keys: &mut Keys<'_>, levels: &[Option<Level>], roles: &[Option<Role>]) {
    let mut seen = HashSet::new();
    for (at, level) in levels.iter().enumerate() {
        let Some(level) = level else { continue };
        if !seen.insert(level.code.as_str()) {
            keys.refuse(&format!("levels[{at}].code"), KeyProblem::Repeated(level.code.clone()));
        }
    }
    let mut known = HashSet::new();
    for (at, role) in roles.iter().enumerate() {
        let Some(role) = role else { continue };
        if !known.insert(role.code.as_str()) {
            keys.refuse(&format!("roles[{at}].code"), KeyProblem::Repeated(role.code.clone()));
        }
    }
    for (at, level) in levels.iter().enumerate() {
        let Some(level) = level else { continue };
        if let Some(answers) = level.answers.as_deref().filter(|word| !known.contains(word)) {
            keys.refuse(&format!("levels[{at}].answers"), KeyProblem::NoRole(answers.to_owned()));
        }
        for (n, word) in level.required_roles.iter().enumerate().filter(|(_, word)| !known.contains(word.as_str())) {
            keys.refuse(&format!("levels[{at}].required_roles[{n}]"), KeyProblem::NoRole(word.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTAN: &str = include_str!("../../fixtures/lintan/region.toml");

    #[test]
    fn the_demo_county_has_five_levels_and_everyone_who_answers_is_a_known_role() {
        let region = parse(LINTAN).unwrap();
        let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
        assert_eq!(levels, ["county", "township", "village", "grid", "group"]);
        assert_eq!(region.role("网格长").unwrap().code, "grid_leader");
        assert_eq!(region.utc_offset.local_minus_utc(), 8 * 3600);
        assert!(region.levels.iter().all(|level| level.answers.is_some()));
        let mediating = region.roles.iter().filter(|role| role.mediates).map(|role| role.code.as_str());
        assert_eq!(mediating.collect::<Vec<_>>(), ["mediator", "mediation_committee"]);
    }

    #[test]
    fn all_faults_come_at_once_each_by_its_key() {
        let text = r#"
            code = "62 3021"
            names = { zh = "临潭县" }
            utc_offset = "8"
            colour = "red"
            levels = [
                { code = "county", names = { zh = "县", en = "county" }, answers = "mayor" },
                { code = "county", names = { zh = "", en = "x" }, household_target = { floor = 9, target = 5, ceiling = -1 } },
                { code = "grid", names = { zh = "网格", en = "grid" }, household_target = { floor = 9, target = 5, ceiling = 7 } },
                { code = "grid", names = { zh = "网格", en = "grid" }, required_roles = ["grid_leader", "cook"] },
            ]
            roles = [{ code = "grid_leader", names = { zh = "网格长", en = "grid leader" }, mediates = "sometimes" }]
        "#;
        let faults: Vec<String> = parse(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "colour: is not a key that is known here",
                "code: an identifier must not contain ' '",
                "names.en: is missing",
                "utc_offset: \"8\" is not an offset from UTC like \"+08:00\"",
                "fallback: is missing",
                "roles[0].mediates: is string, expected boolean",
                "levels[1].names.zh: must not be empty",
                "levels[1].household_target.ceiling: must be a whole number from 1, this is -1",
                "levels[2].household_target: floor 9, target 5 and ceiling 7 must rise",
                "levels[3].code: \"grid\" stands twice",
                "levels[0].answers: there is no role \"mayor\"",
                "levels[3].required_roles[1]: there is no role \"cook\"",
            ]
        );
        let syntax = parse("code = \n[").unwrap_err();
        assert!(syntax[0].to_string().starts_with("the file is not TOML"), "{}", syntax[0]);
    }
}

//! The region: one row, its ladder of levels and its roles as one JSON text.

use chrono::FixedOffset;
use serde::{Deserialize, Serialize};

use crate::domain::region::Fallback;
use crate::domain::{HouseholdTarget, Level, Names, Region, Role};
use crate::store::Result;
use crate::store::error::inconsistent;
use crate::store::table::Cells;

#[derive(Serialize, Deserialize)]
struct Ladder {
    levels: Vec<LevelRow>,
    roles: Vec<RoleRow>,
}

#[derive(Serialize, Deserialize)]
struct LevelRow {
    code: String,
    zh: String,
    en: String,
    /// Floor, target and ceiling.
    household_target: Option<(u32, u32, u32)>,
    answers: Option<String>,
    required_roles: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct RoleRow {
    code: String,
    zh: String,
    en: String,
    /// Absent in rows of before there were such roles; migration 2 added it where it was true.
    #[serde(default)]
    mediates: bool,
}

/// Returns the text kept for levels and roles; equal regions give equal texts.
pub(in crate::store) fn write_ladder(region: &Region) -> String {
    let levels = region.levels.iter().map(|level| LevelRow {
        code: level.code.clone(),
        zh: level.names.zh.clone(),
        en: level.names.en.clone(),
        household_target: level.household_target.map(|t| (t.floor, t.target, t.ceiling)),
        answers: level.answers.clone(),
        required_roles: level.required_roles.clone(),
    });
    let roles = region.roles.iter().map(|role| RoleRow {
        code: role.code.clone(),
        zh: role.names.zh.clone(),
        en: role.names.en.clone(),
        mediates: role.mediates,
    });
    let ladder = Ladder { levels: levels.collect(), roles: roles.collect() };
    serde_json::to_string(&ladder).expect("texts and numbers always have a JSON form")
}

pub(in crate::store) fn read(row: &dyn Cells) -> Result<Region> {
    let ladder: Ladder = serde_json::from_str(&row.text("ladder")?).map_err(|e| inconsistent("ladder", e))?;
    let utc_offset = i32::try_from(row.integer("utc_offset_s")?).ok().and_then(FixedOffset::east_opt);
    Ok(Region {
        code: row.text("region_code")?,
        names: Names { zh: row.text("name_zh")?, en: row.text("name_en")? },
        utc_offset: utc_offset.ok_or_else(|| inconsistent("utc_offset_s", "it is more than a day"))?,
        levels: ladder.levels.into_iter().map(level).collect(),
        roles: ladder.roles.into_iter().map(role).collect(),
        fallback: Fallback { holder: row.id("fallback_id")?, name: row.text("fallback_name")? },
    })
}

fn level(row: LevelRow) -> Level {
    let target = |(floor, target, ceiling)| HouseholdTarget { floor, target, ceiling };
    Level {
        code: row.code,
        names: Names { zh: row.zh, en: row.en },
        household_target: row.household_target.map(target),
        answers: row.answers,
        required_roles: row.required_roles,
    }
}

fn role(row: RoleRow) -> Role {
    Role { code: row.code, names: Names { zh: row.zh, en: row.en }, mediates: row.mediates }
}

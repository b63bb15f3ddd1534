//! The values of a query that name something of the region: one that it has not is refused, since an empty list would
//! say that there is nothing of it.

use super::{By, Property, Query};
use crate::domain::{Noun, Region};
use crate::index::Snapshot;
use crate::service::Refused;
use crate::service::refused::{ParameterFault, shortened};

/// Looks up every level, role, and area that `query` names in a list of `noun`.
///
/// # Errors
/// With all of those that are not there.
pub(super) fn check(noun: Noun, snapshot: &Snapshot, query: &Query) -> Result<(), Refused> {
    let faults: Vec<_> = query.filters.iter().filter_map(|(by, word)| fault(noun, snapshot, *by, word)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Refused::Parameters(faults)) }
}

fn fault(noun: Noun, snapshot: &Snapshot, by: By, word: &str) -> Option<ParameterFault> {
    let region = snapshot.region();
    let (name, words) = match (noun, by) {
        (_, By::Level) => ("level", levels(region)),
        (Noun::Incidents, By::Property(Property::Tier)) => ("tier", levels(region)),
        (Noun::Duties, By::Property(Property::Role)) => ("role", roles(region)),
        (Noun::ServicePoints, By::Property(Property::Kind)) => ("kind", roles(region)),
        (_, By::Grid) => return no_area("grid", snapshot, word),
        (_, By::Parent) => return no_area("parent", snapshot, word),
        _ => return None,
    };
    let detail = || format!("{:?} is none of {}", shortened(word), words.join(", "));
    (!words.contains(&word)).then(|| ParameterFault { name, detail: detail() })
}

fn no_area(name: &'static str, snapshot: &Snapshot, word: &str) -> Option<ParameterFault> {
    let is_there = snapshot.by_code(word).or_else(|| snapshot.by_id(word)).is_some();
    (!is_there).then(|| ParameterFault { name, detail: format!("{:?} is no grid's code", shortened(word)) })
}

fn levels(region: &Region) -> Vec<&str> {
    region.levels.iter().map(|level| level.code.as_str()).collect()
}

fn roles(region: &Region) -> Vec<&str> {
    region.roles.iter().map(|role| role.code.as_str()).collect()
}

//! A manifest in: the list of files that make up a county, in the order in which they are imported.
//!
//! `fixtures/lintan/import.toml` is one, with a word on every key.

use toml::Value;

use super::keys::{self, KeyFault, KeyProblem, Keys};
use super::{Mapping, duty, grid, holder, household, incident, service_point};
use crate::domain::Noun;
use crate::geometry::coverage::Tolerance;
use crate::geometry::crs::Frame;

/// The files of one county.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The file that describes the region; names are relative to the manifest.
    pub region: Option<String>,
    pub sources: Vec<ManifestSource>,
}

/// Files of one noun that are written alike.
#[derive(Clone, Debug, PartialEq)]
pub struct ManifestSource {
    pub noun: Noun,
    /// Grids of several files are one import; files of other nouns are imported one by one.
    pub files: Vec<String>,
    pub mapping: Mapping,
    pub frame: Frame,
    /// Grids only: publish although there are gaps, and list them.
    pub accept_gaps: bool,
    /// Grids only: what is narrow enough to be settled by rule.
    pub tolerance: Tolerance,
    /// Grids only: from when the ground counts, as written.
    pub in_force: Option<String>,
}

/// Reads a manifest.
///
/// # Errors
/// All faults, each with the key it is about.
pub fn parse(text: &str) -> Result<Manifest, Vec<KeyFault>> {
    keys::parse(text, |keys| {
        keys.allow(&["region", "source"]);
        let region = if keys.has("region") { keys.text("region") } else { None };
        let sources = keys.tables("source", source).into_iter().collect::<Option<_>>()?;
        Some(Manifest { region, sources })
    })
}

/// The fields a noun has in files; none for one that is not imported.
#[must_use]
pub fn fields(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Grids => &grid::FIELDS,
        Noun::Households => &household::FIELDS,
        Noun::Holders => &holder::FIELDS,
        Noun::Duties => &duty::FIELDS,
        Noun::ServicePoints => &service_point::FIELDS,
        Noun::Incidents => &incident::FIELDS,
        _ => &[],
    }
}

fn source(keys: &mut Keys<'_>) -> Option<ManifestSource> {
    keys.allow(&["kind", "files", "map", "set", "crs", "accept_gaps", "snap", "in_force"]);
    let noun = keys.text("kind").and_then(|word| {
        let noun = Noun::parse(&word);
        if noun.is_none() {
            let expected = Noun::ALL.map(Noun::as_str).join(", ");
            keys.refuse("kind", KeyProblem::UnknownWord { word, expected });
        }
        noun
    });
    let files = keys.texts("files");
    if files.is_empty() {
        keys.refuse("files", KeyProblem::Missing);
    }
    let mapping = Mapping { columns: keys.pairs("map"), constants: keys.pairs("set") };
    if let Some(noun) = noun {
        check_fields(keys, noun, &mapping);
    }
    let name = if keys.has("crs") { keys.text("crs") } else { Some("wgs84".to_owned()) };
    let frame = name.and_then(|name| {
        Frame::parse(&name).map_err(|error| keys.refuse("crs", KeyProblem::Frame(error.to_string()))).ok()
    });
    let accept_gaps = keys.flag("accept_gaps");
    let tolerance = if keys.has("snap") { tolerance(keys) } else { Some(Tolerance::default()) };
    let in_force = if keys.has("in_force") { keys.text("in_force") } else { None };
    Some(ManifestSource { noun: noun?, files, mapping, frame: frame?, accept_gaps, tolerance: tolerance?, in_force })
}

fn tolerance(keys: &mut Keys<'_>) -> Option<Tolerance> {
    #[expect(clippy::cast_precision_loss, reason = "a few metres")]
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64));
    let metres = keys.take("snap", "number", number)?;
    let tolerance = Tolerance::narrower_than(metres);
    if tolerance.is_none() {
        keys.refuse("snap", KeyProblem::NotAWidth(metres));
    }
    tolerance
}

fn check_fields(keys: &mut Keys<'_>, noun: Noun, mapping: &Mapping) {
    for (key, pairs) in [("map", &mapping.columns), ("set", &mapping.constants)] {
        for (field, _) in pairs.iter().filter(|(field, _)| !fields(noun).contains(&field.as_str())) {
            let expected = fields(noun).join(", ");
            keys.refuse(&format!("{key}.{field}"), KeyProblem::UnknownWord { word: field.clone(), expected });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_county_is_a_good_manifest() {
        let manifest = parse(include_str!("../../fixtures/lintan/import.toml")).unwrap();
        assert_eq!(manifest.region.as_deref(), Some("region.toml"));
        assert_eq!(manifest.sources[0].noun, Noun::Grids);
        assert_eq!(manifest.sources[0].files.len(), 5);
    }

    #[test]
    fn faults_are_named_by_key() {
        let text =
            "source = [{ kind = 'houses', crs = 'wgs48' }, { kind = 'households', files = ['a'], map = { x = 'y' } }]";
        let faults: Vec<String> = parse(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "source[0].kind: \"houses\" is not one of grids, households, holders, duties, service_points, incidents",
                "source[0].files: is missing",
                "source[0].crs: \"wgs48\" is not a coordinate frame: expected wgs84, cgcs2000, gcj02, bd09 or EPSG:n",
                "source[1].map.x: \"x\" is not one of id, lon, lat, residents, stated_grid, address, phone",
            ]
        );
    }
}

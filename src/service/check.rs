//! Checks files of grids: what can be read is checked as one tree, what cannot is listed.

use std::io::Read;

use chrono::FixedOffset;

use crate::domain::region::Fallback;
use crate::domain::{HolderId, Level, Names, Region};
use crate::format::grid::{self, ParsedGrid};
use crate::format::record::{self, Syntax};
use crate::format::{Fault, Mapping, Place, ReadError, encoding};
use crate::geometry::coverage::{self, Finding, RawArea, RawPolygon, Report, Rules, Tolerance};
use crate::geometry::crs::Frame;

/// The full ladder, which is taken where no region file is given.
pub const LADDER: [&str; 5] = ["county", "township", "village", "grid", "group"];

/// How files are read.
#[derive(Clone, Debug)]
pub struct Reading {
    pub region: Region,
    pub mapping: Mapping,
    pub frame: Frame,
}

/// What was read of all files so far.
#[derive(Debug, Default)]
pub struct Input {
    areas: Vec<RawArea>,
    features: Vec<Feature>,
    sources: Vec<Source>,
    refused: Vec<Refused>,
}

/// One file, and how many areas of it are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    /// What it was read as.
    pub encoding: &'static str,
    pub n_areas: usize,
}

/// Where one area was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Feature {
    /// The file's place among the sources.
    source: usize,
    /// Which feature of its file it is, from 1.
    number: usize,
}

/// A feature that cannot be read as an area, with all its faults.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub file: String,
    pub faults: Vec<Fault>,
}

/// What the check found.
#[derive(Debug)]
pub struct Checked {
    pub sources: Vec<Source>,
    features: Vec<Feature>,
    pub refused: Vec<Refused>,
    pub report: Report,
    pub rules: Rules,
    /// Whether areas of more than one level were there, so that parents could be checked.
    pub has_parents: bool,
}

impl Checked {
    /// Tells whether there is no fault; notes may be there.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.refused.is_empty() && self.report.is_clean()
    }

    /// The features a finding speaks of: the name of the file, and which feature of it, from 1.
    pub fn features<'a>(&'a self, finding: &'a Finding) -> impl Iterator<Item = (&'a str, usize)> {
        let features = finding.places.iter().filter_map(|&place| self.features.get(place));
        features.map(|feature| (self.sources[feature.source].name.as_str(), feature.number))
    }
}

impl Input {
    /// Reads one file.
    ///
    /// # Errors
    /// When the file itself cannot be read to its end; single features that cannot be read are kept in the answer.
    pub fn read(&mut self, name: &str, input: impl Read + Send, reading: &Reading) -> Result<(), ReadError> {
        reading.mapping.check(grid::NOUN, &grid::FIELDS)?;
        let n_before = self.areas.len();
        let (encoding, input) = encoding::decode(input)?;
        for record in record::read(input, Syntax::of(name), &reading.frame)? {
            let parsed = record?.and_then(|r| grid::parse(&r, &reading.mapping, &reading.frame, &reading.region));
            match parsed {
                Ok(grid) => {
                    let area = raw_area(grid);
                    self.features.push(Feature { source: self.sources.len(), number: area.place });
                    self.areas.push(RawArea { place: self.areas.len(), ..area });
                }
                Err(faults) => self.refused.push(Refused { file: name.to_owned(), faults }),
            }
        }
        let n_areas = self.areas.len() - n_before;
        self.sources.push(Source { name: name.to_owned(), encoding, n_areas });
        Ok(())
    }

    /// Checks everything that was read as one tree, after what is narrow by `tolerance` was settled.
    #[must_use]
    pub fn check(self, rules: Rules, tolerance: Option<&Tolerance>) -> Checked {
        let first = self.areas.first().map(|area| area.depth);
        let has_parents = self.areas.iter().any(|area| Some(area.depth) != first);
        let snapped = tolerance.and_then(|tolerance| coverage::snap(&self.areas, tolerance));
        let (areas, notes) = snapped.map_or((self.areas, Report::default()), |snapped| (snapped.areas, snapped.report));
        let mut report = coverage::check(&areas, &rules);
        report.add(notes);
        let Self { features, sources, refused, .. } = self;
        Checked { sources, features, refused, report, rules, has_parents }
    }
}

/// The area a grid of a file draws; its place is the number of its feature.
#[must_use]
pub fn raw_area(grid: ParsedGrid) -> RawArea {
    let (Place::Feature(place) | Place::Line(place)) = grid.place;
    RawArea {
        code: grid.code.as_str().to_owned(),
        depth: grid.depth,
        parent: grid.parent.map(|parent| parent.as_str().to_owned()),
        polygons: grid.polygons.into_iter().map(|rings| RawPolygon { rings }).collect(),
        place: usize::try_from(place).unwrap_or(usize::MAX),
    }
}

/// A region of which nothing is known but the full [`LADDER`].
#[must_use]
pub fn plain_region() -> Region {
    let names = |word: &str| Names { zh: word.to_owned(), en: word.to_owned() };
    let level = |word: &&str| Level {
        code: (*word).to_owned(),
        names: names(word),
        household_target: None,
        answers: None,
        required_roles: Vec::new(),
    };
    let holder = HolderId::new("nobody").expect("a word is an identifier");
    Region {
        code: "region".to_owned(),
        names: names("region"),
        utc_offset: FixedOffset::east_opt(0).expect("no offset is an offset"),
        levels: LADDER.iter().map(level).collect(),
        roles: Vec::new(),
        fallback: Fallback { holder, name: "nobody".to_owned() },
    }
}

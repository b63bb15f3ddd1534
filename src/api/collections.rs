//! The one list of collections: what each is, and what it can be narrowed by.
//!
//! The landing page, the OpenAPI document and the handlers all read this list, so they cannot disagree.

use serde_json::{Value, json};

use super::parameter::{AT, FORM, KNOWN_AT, Parameter, query_parameter, takes};
use super::params;
use super::value_schemas::{self as values, Vocabulary};
use crate::domain::{Action, Noun, Principal};
use crate::service::collections::{By, Property};

/// The most features in one answer. More are capped, and the answer links to the next page.
pub(crate) const MAX_LIMIT: u32 = 10_000;
pub(crate) const DEFAULT_LIMIT: u32 = 100;

/// One collection of features.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) noun: Noun,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) geometry: Geometry,
    /// What `datetime` means here; where it means nothing it is ignored, as the standard says for features without time.
    pub(crate) time: Option<&'static str>,
    pub(crate) filters: &'static [FilterParameter],
    /// Takes `POST`, `PUT` and `DELETE`.
    pub(crate) writable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Geometry {
    Point,
    MultiPolygon,
}

/// A property that can be asked for by value.
#[derive(Debug)]
pub(crate) struct FilterParameter {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) by: By,
    /// The words it may have, when they are few and fixed.
    pub(crate) words: &'static [&'static str],
}

const fn filter(name: &'static str, by: By, description: &'static str) -> FilterParameter {
    FilterParameter { name, description, by, words: &[] }
}

const GRID: FilterParameter =
    filter("grid", By::Grid, "the code of a grid of any level: what stands in it or below it");
const STATED_GRID: FilterParameter =
    filter("stated_grid", By::Property(Property::StatedGrid), "the code of the grid that the source states");

pub(crate) const COLLECTIONS: [Collection; 6] = [
    Collection {
        noun: Noun::Grids,
        title: "Grids",
        description: "The ground: every grid of every level, from the county down to the groups of homes",
        geometry: Geometry::MultiPolygon,
        time: None,
        filters: &[
            filter("level", By::Level, "the code of a level, for instance village"),
            filter("parent", By::Parent, "the code of the grid right above"),
            filter("code", By::Code, "the official code"),
            filter("name", By::Name, "the whole name"),
        ],
        writable: false,
    },
    Collection {
        noun: Noun::Households,
        title: "Households",
        description: "Homes: points with a size. Not shown to the public",
        geometry: Geometry::Point,
        time: None,
        filters: &[GRID, STATED_GRID],
        writable: false,
    },
    Collection {
        noun: Noun::Incidents,
        title: "Incidents",
        description: "Disputes, hazards, unrest signs and requests. Not shown to the public, which is told how many there \
                      are, where they are not few",
        geometry: Geometry::Point,
        time: Some("when the incident was reported; an interval begins before it ends"),
        filters: &[
            FilterParameter {
                words: &["open", "resolved"],
                ..filter("status", By::Property(Property::Status), "whether it is settled")
            },
            FilterParameter {
                words: &["dispute", "hazard", "unrest", "request"],
                ..filter("kind", By::Property(Property::Kind), "what it is")
            },
            filter("category", By::Property(Property::Category), "a word of the region's category tree"),
            filter("tier", By::Property(Property::Tier), "the code of the level that settles it"),
            GRID,
            STATED_GRID,
        ],
        writable: true,
    },
    Collection {
        noun: Noun::Holders,
        title: "Holders",
        description: "Persons and bodies who answer. Their telephones are not shown to the public",
        geometry: Geometry::Point,
        time: None,
        filters: &[
            FilterParameter {
                words: &["person", "body"],
                ..filter("kind", By::Property(Property::Kind), "a person or a body")
            },
            filter("body", By::Property(Property::Body), "the id of the body they belong to"),
        ],
        writable: false,
    },
    Collection {
        noun: Noun::Duties,
        title: "Duties",
        description: "Who answers for which ground, in which role, from when to when",
        geometry: Geometry::MultiPolygon,
        time: Some("while the duty counts; an interval begins before it ends"),
        filters: &[
            filter("role", By::Property(Property::Role), "the code of a role of the region"),
            filter("holder", By::Property(Property::Holder), "the id of the holder"),
            GRID,
        ],
        writable: false,
    },
    Collection {
        noun: Noun::ServicePoints,
        title: "Service points",
        description: "Places where help is found: court stations, contact points",
        geometry: Geometry::Point,
        time: None,
        filters: &[filter("kind", By::Property(Property::Kind), "a role code of the region"), GRID, STATED_GRID],
        writable: false,
    },
];

pub(crate) const LIMIT: Parameter = Parameter::new(
    "limit",
    "the most features in the answer; larger numbers are taken as the maximum",
    |_| json!({"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}),
);
pub(crate) const BBOX: Parameter =
    Parameter::new("bbox", "a box in degrees, west,south,east,north, or six numbers with heights", |_| values::bbox());
pub(crate) const DATETIME: Parameter =
    Parameter::new("datetime", "has no meaning here and changes nothing; an interval begins before it ends", |_| {
        values::interval()
    });
pub(crate) const AFTER: Parameter =
    Parameter::new("after", "the next page: features with an id after this one", |_| values::after());

/// What the items of every collection take.
const OF_ITEMS: [Parameter; 5] = [LIMIT, BBOX, DATETIME, AFTER, FORM];

/// What those of the grids take too: the ground changes.
const DATES: [Parameter; 2] = [AT, KNOWN_AT];

impl FilterParameter {
    /// Returns it as OpenAPI has it, in the words of a region.
    fn describe(&self, words: &Vocabulary) -> Value {
        let schema = match self.by {
            _ if !self.words.is_empty() => values::one_of(self.words),
            By::Level | By::Property(Property::Tier) => values::one_of(&words.levels),
            By::Property(Property::Role | Property::Kind) => values::one_of(&words.roles),
            _ => values::text(),
        };
        query_parameter(self.name, self.description, schema)
    }
}

impl Collection {
    pub(crate) fn of(noun: Noun) -> &'static Self {
        COLLECTIONS.iter().find(|c| c.noun == noun).expect("the list has every noun, which a test holds")
    }

    pub(crate) fn id(&self) -> &'static str {
        self.noun.as_str()
    }

    /// The path of one of its items, below the address of the API.
    pub(crate) fn item(&self, id: &str) -> String {
        let mut path = format!("/collections/{}/items/", self.id());
        params::encode(id, &mut path);
        path
    }

    pub(crate) fn readable_by(&self, principal: &Principal) -> bool {
        principal.may(Action::List, self.noun)
    }

    pub(crate) fn writable_by(&self, principal: &Principal) -> bool {
        self.writable && principal.may(Action::Write, self.noun)
    }

    /// Tells whether the items of this collection take a parameter of that name.
    pub(crate) fn takes(&self, name: &str) -> bool {
        takes(&OF_ITEMS, name) || takes(self.dates(), name) || self.filters.iter().any(|filter| filter.name == name)
    }

    /// The dates that its items are asked for by.
    pub(crate) fn dates(&self) -> &'static [Parameter] {
        if self.noun == Noun::Grids { &DATES } else { &[] }
    }

    /// Returns the parameters that its items take, as OpenAPI has them.
    pub(crate) fn parameters(&self, words: &Vocabulary) -> Vec<Value> {
        let here = |one: &Parameter| match self.time {
            Some(description) if one.name == DATETIME.name => one.described(description),
            _ => *one,
        };
        let common = OF_ITEMS.iter().chain(self.dates()).map(|one| here(one).describe(words));
        common.chain(self.filters.iter().map(|filter| filter.describe(words))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_noun_once() {
        let nouns: Vec<_> = COLLECTIONS.iter().map(|c| c.noun).collect();
        assert_eq!(nouns.len(), Noun::ALL.len());
        assert!(Noun::ALL.iter().all(|noun| nouns.iter().filter(|n| *n == noun).count() == 1));
    }
}

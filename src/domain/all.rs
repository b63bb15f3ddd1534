//! Holds every list `ALL` to the variants that there are: a variant more does not compile here until it is listed too.

use super::basemap::{BasemapFrame, BasemapKind};
use super::{Action, IncidentKind, Noun, Part, RoleKey, Status, StepKind};

/// Asserts that `ALL` of an enum is these variants in this order, and that there are no others.
macro_rules! assert_all {
    ($kind:ident: $($variant:ident),+) => {
        let exhaustive = |one: $kind| match one {
            $($kind::$variant => {})+
        };
        assert_eq!($kind::ALL.to_vec(), vec![$($kind::$variant),+]);
        $kind::ALL.into_iter().for_each(exhaustive);
    };
}
pub(crate) use assert_all;

#[test]
fn every_list_has_every_variant() {
    assert_all!(Action: List, Read, Count, CountExactly, Tile, Locate, Personal, Write, Import);
    assert_all!(RoleKey: System, Open, Public);
    assert_all!(Part: Ground, People, Households, Incidents);
    assert_all!(Status: Open, Resolved);
    assert_all!(IncidentKind: Dispute, Hazard, Unrest, Request);
    assert_all!(StepKind: Receive, Register, Assign, Handle, Supervise, Resolve, Rate, ReturnVisit, Archive);
    assert_all!(BasemapKind: Style, Raster, Wmts);
    assert_all!(BasemapFrame: Wgs84, Gcj02);
}

/// Nouns are names, which no match can exhaust: these are the collections that the documents promise.
#[test]
fn the_nouns_are_the_collections() {
    let names = ["grids", "households", "holders", "duties", "service_points", "incidents"];
    assert_eq!(Noun::ALL.map(Noun::as_str), names);
}

//! Takes files into the store: all of a file or nothing, and a report either way.
//!
//! A file is read record by record on a thread of its own (`stream`); what it says is understood by `format`, put on
//! the newest ground ([`located`]) or against the holders known ([`people`]), and only then stored in one transaction (`put`)
//! that is committed only when every record was good and none undoes what somebody has written since. Grids go another way
//! ([`mod@grids`]): the whole tree they would make is checked, and what differs from the newest generation is published as the
//! next one.

pub mod grids;
pub mod located;
pub mod people;
mod put;
pub mod region;
pub mod report;
mod stream;

use std::io::Read;
use std::sync::Arc;

use thiserror::Error;

pub use grids::{GridOptions, grids};
pub use located::{households, incidents, service_points};
pub use people::{duties, holders};
pub use put::OnEdited;
pub use region::region;
pub use report::{ImportReport, Listed, Outcome, Preview};

use super::collections::{self, CollectionItem};
use super::{Caller, Gridmap};
use crate::domain::{Action, Denied, Noun, Region, Scope};
use crate::format::record::Syntax;
use crate::format::{Mapping, Place, ReadError};
use crate::geometry::crs::Frame;
use crate::index::Snapshot;
use crate::store::StoreError;

/// One file to be read.
pub struct Source {
    /// What the report calls it.
    pub name: String,
    pub input: Box<dyn Read + Send>,
    pub syntax: Syntax,
    pub mapping: Mapping,
    pub frame: Frame,
    pub on_edited: OnEdited,
    /// Only try it: everything but the last step, which would store it.
    pub is_dry_run: bool,
}

/// Why an import did not run at all. What is wrong with the file is in the report instead.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no region yet: import region.toml first")]
    NoRegion,
    #[error("there is no ground in force yet: import grids first")]
    NoGround,
    #[error(transparent)]
    Mapping(ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Returns what to import into. A file may hold things of all places, so a caller bounded by some areas imports none.
fn may_import<'g>(caller: &Caller<'g>, noun: Noun) -> Result<&'g Gridmap, Denied> {
    let grant = caller.principal().allows(Action::Import, noun)?;
    match grant.scope() {
        Scope::All => Ok(caller.gridmap()),
        Scope::Within(_) => Err(Denied { role: caller.principal().role, action: Action::Import, noun }),
    }
}

/// The report of a file that is about to be read.
fn begin(source: &Source, noun: Noun) -> ImportReport {
    let mut report = ImportReport::new(noun);
    report.files.push(source.name.clone());
    report.preview = Preview::of(source);
    report
}

/// Shows one of the first things as the API will, where the file is only tried.
fn show<T: CollectionItem>(
    caller: &Caller<'_>,
    place: Place,
    thing: &T,
    report: &mut ImportReport,
) -> Result<(), Denied> {
    if let Some(preview) = &mut report.preview {
        let seen = collections::Seen::by::<T>(caller.principal())?;
        preview.show(place, || String::from_utf8_lossy(&seen.feature(thing)).into_owned());
    }
    Ok(())
}

impl Gridmap {
    async fn known_region(&self) -> Result<Region, ImportError> {
        self.store().region().await?.ok_or(ImportError::NoRegion)
    }

    /// The newest snapshot, after asking the store whether it still is.
    async fn newest(&self) -> Result<Arc<Snapshot>, ImportError> {
        self.refresh().await?;
        self.snapshot().ok_or(ImportError::NoGround)
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("frame", &self.frame).finish_non_exhaustive()
    }
}

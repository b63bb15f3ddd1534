//! Takes files into the store: all of a file or nothing, and a report either way.
//!
//! A file is read record by record on a thread of its own (`stream`); what it says is understood by `format`, put on
//! the newest ground ([`located`]) or against the holders known ([`people`]), and stored in one transaction that is
//! committed only when every record was good. Grids go another way ([`mod@grids`]): the whole tree they would make is
//! checked, and what differs from the newest generation is published as the next one.

pub mod grids;
pub mod located;
pub mod people;
pub mod region;
pub mod report;
mod stream;

use std::io::Read;
use std::sync::Arc;

use thiserror::Error;

pub use grids::{GridOptions, grids};
pub use located::{households, incidents, service_points};
pub use people::{duties, holders};
pub use region::region;
pub use report::{ImportReport, Listed, Outcome};

use super::Gridmap;
use crate::domain::{Principal, Region};
use crate::format::record::Syntax;
use crate::format::{Mapping, ReadError};
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
}

/// Why an import did not run at all. What is wrong with the file is in the report instead.
#[derive(Debug, Error)]
pub enum ImportError {
    #[error("the public may not import")]
    Forbidden,
    #[error("there is no region yet: import region.toml first")]
    NoRegion,
    #[error("there is no ground in force yet: import grids first")]
    NoGround,
    #[error(transparent)]
    Mapping(ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Gridmap {
    fn may_import(principal: Principal) -> Result<(), ImportError> {
        if principal.may_write() { Ok(()) } else { Err(ImportError::Forbidden) }
    }

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

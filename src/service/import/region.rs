//! Imports the region: its ladder of levels, roles and clock.

use thiserror::Error;

use super::{ImportError, may_import};
use crate::domain::{Noun, Region, Revision};
use crate::format::keys::KeyFault;
use crate::format::region;
use crate::service::Caller;

/// What became of a region file.
#[derive(Debug)]
pub struct RegionReport {
    pub region: Option<Region>,
    /// Absent when nothing was stored: because of `faults`, or because the same region is there already.
    pub revision: Option<Revision>,
    pub faults: Vec<KeyFault>,
    pub conflict: Option<RegionConflict>,
}

/// A good region file that does not fit what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RegionConflict {
    #[error(
        "this database holds the region {stored}, the file describes {given}: name it with --region {given} to keep it beside the other"
    )]
    OtherRegion { stored: String, given: String },
    #[error("the levels of stored grids are {stored}, the file has {given}: levels cannot change under the ground")]
    OtherLevels { stored: String, given: String },
}

/// Stores the region that `text` describes. One that is stored already may change (names, targets, roles); its
/// code never changes, nor its levels once there is ground.
///
/// # Errors
/// When the caller may not import or the store fails.
pub async fn region(caller: &Caller<'_>, text: &str) -> Result<RegionReport, ImportError> {
    let gridmap = may_import(caller, Noun::Grids)?;
    let mut report = RegionReport { region: None, revision: None, faults: Vec::new(), conflict: None };
    let region = match region::parse(text) {
        Ok(region) => region,
        Err(faults) => {
            report.faults = faults;
            return Ok(report);
        }
    };
    if let Some(stored) = gridmap.store().region().await? {
        let has_ground = !gridmap.store().generations().await?.is_empty();
        report.conflict = conflict(&stored, &region, has_ground);
        if report.conflict.is_some() || stored == region {
            report.region = Some(region);
            return Ok(report);
        }
    }
    let mut transaction = caller.begin("import of the region").await?;
    transaction.put_region(&region).await?;
    report.revision = Some(transaction.commit().await?);
    report.region = Some(region);
    gridmap.refresh().await?;
    Ok(report)
}

fn conflict(stored: &Region, given: &Region, has_ground: bool) -> Option<RegionConflict> {
    let levels = |region: &Region| region.levels.iter().map(|l| l.code.as_str()).collect::<Vec<_>>().join(", ");
    if stored.code != given.code {
        return Some(RegionConflict::OtherRegion { stored: stored.code.clone(), given: given.code.clone() });
    }
    let (stored, given) = (levels(stored), levels(given));
    (has_ground && stored != given).then_some(RegionConflict::OtherLevels { stored, given })
}

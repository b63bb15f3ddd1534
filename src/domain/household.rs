//! A household: a point with a size. Who lives there is not kept.

use super::{GridPath, Id, Personal};
use crate::geometry::Position;

pub type HouseholdId = Id<Household>;

/// One household.
#[derive(Clone, Debug, PartialEq)]
pub struct Household {
    pub id: HouseholdId,
    pub position: Position,
    pub n_residents: Option<u32>,
    /// The code of the grid its source says it lies in.
    pub stated_grid: Option<String>,
    /// The grid the ground puts it in; derived, `None` outside every grid.
    pub grid: Option<GridPath>,
    pub address: Personal<Option<String>>,
    pub phone: Personal<Option<String>>,
}

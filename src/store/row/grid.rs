//! Grids, generations and acknowledged gaps.

use super::{Cells, id, id_or_null, inconsistent, wkb};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Change, Generation, Grid, Noun, Revision};
use crate::geometry::LatticePoint;
use crate::store::Result;

pub(in crate::store) fn read(row: &impl Cells) -> Result<Grid> {
    Ok(Grid {
        id: id(row, "grid_id")?,
        code: row.text("code")?,
        name: row.text_or_null("name")?,
        depth: whole(row, "depth")?,
        parent: id_or_null(row, "parent_id")?,
        boundary: wkb::read(&row.bytes("boundary")?)?,
    })
}

pub(in crate::store) fn read_generation(row: &impl Cells) -> Result<Generation> {
    Ok(Generation {
        number: whole(row, "number")?,
        plan: row.text("plan")?,
        recorded: row.instant("recorded")?,
        in_force: row.instant("in_force")?,
        n_acknowledged_gaps: whole(row, "n_acknowledged_gaps")?,
    })
}

pub(in crate::store) fn read_gap(row: &impl Cells) -> Result<AcknowledgedGap> {
    Ok(AcknowledgedGap {
        parent: id_or_null(row, "parent_id")?,
        at: LatticePoint::new(whole(row, "x")?, whole(row, "y")?),
        area_m2: row.real("area_m2")?,
    })
}

pub(in crate::store) fn read_change(row: &impl Cells) -> Result<Change> {
    let noun = row.text("noun")?;
    Ok(Change {
        revision: Revision(whole(row, "revision")?),
        noun: Noun::parse(&noun).ok_or_else(|| inconsistent("noun", noun))?,
        n_changed: whole(row, "n_changed")?,
    })
}

/// Reads an integer of the width the domain keeps it in.
pub(in crate::store) fn whole<N: TryFrom<i64>>(row: &impl Cells, column: &'static str) -> Result<N> {
    let number = row.integer(column)?;
    N::try_from(number).map_err(|_| inconsistent(column, number))
}

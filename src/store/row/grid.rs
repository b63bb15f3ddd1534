//! Grids, generations and acknowledged gaps.

use super::{path, wkb};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Change, Generation, GenerationKind, GenerationNumber, Grid, GridPath, Revision, Which};
use crate::geometry::LatticePoint;
use crate::store::Result;
use crate::store::error::inconsistent;
use crate::store::record::noun_named;
use crate::store::table::Cells;

pub(in crate::store) fn read(row: &dyn Cells) -> Result<Grid> {
    Ok(Grid {
        id: row.id("grid_id")?,
        code: row.text("code")?,
        name: row.text_or_null("name")?,
        depth: whole(row, "depth")?,
        parent: row.id_or_null("parent_id")?,
        boundary: wkb::read(&row.bytes("boundary")?)?,
    })
}

pub(in crate::store) fn read_generation(row: &dyn Cells) -> Result<Generation> {
    Ok(Generation {
        number: whole(row, "number")?,
        plan: row.text("plan")?,
        kind: read_kind(row)?,
        base: whole_or_null(row, "base")?,
        recorded: row.instant("recorded")?,
        in_force: row.instant("in_force")?,
        n_acknowledged_gaps: whole(row, "n_acknowledged_gaps")?,
    })
}

fn read_kind(row: &dyn Cells) -> Result<GenerationKind> {
    let origin = || whole_or_null(row, "origin")?.ok_or_else(|| inconsistent("origin", "it is missing"));
    match row.text("kind")?.as_str() {
        "plan" => Ok(GenerationKind::Plan),
        "rebased" => Ok(GenerationKind::Rebased { of: origin()? }),
        "withdrawal" => Ok(GenerationKind::Withdrawal { of: origin()? }),
        other => Err(inconsistent("kind", other)),
    }
}

/// The word and the origin kept for a kind.
pub(in crate::store) fn write_kind(kind: GenerationKind) -> (&'static str, Option<GenerationNumber>) {
    match kind {
        GenerationKind::Plan => ("plan", None),
        GenerationKind::Rebased { of } => ("rebased", Some(of)),
        GenerationKind::Withdrawal { of } => ("withdrawal", Some(of)),
    }
}

pub(in crate::store) fn read_gap(row: &dyn Cells) -> Result<AcknowledgedGap> {
    Ok(AcknowledgedGap {
        parent: row.id_or_null("parent_id")?,
        at: LatticePoint::new(whole(row, "x")?, whole(row, "y")?),
        area_m2: row.real("area_m2")?,
    })
}

/// An older row without `things` is read as of many.
pub(in crate::store) fn read_change(row: &dyn Cells) -> Result<Change> {
    let which = match row.text_or_null("things")? {
        Some(things) => Which::Few(read_things(&things)?),
        None => Which::Many(whole(row, "n_changed")?),
    };
    Ok(Change { revision: Revision(whole(row, "revision")?), noun: noun_named(&row.text("noun")?), which })
}

fn read_things(text: &str) -> Result<Vec<(String, Option<GridPath>)>> {
    let things: Vec<(String, Option<String>)> = serde_json::from_str(text).map_err(|e| inconsistent("things", e))?;
    things.into_iter().map(|(id, at)| Ok((id, at.map(|at| path::read(&at)).transpose()?))).collect()
}

/// Reads an integer of the width the domain keeps it in.
pub(in crate::store) fn whole<N: TryFrom<i64>>(row: &dyn Cells, column: &'static str) -> Result<N> {
    let number = row.integer(column)?;
    N::try_from(number).map_err(|_| inconsistent(column, number))
}

pub(in crate::store) fn whole_or_null<N: TryFrom<i64>>(row: &dyn Cells, column: &'static str) -> Result<Option<N>> {
    let number = row.integer_or_null(column)?;
    number.map(|number| N::try_from(number).map_err(|_| inconsistent(column, number))).transpose()
}

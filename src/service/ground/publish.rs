//! Writes a draft: its generations, and with them the grids of all that is stored on the ground that moves.
//!
//! Everything is read, checked and located before anything is written, and what moves is moved while others still commit: they
//! wait only while what they have stored meanwhile is looked at again, where the ground moves. Whoever commits after finds
//! another ground than its things were located on, and puts them on this one itself.

use super::draft::Draft;
use crate::domain::{GenerationNumber, Noun, Revision};
use crate::service::relocate::{Moved, Relocation};
use crate::service::{Caller, Gridmap};
use crate::store::{Ground, Result, StoreError, Transaction};

/// How often somebody who is overtaken by another's publishing starts over.
pub(in crate::service) const MAX_TRIES: usize = 5;

/// Why things move when a generation comes into force.
pub(super) const NEW_DAY: &str = "the ground of a new day";

/// With more changes than this everything is looked at again.
const MAX_CHANGES: u32 = 1_000;

/// What was written.
#[derive(Clone, Copy, Debug)]
pub(in crate::service) struct Written {
    pub(in crate::service) revision: Revision,
    pub(in crate::service) moved: Moved,
}

/// Publishes all of the draft in one transaction.
///
/// # Errors
/// [`StoreError::GenerationMoved`] when somebody else published since the draft was begun: begin another.
pub(in crate::service) async fn publish(caller: &Caller<'_>, draft: &mut Draft, reason: &str) -> Result<Written> {
    let target = draft.counts_now();
    write(caller, draft, target, reason).await
}

/// Puts all that is stored on the ground of `target`, whatever ground it was on before, and finds out anew what waits.
pub(super) async fn resettle(caller: &Caller<'_>, draft: &mut Draft, target: GenerationNumber) -> Result<Written> {
    write(caller, draft, Some(target), NEW_DAY).await
}

async fn write(
    caller: &Caller<'_>,
    draft: &mut Draft,
    target: Option<GenerationNumber>,
    reason: &str,
) -> Result<Written> {
    let gridmap = caller.gridmap();
    let mut relocation = Relocation::of(gridmap, draft, target).await?;
    let mut transaction = caller.begin(reason).await?;
    transaction.reserve(Noun::Grids).await?;
    still_the_same(&mut *transaction, draft).await?;
    let looked_at = gridmap.store().revision().await?;
    relocation.look_again(&changed_since(gridmap, draft.revision).await?).await?;
    relocation.write_moves(&mut *transaction).await?;
    for new in &draft.new {
        transaction.publish(new, draft.now).await?;
    }
    transaction.hold().await?;
    relocation.look_again(&changed_since(gridmap, looked_at).await?).await?;
    let moved = relocation.write(&mut *transaction).await?;
    let revision = transaction.commit().await?;
    Ok(Written { revision, moved })
}

/// Refuses to go on when the ground is another than the draft was begun on.
pub(super) async fn still_the_same(transaction: &mut dyn Transaction, draft: &Draft) -> Result<()> {
    let known = draft.known.iter().map(|generation| generation.number).max();
    let Ground { newest, settled } = transaction.ground().await?;
    if (newest, settled) == (known, draft.settled) {
        Ok(())
    } else {
        Err(StoreError::GenerationMoved { known, newest })
    }
}

/// The nouns of which something was stored since then.
async fn changed_since(gridmap: &Gridmap, revision: Revision) -> Result<Vec<Noun>> {
    let changes = gridmap.store().changes(revision, MAX_CHANGES).await?;
    if changes.len() < MAX_CHANGES as usize {
        return Ok(changes.into_iter().map(|change| change.noun).collect());
    }
    Ok(Noun::ALL.to_vec())
}

//! Puts the things of a file, minding those that somebody has written or removed since they were imported.

use std::collections::HashSet;

use super::report::{ImportReport, Outcome};
use crate::service::Gridmap;
use crate::store::{Expect, Record, Result as StoreResult, Transaction};

/// What becomes of things that a file names and somebody has written or removed since they were imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnEdited {
    /// Where the file would change one, nothing is stored.
    #[default]
    Refuse,
    /// They become what the file says.
    Overwrite,
    /// They stay as they are, or stay away.
    Keep,
}

/// Puts `things` and returns those that were put; `report` says what became of the others. One that the file says just as it is
/// stored is no question.
pub(super) async fn put<T: Record>(
    transaction: &mut dyn Transaction,
    mut things: Vec<T>,
    on_edited: OnEdited,
    report: &mut ImportReport,
) -> StoreResult<Vec<T>> {
    let edited = match on_edited {
        OnEdited::Overwrite => Vec::new(),
        OnEdited::Refuse | OnEdited::Keep => edited_of(transaction, &things).await?,
    };
    if on_edited == OnEdited::Keep {
        let edited: HashSet<&str> = edited.iter().map(String::as_str).collect();
        things.retain(|thing| !edited.contains(thing.id()));
        report.n_kept += edited.len() as u64;
    }
    transaction.put(&things, Expect::Any).await?;
    if on_edited == OnEdited::Refuse && !edited.is_empty() {
        // One that the file has changed is a thing as imported now. Nothing of this will be committed.
        let same: HashSet<String> = edited_of(transaction, &things).await?.into_iter().collect();
        edited.into_iter().filter(|id| !same.contains(id)).for_each(|id| report.edited.push(id));
    }
    report.n_stored += things.len() as u64;
    Ok(things)
}

/// Puts what was staged, in the same way. `n_staged` is how many that are.
pub(super) async fn put_staged(
    transaction: &mut dyn Transaction,
    n_staged: u64,
    on_edited: OnEdited,
    report: &mut ImportReport,
) -> StoreResult<()> {
    let mut edited = match on_edited {
        OnEdited::Refuse | OnEdited::Keep => transaction.edited_staged().await?,
        OnEdited::Overwrite => Vec::new(),
    };
    if on_edited == OnEdited::Keep && !edited.is_empty() {
        report.n_kept = transaction.leave_edited().await?;
        edited.clear();
    }
    transaction.put_staged().await?;
    if !edited.is_empty() {
        let same: HashSet<String> = transaction.edited_staged().await?.into_iter().collect();
        edited.into_iter().filter(|id| !same.contains(id)).for_each(|id| report.edited.push(id));
    }
    report.n_stored = n_staged - report.n_kept;
    Ok(())
}

/// Commits what was put, if all of it was good and not only to be tried; else nothing is stored.
pub(super) async fn commit(
    gridmap: &Gridmap,
    transaction: Box<dyn Transaction>,
    report: &mut ImportReport,
) -> StoreResult<()> {
    if report.is_good() && report.preview.is_some() {
        report.outcome = Outcome::Tried;
    } else if report.is_good() {
        report.outcome = Outcome::Stored { revision: transaction.commit().await? };
        gridmap.refresh().await?;
    } else {
        (report.n_stored, report.n_kept) = (0, 0);
    }
    Ok(())
}

async fn edited_of<T: Record>(transaction: &mut dyn Transaction, things: &[T]) -> StoreResult<Vec<String>> {
    let ids: Vec<&str> = things.iter().map(Record::id).collect();
    transaction.edited(T::TABLE, &ids).await
}

//! Values as both databases keep them.
//!
//! A row of either is read through [`Cells`](super::table::Cells), by column name; what the columns of a noun mean is written
//! once, in `record/`; here is what they share.

pub(super) mod grid;
pub(super) mod path;
pub(super) mod region;
pub(super) mod wkb;

use chrono::{DateTime, SubsecRound, Utc};

use crate::domain::{Action, Noun, Personal, Principal};

/// Returns the text kept for a personal value: the store keeps what it cannot hand out without another grant.
pub(super) fn kept(personal: &Personal<Option<String>>) -> Option<&str> {
    let keeper = Principal::system().allows(Action::Personal, Noun::Households);
    personal.reveal(&keeper.expect("the system may keep everything"), None)?.as_deref()
}

/// Instants are kept to the microsecond, the finest that both backends know.
pub(super) fn kept_instant(instant: DateTime<Utc>) -> DateTime<Utc> {
    instant.trunc_subsecs(6)
}

//! Numbers from numbers; nothing here reads or writes.
//!
//! [`Figure`] is a number as it is shown: with what it was divided by, or the word that it is unknown or withheld.
//! [`disclosure`] rounds counts so that no small one can be computed from the others.

pub mod disclosure;
pub mod figure;

pub use disclosure::{Disclosure, Partition};
pub use figure::{Amount, Figure};

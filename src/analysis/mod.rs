//! Numbers from numbers; nothing here reads or writes.
//!
//! An [`Observation`] is a count that may be unknown or withheld, a [`Figure`] a number as it is shown: with what it was
//! divided by. [`coverage`], [`estimate`] and [`fallback`] have the formulas, [`Summary`] the middle of a list; [`disclosure`]
//! rounds counts so that no small one can be computed from the others.

pub mod coverage;
pub mod disclosure;
pub mod estimate;
pub mod fallback;
mod figure;
mod metric;
mod observation;
mod summary;

pub use disclosure::{Disclosure, Partition};
pub use figure::{Amount, Figure};
pub use metric::Metric;
pub use observation::Observation;
pub use summary::Summary;

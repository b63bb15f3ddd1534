//! The one cell that readers look at: which snapshot counts now, or what was made of it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::Snapshot;

/// Holds what is published, a snapshot or something made of one; empty at first. Reading takes no lock and never waits
/// for a writer.
pub struct Published<T = Snapshot>(ArcSwapOption<T>);

impl<T> Published<T> {
    /// Returns what was published last. Whoever holds it sees one state from start to end.
    #[must_use]
    pub fn current(&self) -> Option<Arc<T>> {
        self.0.load_full()
    }

    /// Like [`Self::current`] for a short look: counts no reference, so processors that look at once do not slow each
    /// other. To be dropped soon and not held over an await.
    #[must_use]
    pub fn load(&self) -> impl Deref<Target = Option<Arc<T>>> {
        self.0.load()
    }

    /// Makes `new` what readers get from now on.
    pub fn publish(&self, new: Arc<T>) {
        self.0.store(Some(new));
    }
}

impl<T> Default for Published<T> {
    fn default() -> Self {
        Self(ArcSwapOption::empty())
    }
}

impl<T> fmt::Debug for Published<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Published").field(&self.load().is_some()).finish()
    }
}

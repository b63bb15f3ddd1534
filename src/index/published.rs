//! The one cell that readers look at: which snapshot counts now.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::Snapshot;

/// Holds the published snapshot; empty until the first one. Reading takes no lock and never waits for a writer.
#[derive(Debug, Default)]
pub struct Published(ArcSwapOption<Snapshot>);

impl Published {
    /// Returns the newest published snapshot. Whoever holds it sees one revision from start to end.
    #[must_use]
    pub fn current(&self) -> Option<Arc<Snapshot>> {
        self.0.load_full()
    }

    /// Makes `snapshot` the one that readers get from now on.
    pub fn publish(&self, snapshot: Arc<Snapshot>) {
        self.0.store(Some(snapshot));
    }
}

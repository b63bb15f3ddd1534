//! How much is taken at once.

/// The longest row taken, in bytes.
pub const MAX_ROW_BYTES: usize = 64 * 1024;

/// How many bytes of rows make a batch: enough that handing it over costs nothing, few enough that several fit a cache.
pub(super) const BATCH_BYTES: usize = 128 * 1024;

pub(super) mod error;

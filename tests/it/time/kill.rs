//! The program killed while the ground changes.

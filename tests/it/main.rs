//! The one integration-test binary; its modules mirror what they test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod api;
mod architecture;
mod backends;
mod cell_index;
mod check;
mod documents;
mod estimates;
mod figures;
mod import;
mod kill;
mod locate;
mod migrations;
mod moved_ground;
mod parsers;
mod python;
mod random;
mod records;
mod regions_command;
mod servers;
mod stand_ins;
mod store_contract;
mod time;

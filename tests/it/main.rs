//! The one integration-test binary; its modules mirror what they test.

mod architecture;
mod locate;

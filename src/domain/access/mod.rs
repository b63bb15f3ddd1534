//! Who may do what, with which things, and where: data, decided in one table.
//!
//! A [`Principal`] is who makes a call: an [`Actor`](super::Actor) in a role, bounded by a [`Scope`] of areas.
//! [`Principal::allows`] looks the role up in the one table (`table.rs`: role x action x noun) and lends a [`Grant`] for the
//! principal's scope, or says what was [`Denied`]. A [`Personal`] value can be carried and stored, but is read only with a
//! grant for personal data, and only of things inside the grant's scope; so a phone cannot reach an answer by being forgotten
//! in a `Debug` or a copied struct.

mod grant;
mod principal;
mod scope;
mod table;

pub use grant::{Denied, Grant, Personal};
pub use principal::{Principal, View};
pub use scope::Scope;
pub use table::{Action, RoleKey};

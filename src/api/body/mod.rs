//! Bodies: `sending` has those of answers that are made while they are sent, `kept` those that are kept for later ones;
//! `incoming` and `feed` have those of requests.

mod feed;
mod incoming;
mod kept;
mod sending;

pub(crate) use self::feed::{SpoolRoom, feed};
pub(crate) use self::incoming::{Incoming, Lingering};
pub(crate) use self::kept::{Ask, BodyCache};
pub(crate) use self::sending::{CHUNK, ClientGone, Sink, piped, streamed};

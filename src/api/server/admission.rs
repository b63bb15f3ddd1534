//! Who may have a connection: a number of all, a smaller one of each address, and a few spare ones beside.
//!
//! A spare connection carries one request. It asks how the server is, which is answered whatever happens, or it waits
//! for a slot of its own and hears 503 when none comes free.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::LimitSettings;

/// Connections beyond the limits.
const N_SPARE: usize = 64;

/// The slots of a server.
#[derive(Debug)]
pub(super) struct Admission {
    all: Arc<Semaphore>,
    spare: Arc<Semaphore>,
    most_of_one: Option<usize>,
    by_address: Mutex<HashMap<IpAddr, Weak<Semaphore>>>,
}

/// A connection's right to be served; it is given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    _of_all: OwnedSemaphorePermit,
    _of_one: Option<OwnedSemaphorePermit>,
}

/// Whoever has connected, and what slots there are for them.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    all: Arc<Semaphore>,
    one: Option<Arc<Semaphore>>,
}

/// What a new connection gets.
#[derive(Debug)]
pub(super) enum Place {
    Slot(Slot),
    Spare(OwnedSemaphorePermit, Caller),
}

impl Admission {
    pub(super) fn new(limits: &LimitSettings) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.connections)),
            spare: Arc::new(Semaphore::new(N_SPARE)),
            most_of_one: limits.connections_per_address(),
            by_address: Mutex::default(),
        }
    }

    /// Finds a place for a connection from `address`. With neither a slot nor a spare place it waits for a slot, so that
    /// further callers stay outside; `None`, at once, when the address itself has more than is its own.
    pub(super) async fn place(&self, address: IpAddr) -> Option<Place> {
        let caller = Caller { all: Arc::clone(&self.all), one: self.most_of_one.map(|most| self.one(address, most)) };
        if let Some(slot) = caller.slot_at_once() {
            return Some(Place::Slot(slot));
        }
        if let Ok(spare) = Arc::clone(&self.spare).try_acquire_owned() {
            return Some(Place::Spare(spare, caller));
        }
        if caller.has_its_own() { None } else { Some(Place::Slot(caller.slot().await)) }
    }

    /// The slots of one address; kept as long as one of them is taken.
    fn one(&self, address: IpAddr, most: usize) -> Arc<Semaphore> {
        let address = network(address);
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = by_address.get(&address).and_then(Weak::upgrade) {
            return one;
        }
        if by_address.len() == by_address.capacity() {
            by_address.retain(|_, one| one.strong_count() > 0);
        }
        let one = Arc::new(Semaphore::new(most));
        by_address.insert(address, Arc::downgrade(&one));
        one
    }
}

impl Caller {
    /// Waits for a slot.
    pub(super) async fn slot(&self) -> Slot {
        let open = "the semaphores of slots are never closed";
        let of_one = match &self.one {
            Some(one) => Some(Arc::clone(one).acquire_owned().await.expect(open)),
            None => None,
        };
        Slot { _of_all: Arc::clone(&self.all).acquire_owned().await.expect(open), _of_one: of_one }
    }

    fn slot_at_once(&self) -> Option<Slot> {
        let of_one = match &self.one {
            Some(one) => Some(Arc::clone(one).try_acquire_owned().ok()?),
            None => None,
        };
        Some(Slot { _of_all: Arc::clone(&self.all).try_acquire_owned().ok()?, _of_one: of_one })
    }

    fn has_its_own(&self) -> bool {
        self.one.as_ref().is_some_and(|one| one.available_permits() == 0)
    }
}

/// What counts as one address: of IPv6, the /64 that one customer is given.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(connections: usize, connections_per_address: Option<usize>) -> Admission {
        Admission::new(&LimitSettings { connections, connections_per_address, ..LimitSettings::default() })
    }

    async fn slots(admission: &Admission, address: &str, n: usize) -> Vec<Slot> {
        let mut slots = Vec::new();
        for _ in 0..n {
            if let Some(Place::Slot(slot)) = admission.place(address.parse().unwrap()).await {
                slots.push(slot);
            }
        }
        slots
    }

    #[tokio::test]
    async fn one_address_has_a_quarter_and_the_others_the_rest() {
        let admission = of(8, None);
        let taken = slots(&admission, "192.0.2.1", 8).await;
        assert_eq!(taken.len(), 2);
        assert_eq!(slots(&admission, "192.0.2.2", 2).await.len(), 2);
        drop(taken);
        assert_eq!(slots(&admission, "192.0.2.1", 8).await.len(), 2, "slots come back");
    }

    #[tokio::test]
    async fn an_ipv6_network_and_a_mapped_address_count_as_one() {
        for (one, same, other) in [
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", "2001:db8:0:2::1"),
            ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ] {
            let admission = of(4, Some(1));
            let _taken = slots(&admission, one, 1).await;
            assert_eq!(slots(&admission, same, 1).await.len(), 0, "{same}");
            assert_eq!(slots(&admission, other, 1).await.len(), 1, "{other}");
        }
    }

    #[tokio::test]
    async fn without_a_limit_of_its_own_an_address_may_have_all() {
        let admission = of(8, Some(0));
        assert_eq!(slots(&admission, "192.0.2.1", 8).await.len(), 8);
    }

    #[tokio::test]
    async fn whoever_fills_the_spare_places_too_is_turned_away_and_nobody_waits_for_it() {
        let admission = of(4, Some(1));
        let address = "192.0.2.1".parse().unwrap();
        let mut places = Vec::new();
        while let Some(place) = admission.place(address).await {
            places.push(place);
        }
        assert_eq!(places.len(), 1 + N_SPARE);
        assert_eq!(slots(&admission, "192.0.2.2", 1).await.len(), 1);
    }

    #[tokio::test]
    async fn addresses_that_are_gone_are_forgotten() {
        let admission = of(4, None);
        for n in 0..10_000_u32 {
            drop(admission.place(std::net::Ipv4Addr::from_bits(n).into()).await);
        }
        assert!(admission.by_address.lock().unwrap().len() < 100);
    }
}

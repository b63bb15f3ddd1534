//! Nobody is told "not modified" of what has changed, where only the clock changed it.

use std::net::SocketAddr;
use std::sync::Arc;

use gridmap::domain::{Actor, GenerationKind, Grid, NewGeneration, Principal};
use gridmap::service::Gridmap;
use gridmap::store::{self, Expect, Store};
use tempfile::TempDir;

use super::county;
use super::http::{Reply, get, request};
use crate::locate::world::{duty, holder, instant, rectangle, region};
use crate::stand_ins::Hands;

/// A village whose groups `W` and `E` meet at `x`.
pub(super) fn village(x: i32) -> Vec<Grid> {
    vec![
        rectangle("V", 2, None, [0, 0, 20_000, 10_000]),
        rectangle("W", 4, Some("V"), [0, 0, x, 10_000]),
        rectangle("E", 4, Some("V"), [x, 0, 20_000, 10_000]),
    ]
}

/// One ground in force since January, another from June, and a committee from May.
async fn filled(folder: &TempDir) -> Arc<dyn Store> {
    let store = store::open(&format!("sqlite:{}", folder.path().join("tags.db").display())).await.unwrap();
    let mut writing = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
    writing.put_region(&region()).await.unwrap();
    for (base, in_force, x) in [(None, "2024-01-01", 5_000), (Some(1), "2024-06-01", 15_000)] {
        let (plan, in_force) = (format!("in force from {in_force}"), instant(in_force));
        let (removed, acknowledged_gaps) = (Vec::new(), Vec::new());
        let (kind, newest) = (GenerationKind::Plan, base);
        let new = NewGeneration { plan, kind, newest, base, in_force, put: village(x), removed, acknowledged_gaps };
        writing.publish(&new, instant("2024-01-01")).await.unwrap();
    }
    let mut duty = duty("d", "ann", "mediation_committee", "V");
    duty.from = Some(instant("2024-05-01"));
    writing.put_holders(&[holder("ann")], Expect::Any).await.unwrap();
    writing.put_duties(&[duty], Expect::Any).await.unwrap();
    writing.commit().await.unwrap();
    store
}

const GRIDS: &str = "/api/collections/grids/items";

/// What is asked, each time with the tag of the time before.
struct Caller {
    server: SocketAddr,
    known: Vec<(String, Reply)>,
}

impl Caller {
    fn new(server: SocketAddr) -> Self {
        let queries = ["", "?f=csv", "/W", "?at=2024-02-01", "?at=2024-02-01&f=csv", "?at=2024-07-01"];
        let paths = queries.map(|query| format!("{GRIDS}{query}")).into_iter().chain(["/api/region".to_owned()]);
        Self { server, known: paths.map(|path| (path.clone(), get(server, &path))).collect() }
    }

    /// Asks again for all, keeping what came anew, and returns of what it was told that it had changed.
    fn ask_again(&mut self) -> Vec<String> {
        let mut changed = Vec::new();
        for (path, known) in &mut self.known {
            let tag = known.header("etag").unwrap_or_else(|| panic!("{path}: {}", known.text()));
            let again = request(self.server, "GET", path, &[("If-None-Match", tag)], b"");
            if again.status == 200 {
                changed.push(path.clone());
                *known = again;
            } else {
                assert_eq!(again.status, 304, "{path}");
                assert_eq!(told(&get(self.server, path)), told(known), "{path}: what the caller has is not true");
            }
        }
        changed
    }
}

/// The body without the time at which it was written.
pub(super) fn told(reply: &Reply) -> String {
    let text = reply.text();
    let Some((before, after)) = text.split_once(r#""timeStamp":""#) else { return text };
    format!("{before}{}", &after[after.find('"').unwrap()..])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_clock_changes_has_another_tag() {
    let clock = Hands::at(instant("2024-04-01"));
    let folder = tempfile::tempdir().unwrap();
    let gridmap = Gridmap::open(filled(&folder).await, Arc::new(clock.clone())).await.unwrap();
    let revision = gridmap.snapshot().unwrap().revision();
    let server = county::serve(gridmap.clone(), Principal::open()).await;
    let mut caller = Caller::new(server);
    assert!(caller.ask_again().is_empty());

    clock.turn_to(instant("2024-05-01"));
    gridmap.refresh().await.unwrap();
    assert_eq!(caller.ask_again(), ["/api/region"], "a committee begins");

    clock.turn_to(instant("2024-06-01"));
    gridmap.refresh().await.unwrap();
    assert_eq!(gridmap.snapshot().unwrap().revision(), revision, "nothing was written");
    let changed = caller.ask_again();
    for path in ["", "?f=csv", "/W", "?at=2024-02-01", "?at=2024-02-01&f=csv", "?at=2024-07-01"] {
        assert!(changed.contains(&format!("{GRIDS}{path}")), "{path:?} is not among {changed:?}");
    }
    assert!(caller.ask_again().is_empty());
}

/// A proxy or a browser may keep what a server said before it was started anew for others.
#[test]
fn what_the_entitled_were_told_is_not_the_same_to_the_public() {
    for path in [GRIDS, "/api/collections/holders/items", "/api/region"] {
        let known = get(county::open(), path);
        let tag = known.header("etag").unwrap();
        let again = |server| request(server, "GET", path, &[("If-None-Match", tag)], b"").status;
        assert_eq!((again(county::open()), again(county::public())), (304, 200), "{path}");
    }
}

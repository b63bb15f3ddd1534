//! What was done about an incident is added to, never replaced, and goes with it.

use gridmap::domain::StepKind::{Assign, Handle, Receive, Register, Resolve};
use gridmap::domain::{Actor, Incident, Noun, RecordedStep, Status, Step, StepKind, Version};
use gridmap::store::{Expect, Filter, Store, StoreError, TimeSpan};

use super::made::{all, holder, holder_id, incident, instant, settle, write};
use crate::backends::on_both;

fn step(kind: StepKind, at: &str) -> Step {
    Step { kind, at: instant(at), by: None }
}

async fn stored(store: &dyn Store) -> (Incident, Version) {
    let one = all(store.incidents(Filter::default())).await.remove(0);
    (one.thing, one.version)
}

fn told(steps: &[RecordedStep]) -> Vec<(u32, StepKind)> {
    steps.iter().map(|recorded| (recorded.number, recorded.step.kind)).collect()
}

#[test]
fn a_write_adds_steps_and_takes_none_away() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut one = incident("I1", "2024-01-01T00:00:00Z");
        let by = Step { by: Some(holder_id("W1")), ..step(Assign, "2024-01-03T00:00:00.000001Z") };
        one.steps.extend([by.clone(), by.clone(), step(Resolve, "2024-01-09T00:00:00Z")]);
        write(&store, async |t| {
            t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
            t.put_incidents(std::slice::from_ref(&one), Expect::Absent).await.unwrap();
        })
        .await;
        let fewer = Incident { category: Some("other".into()), ..incident("I1", "2024-01-01T00:00:00Z") };
        write(&store, async |t| t.put_incidents(&[fewer], Expect::Version(Version(1))).await.unwrap()).await;
        let (found, version) = stored(&*store).await;
        assert_eq!((found.steps, found.category.as_deref(), version), (one.steps.clone(), Some("other"), Version(2)));

        // One more of the same, and one that was forgotten: it stands in time where it belongs, and last in the record.
        let mut more = incident("I1", "2024-01-01T00:00:00Z");
        more.category = Some("other".into());
        more.steps.extend([by.clone(), by.clone(), by.clone(), step(Register, "2024-01-02T00:00:00Z")]);
        write(&store, async |t| t.put_incidents(&[more], Expect::Version(Version(2))).await.unwrap()).await;
        let (found, version) = stored(&*store).await;
        let kinds: Vec<_> = found.steps.iter().map(|step| step.kind).collect();
        assert_eq!((kinds, version), (vec![Receive, Register, Assign, Assign, Assign, Resolve], Version(3)));
        let recorded = store.steps("I1").await.unwrap();
        assert_eq!(told(&recorded), [(1, Receive), (2, Assign), (3, Assign), (4, Resolve), (5, Assign), (6, Register)]);
        assert_eq!(recorded[1].step, by, "to the microsecond");
        assert!(recorded.iter().all(|one| one.actor == Some(Actor::SYSTEM) && one.recorded.is_some()));
        assert_eq!(store.steps("I2").await.unwrap(), []);
    });
}

#[test]
fn what_follows_from_the_steps_follows_from_all_of_them() {
    on_both(async |_, store| {
        settle(&store).await;
        let one = incident("I1", "2024-01-05T00:00:00Z");
        write(&store, async |t| t.put_incidents(std::slice::from_ref(&one), Expect::Any).await.unwrap()).await;
        let mut earlier = one.clone();
        earlier.steps = vec![step(Receive, "2024-01-04T00:00:00Z"), step(Resolve, "2024-01-06T00:00:00Z")];
        write(&store, async |t| t.put_incidents(&[earlier], Expect::Any).await.unwrap()).await;
        write(&store, async |t| t.put_incidents(&[one], Expect::Any).await.unwrap()).await;
        let (found, version) = stored(&*store).await;
        assert_eq!((found.status(), found.reported_at()), (Status::Resolved, instant("2024-01-04T00:00:00Z")));
        assert_eq!(version, Version(2), "the same again is no change");
        let until = Some(instant("2024-01-04T12:00:00Z"));
        let then = Filter { time: Some(TimeSpan { from: None, to: until }), ..Filter::default() };
        assert_eq!(store.count(Noun::Incidents, then).await.unwrap(), 1, "asked for by the first report");
        let resolved =
            Filter { equals: vec![(gridmap::store::Property::Status, "resolved".into())], ..Filter::default() };
        assert_eq!(store.count(Noun::Incidents, resolved).await.unwrap(), 1);
    });
}

#[test]
fn a_step_that_came_since_is_no_reason_to_ask_before_an_import() {
    on_both(async |_, store| {
        settle(&store).await;
        let one = incident("I1", "2024-01-05T00:00:00Z");
        write(&store, async |t| t.put_incidents(std::slice::from_ref(&one), Expect::Any).await.unwrap()).await;
        let mut more = one.clone();
        more.steps.push(step(Assign, "2024-01-06T00:00:00Z"));
        write(&store, async |t| {
            t.put_incidents(std::slice::from_ref(&more), Expect::Version(Version(1))).await.unwrap();
        })
        .await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        assert_eq!(t.edited(<Incident as gridmap::store::Record>::TABLE, &["I1"]).await.unwrap(), Vec::<String>::new());
        t.put_incidents(&[one], Expect::Any).await.unwrap();
        t.commit().await.unwrap();
        assert_eq!(stored(&*store).await.0, more);
    });
}

#[test]
fn a_new_incident_of_an_old_id_begins_its_own_record() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut one = incident("I1", "2024-01-05T00:00:00Z");
        one.steps.push(step(Assign, "2024-01-06T00:00:00Z"));
        write(&store, async |t| t.put_incidents(&[one], Expect::Absent).await.unwrap()).await;
        let again = incident("I1", "2024-02-05T00:00:00Z");
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let refused = t.put_incidents(std::slice::from_ref(&again), Expect::Absent).await;
        assert!(matches!(refused, Err(StoreError::Exists { .. })), "{refused:?}");
        drop(t);
        write(&store, async |t| t.delete(Noun::Incidents, "I1", Expect::Any).await.unwrap()).await;
        write(&store, async |t| t.put_incidents(&[again], Expect::Absent).await.unwrap()).await;
        assert_eq!(told(&store.steps("I1").await.unwrap()), [(1, Receive)]);
    });
}

/// More than go into one statement.
#[test]
fn many_incidents_bring_their_steps_along() {
    on_both(async |_, store| {
        settle(&store).await;
        let of = |n: usize, n_handled: usize| {
            let mut one = incident(&format!("I{n:05}"), "2024-01-05T00:00:00Z");
            one.steps.extend((0..n_handled).map(|_| step(Handle, "2024-01-06T00:00:00Z")));
            one
        };
        let some: Vec<_> = (0..6_000).map(|n| of(n, n % 4)).collect();
        let more: Vec<_> = (500..6_500).map(|n| of(n, 2)).collect();
        write(&store, async |t| t.put_incidents(&some, Expect::Any).await.unwrap()).await;
        write(&store, async |t| t.put_incidents(&more, Expect::Any).await.unwrap()).await;
        let found = all(store.incidents(Filter::default())).await;
        let n_handled: Vec<_> = found.iter().map(|one| one.thing.steps.len() - 1).collect();
        let expected = (0..6_500).map(|n| {
            if n < 500 {
                n % 4
            } else if n < 6_000 {
                (n % 4).max(2)
            } else {
                2
            }
        });
        assert_eq!(n_handled, expected.collect::<Vec<_>>());
    });
}

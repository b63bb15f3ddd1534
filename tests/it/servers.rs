//! Several servers of one PostgreSQL: what one stores the others show, also after their listening was cut off, and from a
//! replica that can only be read.

use gridmap::store;
use sqlx::{Connection, PgConnection};

use crate::backends::Database;
use crate::kill::{Cluster, Server, request, settle, until};

fn report(server: &Server, id: &str) -> String {
    let body = format!(
        r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[0.05,0.05]}},"properties":{{"id":"{id}","kind":"hazard"}}}}"#
    );
    request(&server.address, "POST", "/api/collections/incidents/items", &body).unwrap_or_default()
}

fn get(server: &Server, path: &str) -> String {
    request(&server.address, "GET", path, "").unwrap_or_default()
}

fn shows(server: &Server, revision: u64) -> bool {
    let ready = get(server, "/readyz");
    ready.contains("\"current\"") && ready.contains(&format!("\"revision\":{revision}"))
}

/// Cuts off whoever listens to `database`, and returns how many that were.
async fn cut_listening(database: &Database) -> usize {
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let cut: Vec<bool> = sqlx::query_scalar(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ilike 'listen %' and pid <> pg_backend_pid()",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    cut.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_lost_their_listening_show_what_others_store() {
    let database = Database::postgres();
    let store = database.open().await;
    settle(&store).await;
    store.close().await;
    let (one, other) = (Server::start(&database.url), Server::start(&database.url));
    let mut revision = 1;
    for round in 0..3 {
        let mut n_cut = 0;
        while n_cut < 2 {
            n_cut += cut_listening(&database).await;
        }
        for (writer, reader, name) in [(&one, &other, "A"), (&other, &one, "B")] {
            assert!(report(writer, &format!("{name}{round}")).starts_with("HTTP/1.1 201"));
            revision += 1;
            until("the other server never showed it", || shows(reader, revision));
            assert!(
                get(reader, &format!("/api/collections/incidents/items/{name}{round}")).starts_with("HTTP/1.1 200")
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_is_served_and_follows() {
    let primary = Cluster::start();
    let store = store::open(&primary.url).await.unwrap();
    settle(&store).await;
    store.close().await;
    let replica = primary.replicate();
    let (writing, reading) = (Server::start(&primary.url), Server::start(&replica.url));
    assert!(get(&reading, "/api/locate?lon=0.05&lat=0.05").contains("\"A1\""), "the ground is there");
    for n in 0..3 {
        assert!(report(&writing, &format!("I{n}")).starts_with("HTTP/1.1 201"));
        until("the replica never showed it", || shows(&reading, n + 2));
        assert!(get(&reading, &format!("/api/collections/incidents/items/I{n}")).starts_with("HTTP/1.1 200"));
    }
    let refused = report(&reading, "I9");
    assert!(refused.starts_with("HTTP/1.1 503"), "it may become a primary: {refused}");
    assert!(get(&reading, "/readyz").contains("\"current\""), "and goes on");
}

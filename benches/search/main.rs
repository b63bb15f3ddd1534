//! `make bench-search`: what is called so among 70,000 grids and 20,000 persons, beside SQLite's LIKE over the same names.
//!
//! Names are made of the characters that villages and families are named by, from a fixed seed. The peer has the folded
//! fields in one table in memory and looks for the query in each of them, without an order. Start with [`main`].

#![expect(clippy::disallowed_macros, reason = "a bench prints its table")]
#![allow(
    clippy::cast_precision_loss,
    dead_code,
    unreachable_pub,
    reason = "not all of what benches share is needed here"
)]

#[path = "../locate_index/random.rs"]
mod random;
#[path = "../report.rs"]
mod report;

use std::time::Instant;

use gridmap::index::names::{NameEntry, NameIndex};
use random::Random;
use report::{Better, Row};
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{Row as _, SqlitePool};

const N_GRIDS: usize = 70_000;
const N_HOLDERS: usize = 20_000;
/// What an answer may take.
const BOUND_MS: f64 = 20.0;
const ROUNDS: usize = 21;
const PLACES: &str = "东西南北上下大小新老城关环路长川河山石门店王李张刘陈家庄沟湾坪岭桥塘湖村镇社区羊流顺古战冶力";
const QUERIES: [&str; 9] =
    ["623", "62302110000", "城关", "东环路", "donghuan", "dhl", "a", "李 网格长", "nothing of the kind"];

struct Named {
    code: String,
    name: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut random = Random::new(7);
    let mut named = |n: usize, front: &str, length: usize| -> Vec<Named> {
        let one = |at: usize| Named { code: format!("{front}{at:09}"), name: name(&mut random, length) };
        (0..n).map(one).collect()
    };
    let (grids, holders) = (named(N_GRIDS, "623021", 6), named(N_HOLDERS, "W", 3));
    let begun = Instant::now();
    let indexes = [&grids, &holders].map(|all| index(all));
    println!("{} names are taken down in {:.0} ms", N_GRIDS + N_HOLDERS, begun.elapsed().as_secs_f64() * 1000.0);
    let table = table(grids.iter().chain(&holders)).await;
    let mut rows = Vec::new();
    for query in QUERIES {
        let ours = median(|| indexes.iter().map(|names| names.find(query, 8, |_| true).len()).sum());
        let theirs = scanned(&table, query).await;
        rows.push(Row::new("search", query, "ms", Better::Lower, ours, ("LIKE", theirs)));
        assert!(ours <= BOUND_MS, "{query} took {ours:.1} ms, at most {BOUND_MS} ms are wanted");
    }
    report::print(&rows);
    report::write("search", &rows);
}

fn name(random: &mut Random, length: usize) -> String {
    let letters: Vec<char> = PLACES.chars().collect();
    (0..length).map(|_| letters[random.below(letters.len())]).collect()
}

fn index(all: &[Named]) -> NameIndex {
    let mut names = NameIndex::default();
    for Named { code, name } in all {
        names.add(NameEntry { code, name, beside: "临潭县 城关镇 网格长", found_beside: true, order: 0 });
    }
    names
}

async fn table(all: impl Iterator<Item = &Named>) -> SqlitePool {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.expect("memory is there");
    sqlx::query("create table name (code text, name text, beside text)").execute(&pool).await.expect("a table");
    let mut transaction = pool.begin().await.expect("a transaction");
    for Named { code, name } in all {
        let insert = sqlx::query("insert into name values (?1, ?2, '临潭县城关镇网格长')").bind(code).bind(name);
        insert.execute(&mut *transaction).await.expect("a row");
    }
    transaction.commit().await.expect("it is kept");
    pool
}

async fn scanned(pool: &SqlitePool, query: &str) -> f64 {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let found = sqlx::query(
            "select count(*) from name where code like '%' || ?1 || '%' or name like '%' || ?1 || '%' or beside like '%' || ?1 || '%'",
        );
        let row = found.bind(query).fetch_one(pool).await.expect("a count");
        std::hint::black_box(row.get::<i64, _>(0));
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    middle(times)
}

fn median(run: impl Fn() -> usize) -> f64 {
    let time = |_| {
        let begun = Instant::now();
        std::hint::black_box(run());
        begun.elapsed().as_secs_f64() * 1000.0
    };
    middle((0..ROUNDS).map(time).collect())
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

//! Boxes in SQLite's R*Tree, asked by a prepared statement, then `geo` on the polygon.

use std::cell::RefCell;

use gridmap::geometry::{Boundary, Position};
use rusqlite::{Connection, Statement, params};

pub struct Table(RefCell<Statement<'static>>);

impl Table {
    pub fn new(boundaries: &[Boundary]) -> Self {
        let mut connection = Connection::open_in_memory().expect("memory");
        connection
            .execute_batch("create virtual table box using rtree (box_id, west, east, south, north)")
            .expect("the bundled library has R*Tree");
        let transaction = connection.transaction().expect("nobody else is there");
        for (ix, boundary) in boundaries.iter().enumerate() {
            let b = boundary.bbox();
            transaction
                .prepare_cached("insert into box (box_id, west, east, south, north) values (?1, ?2, ?3, ?4, ?5)")
                .and_then(|mut insert| insert.execute(params![ix as i64, b.west, b.east, b.south, b.north]))
                .expect("a row");
        }
        transaction.commit().expect("memory");
        // A statement borrows; the bench keeps the connection until it ends.
        let connection: &'static Connection = Box::leak(Box::new(connection));
        let ask = "select box_id from box where west <= ?1 and east >= ?1 and south <= ?2 and north >= ?2";
        Self(RefCell::new(connection.prepare(ask).expect("a statement")))
    }

    pub fn find(&self, p: Position, holds: impl Fn(usize) -> bool) -> Option<u32> {
        let mut ask = self.0.borrow_mut();
        let mut rows = ask.query(params![p.lon(), p.lat()]).expect("it answers");
        while let Some(row) = rows.next().expect("it answers") {
            let ix: u32 = row.get(0).expect("an integer");
            if holds(ix as usize) {
                return Some(ix);
            }
        }
        None
    }
}

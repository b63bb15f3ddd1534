//! The words of SQLite: `?1`, lists as JSON, a place as `lon` and `lat` with an R*Tree beside the table.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};

use crate::geometry::{Bbox, Boundary, Position};
use crate::store::row::wkb;
use crate::store::table::dialect::{Box2d, exact_box};
use crate::store::table::{Column, ColumnKind, Dialect, Place, Row, TableSpec, Value};

/// A list bound as one value: `json_each` makes rows of it.
pub(super) fn json<T: Serialize + ?Sized>(list: &T) -> String {
    serde_json::to_string(list).expect("lists of texts always have a JSON form")
}

const POINT: Box2d = Box2d { west: "t.lon", east: "t.lon", south: "t.lat", north: "t.lat" };
const AREA: Box2d = Box2d { west: "t.west", east: "t.east", south: "t.south", north: "t.north" };
const INDEX: Box2d = Box2d { west: "b.west", east: "b.east", south: "b.south", north: "b.north" };

impl Dialect for QueryBuilder<Sqlite> {
    const NOW: &'static str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";
    const NO_WEEK: &'static str = "null";

    fn empty() -> Self {
        Self::new("")
    }

    fn text(&mut self, sql: &'static str) -> &mut Self {
        self.push(sql)
    }

    fn bind_text(&mut self, value: &str) -> &mut Self {
        self.push_bind(value.to_owned())
    }

    fn bind_text_or_null(&mut self, value: Option<&str>) -> &mut Self {
        self.push_bind(value.map(ToOwned::to_owned))
    }

    fn bind_integer(&mut self, value: i64) -> &mut Self {
        self.push_bind(value)
    }

    fn bind_real(&mut self, value: f64) -> &mut Self {
        self.push_bind(value)
    }

    fn bind_instant(&mut self, value: DateTime<Utc>) -> &mut Self {
        self.push_bind(value)
    }

    fn bind_bytes(&mut self, value: &[u8]) -> &mut Self {
        self.push_bind(value.to_owned())
    }

    fn column(&mut self, column: &Column) -> &mut Self {
        match column.kind {
            ColumnKind::Point => self.text("t.lon as lon, t.lat as lat"),
            _ => self.text("t.").text(column.name),
        }
    }

    fn written(column: &'static Column) -> &'static [&'static str] {
        match column.kind {
            ColumnKind::Point => &["lon", "lat"],
            ColumnKind::Boundary => &["boundary", "west", "east", "south", "north"],
            _ => column.alone(),
        }
    }

    fn compared(column: &'static Column) -> &'static [&'static str] {
        match column.kind {
            ColumnKind::Point => &["lon", "lat"],
            _ => column.alone(),
        }
    }

    fn texts(&mut self, list: &[&str]) -> &mut Self {
        self.text("(select value from json_each(").bind_text(&json(list)).text("))")
    }

    fn pairs(&mut self, region: &str, pairs: &[(&str, &str)]) -> &mut Self {
        self.text("select distinct ").bind_text(region);
        self.text(", value ->> 0, value ->> 1 from json_each(").bind_text(&json(pairs)).text(")")
    }

    fn rows(&mut self, table: &TableSpec, region: &str, rows: &[Row<'_>]) -> &mut Self {
        for (place, row) in rows.iter().enumerate() {
            self.text(if place == 0 { "values (" } else { ", (" }).bind_text(region);
            self.text(", ").bind_text(row.id()).text(", 1");
            for (at, column) in table.columns.iter().enumerate() {
                self.text(", ");
                write_value(self, column, row.value(at));
            }
            self.text(")");
        }
        self
    }

    /// The `+` keeps the planner from the key's index where the box index serves better: it knows nothing of how many
    /// rows a box lets through.
    fn narrow_place(&mut self, table: &TableSpec, region: &str, boxes: &[Bbox]) -> &mut Self {
        self.text(if boxes.is_empty() { " where t.region_code = " } else { " where +t.region_code = " });
        self.bind_text(region);
        let columns = match table.place() {
            _ if boxes.is_empty() => return self,
            Place::None => return self.text(" and 1 = 0"),
            Place::Point => POINT,
            Place::Boundary => AREA,
        };
        for (place, plain) in boxes.iter().enumerate() {
            self.text(if place == 0 { " and t.row_id in (" } else { " union " });
            self.text("select b.row_id from ").text(table.name).text("_box b where true");
            exact_box(self, INDEX, std::slice::from_ref(plain));
        }
        self.text(")");
        exact_box(self, columns, boxes);
        self
    }

    fn relocate(&mut self, table: &TableSpec, region: &str, moved: &[(&str, Option<String>)]) -> &mut Self {
        self.text("update ").text(table.name).text(" set grid_path = j.value ->> 1 from json_each(");
        self.bind_text(&json(moved)).text(") j where region_code = ").bind_text(region);
        self.text(" and ").text(table.id).text(" = j.value ->> 0 and grid_path is not j.value ->> 1")
    }

    /// Division rounds towards zero there, so weeks are counted from ten million before week 0.
    fn week(&mut self, column: &'static str, offset: i64) -> &mut Self {
        self.text("(unixepoch(").text(column).text(") + ").bind_integer(offset);
        self.text(" + 6048000259200) / 604800 - 10000000")
    }
}

fn write_value(sql: &mut QueryBuilder<Sqlite>, column: &Column, value: &Value<'_>) {
    match (column.kind, value) {
        (ColumnKind::Point, value) => {
            let position = if let Value::Point(position) = value { Some(*position) } else { None };
            sql.push_bind(position.map(Position::lon)).push(", ").push_bind(position.map(Position::lat));
        }
        (ColumnKind::Boundary, value) => {
            let boundary = if let Value::Boundary(boundary) = value { Some(*boundary) } else { None };
            let bbox = boundary.map(Boundary::bbox);
            sql.push_bind(boundary.map(wkb::write)).push(", ").push_bind(bbox.map(|b| b.west));
            sql.push(", ").push_bind(bbox.map(|b| b.east)).push(", ").push_bind(bbox.map(|b| b.south));
            sql.push(", ").push_bind(bbox.map(|b| b.north));
        }
        (_, Value::Text(text)) => {
            sql.push_bind(text.clone().into_owned());
        }
        (_, Value::Integer(number)) => {
            sql.push_bind(*number);
        }
        (_, Value::Real(number)) => {
            sql.push_bind(*number);
        }
        (_, Value::Instant(instant)) => {
            sql.push_bind(*instant);
        }
        (_, Value::Null | Value::Point(_) | Value::Boundary(_)) => {
            sql.push_bind(None::<String>);
        }
    }
}

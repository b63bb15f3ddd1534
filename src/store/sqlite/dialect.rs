//! The words of SQLite: `?1`, lists as JSON, a place as `lon` and `lat` with an R*Tree beside the table.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};

use crate::domain::{GenerationNumber, Noun};
use crate::geometry::{Bbox, Boundary, Position};
use crate::store::Pending;
use crate::store::row::{path, wkb};
use crate::store::table::dialect::{Box2d, exact_box};
use crate::store::table::{Column, ColumnKind, Dialect, Place, Row, TableSpec, Value, staged};

/// With fewer rows than this they are stored as they came, and their boxes with them: that takes about a second, and the whole
/// import a fifth less than with sorting them and writing their boxes beforehand.
pub(super) const WORTH_WHILE: usize = 60_000;

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
    const FOR_UPDATE: &'static str = "";
    const STAGED_ROW: &'static str = "row_id, ";
    const STAGED_PLACE: &'static str = "rowid";

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

    fn bind_id(&mut self, value: &str) -> &mut Self {
        self.bind_text(value)
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
            ColumnKind::Steps => {
                self.text("(select json_group_array(json_array(s.kind, s.at, s.holder_id) order by s.at, s.number)");
                self.text(
                    " from step s where s.region_code = t.region_code and s.incident_id = t.incident_id) as steps",
                )
            }
            _ => self.text("t.").text(column.name),
        }
    }

    fn written(column: &'static Column) -> &'static [&'static str] {
        match column.kind {
            ColumnKind::Point => &["lon", "lat"],
            ColumnKind::Boundary => &["boundary", "west", "east", "south", "north"],
            ColumnKind::Steps => &["n_steps"],
            _ => column.alone(),
        }
    }

    fn compared(column: &'static Column) -> &'static [&'static str] {
        match column.kind {
            ColumnKind::Point => &["lon", "lat"],
            ColumnKind::Steps => &["n_steps"],
            _ => column.alone(),
        }
    }

    fn texts(&mut self, list: &[&str]) -> &mut Self {
        self.text("(select value from json_each(").bind_text(&json(list)).text("))")
    }

    fn rows(&mut self, table: &TableSpec, region: &str, rows: &[Row<'_>], edited: bool) -> &mut Self {
        for (place, row) in rows.iter().enumerate() {
            self.text(if place == 0 { "values (" } else { ", (" }).bind_text(region);
            self.text(", ").bind_text(row.id()).text(if edited { ", 1, 1" } else { ", 1, 0" });
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

    /// A table made by a select numbers its rows from 1 in the order in which they come (SQLite, CREATE TABLE, section 2.1).
    fn sort_staged(table: &TableSpec, n_rows: usize) -> Vec<Self> {
        if n_rows < WORTH_WHILE {
            let numbers = "alter table gathered add column row_id integer";
            return vec![Self::new(numbers), Self::new("alter table gathered rename to staged")];
        }
        let mut sorted = Self::new("create temporary table staged as select g.*, cast(null as integer) as row_id");
        sorted.text(" from gathered g order by ");
        staged::order(&mut sorted, table);
        vec![sorted, Self::new("drop table gathered")]
    }

    /// What moves is listed in a temporary table with a key, since a JSON list has no index. The `cross join` holds the
    /// planner to the order.
    fn relocations(table: &TableSpec, region: &str, moved: &[(&str, Option<String>)]) -> Vec<Self> {
        let moving = "create temporary table if not exists moved_thing (thing_id text primary key, grid_path text)
            strict, without rowid";
        let mut list = Self::new("insert into temp.moved_thing (thing_id, grid_path) ");
        list.text("select value ->> 0, value ->> 1 from json_each(").bind_text(&json(moved)).text(")");
        let mut update = Self::new("update ");
        update
            .text(table.name)
            .text(" set grid_path = (select m.grid_path from temp.moved_thing m where m.thing_id = ");
        update.text(table.name).text(".").text(table.id).text(") where row_id in (select t.row_id");
        update.text(" from temp.moved_thing m cross join ").text(table.name).text(" t on t.region_code = ");
        update.bind_text(region).text(" and t.").text(table.id).text(" = m.thing_id");
        update.text(" where t.grid_path is not m.grid_path)");
        vec![Self::new(moving), Self::new("delete from temp.moved_thing"), list, update]
    }

    fn take_over(&mut self, table: &TableSpec, region: &str, generation: GenerationNumber) -> &mut Self {
        let of_generation = |sql: &mut Self| {
            sql.text(" p.region_code = ").bind_text(region).text(" and p.generation = ");
            sql.bind_integer(generation.into()).text(" and p.noun = ").bind_text(table.noun.as_str());
        };
        self.text("update ").text(table.name).text(" set grid_path = (select p.grid_path from pending_grid p where");
        of_generation(self);
        self.text(" and p.thing_id = ").text(table.name).text(".").text(table.id);
        self.text(") where row_id in (select t.row_id from pending_grid p cross join ").text(table.name);
        self.text(" t on t.region_code = ").bind_text(region).text(" and t.").text(table.id);
        self.text(" = p.thing_id where");
        of_generation(self);
        self.text(" and t.grid_path is not p.grid_path)")
    }

    fn put_pending(&mut self, region: &str, noun: Noun, pending: &[Pending]) -> &mut Self {
        let row = |one: &Pending| (one.generation, one.id.clone(), one.grid.as_ref().map(path::write));
        let pending: Vec<_> = pending.iter().map(row).collect();
        self.text("insert into pending_grid (region_code, noun, generation, thing_id, grid_path) select ");
        self.bind_text(region).text(", ").bind_text(noun.as_str());
        self.text(", value ->> 0, value ->> 1, value ->> 2 from json_each(").bind_text(&json(&pending)).text(")")
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
        (_, Value::Steps(steps)) => {
            sql.push_bind(i64::try_from(steps.len()).unwrap_or(i64::MAX));
        }
        (_, Value::Null | Value::Point(_) | Value::Boundary(_)) => {
            sql.push_bind(None::<String>);
        }
    }
}

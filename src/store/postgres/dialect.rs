//! The words of PostgreSQL with PostGIS: `$1`, lists as arrays, a place as a geometry with a `gist` index.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use sqlx::{Postgres, QueryBuilder};

use crate::domain::{GenerationNumber, Noun};
use crate::geometry::{Bbox, Position};
use crate::store::Pending;
use crate::store::row::{path, wkb};
use crate::store::table::dialect::{Box2d, exact_box};
use crate::store::table::{Column, ColumnKind, Dialect, Place, Row, TableSpec, Value, staged};

const POINT: Box2d =
    Box2d { west: "st_x(t.position)", east: "st_x(t.position)", south: "st_y(t.position)", north: "st_y(t.position)" };
const AREA: Box2d = Box2d {
    west: "st_xmin(t.boundary)",
    east: "st_xmax(t.boundary)",
    south: "st_ymin(t.boundary)",
    north: "st_ymax(t.boundary)",
};

impl Dialect for QueryBuilder<Postgres> {
    const NOW: &'static str = "clock_timestamp()";
    const NO_WEEK: &'static str = "null::bigint";
    const FOR_UPDATE: &'static str = " for update";
    const STAGED_ROW: &'static str = "";
    const STAGED_PLACE: &'static str = "place";

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
        self.bind_text(value).text("::text collate \"C\"")
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
            ColumnKind::Point => self.text("st_x(t.position) as lon, st_y(t.position) as lat"),
            ColumnKind::Boundary => self.text("st_asbinary(t.boundary, 'NDR') as boundary"),
            ColumnKind::Steps => {
                self.text(
                    "(select json_agg(json_build_array(s.kind, s.at, s.holder_id) order by s.at, s.number)::text",
                );
                self.text(
                    " from step s where s.region_code = t.region_code and s.incident_id = t.incident_id) as steps",
                )
            }
            _ => self.text("t.").text(column.name),
        }
    }

    fn written(column: &'static Column) -> &'static [&'static str] {
        if column.kind == ColumnKind::Steps { &["n_steps"] } else { column.alone() }
    }

    fn compared(column: &'static Column) -> &'static [&'static str] {
        Self::written(column)
    }

    fn texts(&mut self, list: &[&str]) -> &mut Self {
        self.text("(select unnest(").push_bind(list).text("::text[]))")
    }

    /// Each column is one array. A point of two nulls is null: what has no position keeps none.
    fn rows(&mut self, table: &TableSpec, region: &str, rows: &[Row<'_>], edited: bool) -> &mut Self {
        self.text("select ").bind_text(region).text("::text, new.").text(table.id);
        self.text(if edited { ", 1, true" } else { ", 1, false" });
        for column in table.columns {
            match column.kind {
                ColumnKind::Point => self.text(", st_setsrid(st_makepoint(new.lon, new.lat), 4326)"),
                ColumnKind::Boundary => self.text(", st_geomfromwkb(new.boundary, 4326)"),
                _ => self.text(", new.").text(column.name),
            };
        }
        self.text(" from unnest(").push_bind(rows.iter().map(Row::id).collect::<Vec<_>>()).text("::text[]");
        for (at, column) in table.columns.iter().enumerate() {
            self.text(", ");
            write_array(self, column, rows.iter().map(|row| row.value(at)));
        }
        self.text(") as new (").text(table.id);
        for column in table.columns {
            self.text(", ").text(if column.kind == ColumnKind::Point { "lon, lat" } else { column.name });
        }
        self.text(")")
    }

    fn narrow_place(&mut self, table: &TableSpec, region: &str, boxes: &[Bbox]) -> &mut Self {
        self.text(" where t.region_code = ").bind_text(region);
        let (meets, columns) = match table.place() {
            _ if boxes.is_empty() => return self,
            Place::None => return self.text(" and 1 = 0"),
            Place::Point => ("t.position && ", POINT),
            Place::Boundary => ("t.boundary && ", AREA),
        };
        for (place, plain) in boxes.iter().enumerate() {
            self.text(if place == 0 { " and (" } else { " or " }).text(meets).text("st_makeenvelope(");
            self.bind_real(plain.west).text(", ").bind_real(plain.south).text(", ");
            self.bind_real(plain.east).text(", ").bind_real(plain.north).text(", 4326)");
        }
        self.text(")");
        exact_box(self, columns, boxes);
        self
    }

    fn sort_staged(table: &TableSpec, _: usize) -> Vec<Self> {
        let mut sorted = Self::new("create temporary table staged as select g.*, row_number() over (order by ");
        staged::order(&mut sorted, table);
        sorted.text(") as place from gathered g");
        let places = "create unique index staged_by_place on staged (place)";
        vec![sorted, Self::new("drop table gathered"), Self::new(places)]
    }

    fn relocations(table: &TableSpec, region: &str, moved: &[(&str, Option<String>)]) -> Vec<Self> {
        let (ids, paths): (Vec<&str>, Vec<Option<&str>>) = moved.iter().map(|(id, to)| (*id, to.as_deref())).unzip();
        let mut update = Self::new("update ");
        update.text(table.name).text(" t set grid_path = new.grid_path from unnest(").push_bind(ids);
        update.text("::text[], ").push_bind(paths).text("::text[]) as new (id, grid_path) where t.region_code = ");
        update.bind_text(region).text(" and t.").text(table.id);
        update.text(" = new.id and t.grid_path is distinct from new.grid_path");
        vec![update]
    }

    fn take_over(&mut self, table: &TableSpec, region: &str, generation: GenerationNumber) -> &mut Self {
        self.text("update ").text(table.name).text(" t set grid_path = p.grid_path from pending_grid p");
        self.text(" where p.region_code = ").bind_text(region).text(" and p.generation = ");
        self.bind_integer(generation.into()).text(" and p.noun = ").bind_text(table.noun.as_str());
        self.text(" and t.region_code = ").bind_text(region).text(" and t.").text(table.id);
        self.text(" = p.thing_id and t.grid_path is distinct from p.grid_path")
    }

    fn put_pending(&mut self, region: &str, noun: Noun, pending: &[Pending]) -> &mut Self {
        self.text("insert into pending_grid (region_code, noun, generation, thing_id, grid_path) select ");
        self.bind_text(region).text(", ").bind_text(noun.as_str());
        self.text(", new.generation, new.thing_id, new.grid_path from unnest(");
        self.push_bind(pending.iter().map(|one| i64::from(one.generation)).collect::<Vec<_>>()).text("::bigint[], ");
        self.push_bind(pending.iter().map(|one| one.id.clone()).collect::<Vec<_>>()).text("::text[], ");
        self.push_bind(pending.iter().map(|one| one.grid.as_ref().map(path::write)).collect::<Vec<_>>());
        self.text("::text[]) as new (generation, thing_id, grid_path)")
    }

    fn week(&mut self, column: &'static str, offset: i64) -> &mut Self {
        self.text("floor((extract(epoch from ").text(column).text(") + ").bind_integer(offset);
        self.text(" + 259200) / 604800)::bigint")
    }
}

fn write_array<'a>(
    sql: &mut QueryBuilder<Postgres>,
    column: &Column,
    values: impl Iterator<Item = &'a Value<'a>> + Clone,
) {
    match column.kind {
        ColumnKind::Text => {
            let texts = values.map(|value| if let Value::Text(text) = value { Some(Cow::as_ref(text)) } else { None });
            sql.push_bind(texts.collect::<Vec<Option<&str>>>()).push("::text[]");
        }
        ColumnKind::Integer => {
            let numbers = values.map(|value| if let Value::Integer(number) = value { Some(*number) } else { None });
            sql.push_bind(numbers.collect::<Vec<_>>()).push("::bigint[]");
        }
        ColumnKind::Steps => {
            let numbers = values.map(|value| if let Value::Steps(steps) = value { steps.len() } else { 0 });
            let numbers = numbers.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
            sql.push_bind(numbers.collect::<Vec<_>>()).push("::bigint[]");
        }
        ColumnKind::Real => {
            let numbers = values.map(|value| if let Value::Real(number) = value { Some(*number) } else { None });
            sql.push_bind(numbers.collect::<Vec<_>>()).push("::double precision[]");
        }
        ColumnKind::Instant => {
            let instants = values.map(|value| if let Value::Instant(instant) = value { Some(*instant) } else { None });
            sql.push_bind(instants.collect::<Vec<_>>()).push("::timestamptz[]");
        }
        ColumnKind::Point => {
            let places = values.map(|value| if let Value::Point(position) = value { Some(*position) } else { None });
            sql.push_bind(places.clone().map(|place| place.map(Position::lon)).collect::<Vec<_>>());
            sql.push("::double precision[], ");
            sql.push_bind(places.map(|place| place.map(Position::lat)).collect::<Vec<_>>());
            sql.push("::double precision[]");
        }
        ColumnKind::Boundary => {
            let areas =
                values.map(|value| if let Value::Boundary(area) = value { Some(wkb::write(area)) } else { None });
            sql.push_bind(areas.collect::<Vec<_>>()).push("::bytea[]");
        }
    }
}

//! A small county as statements: a ground that was redrawn once and waits to be redrawn again, and what stands on it.
//!
//! The county is a strip of two grids that meet at 0.02 degrees, from the second generation on at 0.03; in the third a new
//! grid takes the place of the eastern one.

use std::fmt::Write as _;

/// What both databases are told alike.
const COMMON: &str = r#"
begin;
insert into region (region_code, name_zh, name_en, utc_offset_s, ladder, fallback_id, fallback_name, revision)
values ('623021', '临潭县', 'Lintan', 28800,
    '{"levels":[{"code":"county","zh":"县","en":"county","household_target":null,"answers":null,"required_roles":[]},{"code":"grid","zh":"网格","en":"grid","household_target":[1,2,3],"answers":"grid_leader","required_roles":["grid_leader"]}],"roles":[{"code":"grid_leader","zh":"网格长","en":"grid leader"},{"code":"mediator","zh":"调解员","en":"mediator"}]}',
    'COUNTY', '临潭县', 7);
insert into change (region_code, revision, noun, n_changed) values
    ('623021', 1, 'grids', 1), ('623021', 2, 'grids', 3), ('623021', 3, 'holders', 2), ('623021', 4, 'households', 3),
    ('623021', 5, 'grids', 3), ('623021', 6, 'incidents', 1), ('623021', 7, 'grids', 2);
insert into generation (region_code, number, plan, recorded, in_force) values
    ('623021', 1, 'first', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'),
    ('623021', 2, 'redraw', '2024-01-20T00:00:00Z', '2024-02-01T00:00:00Z'),
    ('623021', 3, 'waiting', '2024-02-20T00:00:00Z', '2999-01-01T00:00:00Z');
insert into acknowledged_gap (region_code, number, place, parent_id, x, y, area_m2)
values ('623021', 2, 1, 'A', 390000, 190000, 1.5);
insert into holder (region_code, holder_id, version, kind, name, body_id, phone) values
    ('623021', 'B1', 1, 'body', '调委会', null, null), ('623021', 'P1', 1, 'person', '李某', 'B1', '000-0000-0001');
insert into incident_step_by (region_code, incident_id, holder_id) values ('623021', 'D1', 'P1');
insert into remembered (region_code, idempotency_key, fingerprint, status, location, body, remembered_at)
values ('623021', 'key', 'fingerprint', 201, '/collections/incidents/items/D1', 'x', '2024-03-01T08:00:00Z');
"#;

const STEPS: &str = r#"[["receive","2024-03-01T08:00:00Z",null],["assign","2024-03-02T08:00:00.000001Z","P1"],["assign","2024-03-03T08:00:00Z","P1"],["resolve","2024-03-04T08:00:00Z",null]]"#;

/// Grid, from generation, until, code, name, depth, parent, west and east side in lattice steps.
type State = (&'static str, u32, Option<u32>, &'static str, u8, Option<&'static str>, [i32; 2]);

const STATES: [State; 6] = [
    ("A", 1, None, "county", 0, None, [0, 400_000]),
    ("A1", 1, Some(2), "B1", 1, Some("A"), [0, 200_000]),
    ("A2", 1, Some(2), "B2", 1, Some("A"), [200_000, 400_000]),
    ("A1", 2, None, "B1 renamed", 1, Some("A"), [0, 300_000]),
    ("A2", 2, Some(3), "B2", 1, Some("A"), [300_000, 400_000]),
    ("A3", 3, None, "B3", 1, Some("A"), [300_000, 400_000]),
];

pub(super) fn sqlite() -> String {
    let mut sql = COMMON.replace("'x', '2024", "x'78', '2024");
    let shape = |[west, east]: [i32; 2]| format!("x'{}'", hex(&wkb(west, east)));
    put_states(&mut sql, shape);
    let point = |lon: f64| format!("{lon}, 0.01");
    put_things(&mut sql, "lon, lat", point, |sides| {
        let degrees = sides.map(|steps| f64::from(steps) / 1e7);
        ("boundary, west, east, south, north", format!("{}, {}, {}, 0.0, 0.02", shape(sides), degrees[0], degrees[1]))
    });
    sql
}

pub(super) fn postgres() -> String {
    let mut sql = COMMON.to_owned();
    let shape = |[west, east]: [i32; 2]| format!("st_geomfromwkb('\\x{}'::bytea, 4326)", hex(&wkb(west, east)));
    put_states(&mut sql, shape);
    let point = |lon: f64| format!("st_setsrid(st_makepoint({lon}, 0.01), 4326)");
    put_things(&mut sql, "position", point, |sides| ("boundary", shape(sides)));
    sql
}

/// What a program of a schema from 5 on stored on top: a home in the eighth revision, an incident in the ninth.
pub(super) fn later(version: i64, is_sqlite: bool) -> String {
    let (place, point) =
        if is_sqlite { ("lon, lat", "0.01, 0.01") } else { ("position", "st_setsrid(st_makepoint(0.01, 0.01), 4326)") };
    let since = |first: i64, words: &'static str| if version >= first { words } else { "" };
    let (edited, yes) = (since(7, ", edited"), if is_sqlite { since(7, ", 1") } else { since(7, ", true") });
    let (things, home, case) =
        (since(6, ", things"), since(6, r#", '[["H4","/A/A1/"]]'"#), since(6, r#", '[["D2",null]]'"#));
    let (steps, told) = if version >= 8 {
        ("n_steps", "1".to_owned())
    } else {
        ("steps", r#"'[["receive","2024-04-01T08:00:00Z",null]]'"#.to_owned())
    };
    let mut sql = format!(
        "begin;
         insert into household (region_code, household_id, version, {place}, grid_path{edited})
         values ('623021', 'H4', 1, {point}, '/A/A1/'{yes});
         insert into change (region_code, revision, noun, n_changed{things}) values ('623021', 8, 'households', 1{home});
         insert into incident (region_code, incident_id, version, kind, status, reported_at, {place}, {steps}{edited})
         values ('623021', 'D2', 1, 'hazard', 'open', '2024-04-01T08:00:00Z', {point}, {told}{yes});
         insert into change (region_code, revision, noun, n_changed{things}) values ('623021', 9, 'incidents', 1{case});
         update region set revision = 9 where region_code = '623021';"
    );
    if version >= 6 {
        sql.push_str(
            "insert into journal (region_code, revision, actor, reason, committed_at, request)
             values ('623021', 9, 'clerk-7', 'a call', '2024-04-01T08:01:00Z', 'r-1');",
        );
    }
    if version >= 8 {
        sql.push_str(
            "insert into step (region_code, incident_id, number, kind, at, holder_id, recorded_at, actor)
             values ('623021', 'D2', 1, 'receive', '2024-04-01T08:00:00+00:00', 'P1', '2024-04-01T08:01:00+00:00', 'clerk-7');",
        );
    }
    sql + "commit;"
}

fn put_states(sql: &mut String, shape: impl Fn([i32; 2]) -> String) {
    for (id, since, until, name, depth, parent, sides) in STATES {
        let until = until.map_or("null".to_owned(), |number| number.to_string());
        let parent = parent.map_or("null".to_owned(), |parent| format!("'{parent}'"));
        writeln!(
            sql,
            "insert into grid (region_code, grid_id, since_generation, until_generation, code, name, depth, parent_id, \
             boundary) values ('623021', '{id}', {since}, {until}, '{id}', '{name}', {depth}, {parent}, {});",
            shape(sides)
        )
        .unwrap();
    }
}

fn put_things(
    sql: &mut String,
    place: &str,
    point: impl Fn(f64) -> String,
    own: impl Fn([i32; 2]) -> (&'static str, String),
) {
    let homes = [
        ("H1", 1, 0.01, "3", "'/A/A1/'", "'东环路 1 号'"),
        ("H2", 4, 0.035, "null", "'/A/A2/'", "null"),
        ("H3", 1, 0.9, "1", "null", "null"),
    ];
    for (id, version, lon, residents, path, address) in homes {
        writeln!(
            sql,
            "insert into household (region_code, household_id, version, {place}, n_residents, stated_grid, grid_path, \
             address, phone) values ('623021', '{id}', {version}, {}, {residents}, null, {path}, {address}, null);",
            point(lon)
        )
        .unwrap();
    }
    let (columns, values) = own([0, 100_000]);
    writeln!(
        sql,
        "insert into duty (region_code, duty_id, version, holder_id, role, grid_id, deputy_id, categories, from_at, to_at) \
         values ('623021', 'U1', 1, 'P1', 'grid_leader', 'A2', null, '[\"邻里\"]', '2024-01-01T00:00:00Z', null);
         insert into duty (region_code, duty_id, version, holder_id, role, {columns}, deputy_id, categories, from_at, to_at) \
         values ('623021', 'U2', 1, 'P1', 'mediator', {values}, null, '[]', null, null);
         insert into service_point (region_code, service_point_id, version, kind, name, {place}, stated_grid, grid_path) \
         values ('623021', 'S1', 1, 'court_station', '站', {}, 'A1', '/A/A1/');
         insert into incident (region_code, incident_id, version, kind, category, tier, status, reported_at, {place}, \
         stated_grid, grid_path, text, steps) values ('623021', 'D1', 2, 'dispute', '邻里', 'grid', 'resolved', \
         '2024-03-01T08:00:00Z', {}, null, '/A/A2/', '两家争地界', '{STEPS}');",
        point(0.01),
        point(0.035),
    )
    .unwrap();
    sql.push_str("commit;");
}

/// A rectangle from `west` to `east` as a multipolygon of well-known binary (OGC 06-103r4, 8.2).
fn wkb(west: i32, east: i32) -> Vec<u8> {
    let mut bytes = vec![1];
    for word in [6_u32, 1] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.push(1);
    for word in [3_u32, 1, 5] {
        bytes.extend(word.to_le_bytes());
    }
    for (x, y) in [(west, 0), (east, 0), (east, 200_000), (west, 200_000), (west, 0)] {
        for steps in [x, y] {
            bytes.extend((f64::from(steps) / 1e7).to_le_bytes());
        }
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

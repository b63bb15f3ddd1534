//! The grids in the database that both sides read.

use gridmap::domain::{Actor, GenerationKind, Grid, GridId, NewGeneration};
use gridmap::{format, store};

use crate::shared::cluster::psql;
use crate::synthetic::Coverage;

const REGION: &str = r#"code = "9"
names = { zh = "试验县", en = "Trial county" }
utc_offset = "+08:00"
fallback = { holder = "office", name = "office" }

[[levels]]
code = "grid"
names = { zh = "网格", en = "Grid" }

[[roles]]
code = "grid_leader"
names = { zh = "网格长", en = "Grid leader" }
"#;

/// The grids as martin serves them: projected, indexed, with the same properties.
const TABLE: &str = "create table tile_grid as
    select grid_id as id, code, name, parent_id as parent, st_transform(boundary, 3857) as boundary
    from grid;
    alter table tile_grid alter column boundary type geometry(multipolygon, 3857);
    create index on tile_grid using gist (boundary);
    vacuum analyze tile_grid";

/// Publishes the coverage as one generation, and makes martin's table from it.
pub fn fill(database: &str, coverage: &Coverage) {
    let grid = |(number, boundary)| {
        let code = format!("9{number:06}");
        Grid {
            id: GridId::new(&code).expect("digits"),
            name: Some(format!("第{number}网格")),
            code,
            depth: 0,
            parent: None,
            boundary,
        }
    };
    let generation = NewGeneration {
        plan: "bench".into(),
        kind: GenerationKind::Plan,
        newest: None,
        base: None,
        in_force: "2024-01-01T00:00:00Z".parse().expect("an instant"),
        put: (0..).zip(coverage.boundaries()).map(|(number, boundary): (u32, _)| grid((number, boundary))).collect(),
        removed: Vec::new(),
        acknowledged_gaps: Vec::new(),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = store::open(database).await.expect("the cluster answers");
        let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.expect("nobody else writes");
        transaction.put_region(&format::region::parse(REGION).expect("a region")).await.expect("it is stored");
        transaction.publish(&generation, generation.in_force).await.expect("it is stored");
        transaction.commit().await.expect("it is committed");
    });
    for statement in TABLE.split(';') {
        psql(database, statement);
    }
}

//! GDAL, as a reader who never heard of us: the real `ogrinfo` over HTTP.

use std::process::Command;

use super::county;

fn ogrinfo(arguments: &[&str]) -> String {
    let source = format!("OAPIF:http://{}/api", county::open());
    let mut command = Command::new("ogrinfo");
    command.env("OGR_WKT_PRECISION", "7").args(["-ro", "--config", "GDAL_HTTP_TIMEOUT", "60"]);
    let output = command.arg(&source).args(arguments).output().expect("gdal-bin is installed");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !err.contains("ERROR"), "{arguments:?}\n{out}\n{err}");
    out.into_owned()
}

fn n_features(out: &str) -> usize {
    out.lines().filter(|line| line.starts_with("OGRFeature(")).count()
}

#[test]
fn it_lists_every_collection() {
    let out = ogrinfo(&[]);
    for name in ["grids", "households", "incidents", "holders", "duties", "service_points"] {
        assert!(out.lines().any(|line| line.contains(&format!(": {name} (title:"))), "{name}\n{out}");
    }
}

#[test]
fn it_reads_every_collection_to_its_end() {
    for (layer, n) in [
        ("grids", 2929),
        ("households", 50_000),
        ("incidents", 305),
        ("holders", 770 + 147 + 587),
        ("duties", 770 + 147 + 587),
        ("service_points", 16),
    ] {
        let page = if layer == "households" { "PAGE_SIZE=1000" } else { "PAGE_SIZE=100" };
        let out = ogrinfo(&["-oo", page, "-al", "-geom=SUMMARY", layer]);
        assert_eq!(n_features(&out), n, "{layer}");
    }
}

#[test]
fn it_reads_pages_of_the_size_it_chooses() {
    assert_eq!(n_features(&ogrinfo(&["-al", "-geom=NO", "incidents"])), 305);
}

#[test]
fn it_narrows_by_property_and_by_place() {
    for (arguments, n) in [
        (&["-where", "level = 'village'", "grids"][..], 147),
        (&["-where", "status = 'open'", "incidents"], 14),
        (&["-where", "role = 'grid_leader'", "duties"], 770),
        (&["-spat", "103.2", "34.5", "104", "35", "service_points"], 16),
        (&["-spat", "103.385675", "34.844376", "103.385675", "34.844376", "service_points"], 1),
        (&["-where", "grid = '62302110000200101'", "households"], 16),
    ] {
        let out = ogrinfo(&[&["-al", "-geom=NO", "-oo", "PAGE_SIZE=1000"], arguments].concat());
        assert_eq!(n_features(&out), n, "{arguments:?}");
    }
}

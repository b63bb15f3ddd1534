//! Files as spreadsheets and their users make them (`fixtures/cases/`): read for what they mean, or refused by what is wrong.

use std::process::Command;

use tempfile::TempDir;

use super::fixtures;

/// The ground that the cases are about.
struct Town {
    folder: TempDir,
}

impl Town {
    fn new() -> Self {
        let town = Self { folder: TempDir::new().unwrap() };
        town.said(0, "import region", "00-base/region.toml", "");
        town.said(0, "import grids", "00-base/grids.geojson", "--in-force 2024-01-01");
        town
    }

    /// What the command says of a file, on both of its streams, when it ends with `code`.
    fn said(&self, code: i32, command: &str, file: &str, options: &str) -> String {
        let database = format!("sqlite:{}", self.folder.path().join("town.db").display());
        let output = Command::new(env!("CARGO_BIN_EXE_gridmap"))
            .args(command.split(' '))
            .arg(fixtures().join("cases").join(file))
            .args(["--database", &database])
            .args(options.split_whitespace())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert_eq!(output.status.code(), Some(code), "{command} {file}: {said}");
        said
    }

    /// What `gridmap locate` prints.
    fn locate(&self, arguments: &[&str]) -> String {
        let database = format!("sqlite:{}", self.folder.path().join("town.db").display());
        let mut locate = Command::new(env!("CARGO_BIN_EXE_gridmap"));
        let output = locate.arg("locate").args(arguments).args(["--database", &database]).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Imports the file and locates its rows: both read all of it.
    fn reads(&self, file: &str, n_rows: usize) -> String {
        let imported = self.said(0, "import households", file, "");
        assert!(imported.contains(&format!("{n_rows} read, {n_rows} stored")), "{imported}");
        let located = self.said(0, "locate", file, "");
        assert!(located.contains(&format!("{n_rows} rows: {n_rows} located")), "{located}");
        imported
    }

    /// The lines of the report of a file that is refused.
    fn refused(&self, command: &str, file: &str) -> Vec<String> {
        let said = self.said(1, command, file, "");
        said.lines().skip(1).map(|line| line.trim().to_owned()).collect()
    }
}

/// What `gridmap check` says of a layer without parents.
fn check(code: i32, file: &str) -> String {
    let file = fixtures().join("cases").join(file);
    let output = Command::new(env!("CARGO_BIN_EXE_gridmap")).arg("check").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", file.display());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn rows_and_columns_of_padding_are_nothing() {
    Town::new().reads("01-rows-of-commas/households.csv", 2);
}

#[test]
fn lines_may_end_at_carriage_returns() {
    let town = Town::new();
    town.reads("03-nothing-read/carriage_returns.csv", 2);
    town.reads("11-two-readers/carriage_returns.csv", 2);
}

#[test]
fn a_file_of_which_nothing_can_be_understood_is_refused() {
    let said = Town::new().refused("import households", "04-sep-line/households.csv").concat();
    assert!(said.contains("the header has sep=") && said.contains("expected id, lon, lat"), "{said}");
}

#[test]
fn coordinates_go_by_the_same_names_for_import_and_locate() {
    let report = Town::new().reads("11-two-readers/chinese_header.csv", 1);
    assert!(!report.contains("not used"), "{report}");
}

#[test]
fn identifiers_that_nobody_wrote_are_refused_by_what_became_of_them() {
    let town = Town::new();
    let cut = |text: &str| {
        format!("{text:?} is a number that a spreadsheet has cut: make the column one of text before the file is saved")
    };
    let refused = town.refused("import households", "05-lost-digits/households.csv");
    let expected = [format!("line 2: id: {}", cut("9.9E+13")), format!("line 2: stated_grid: {}", cut("9.90001E+13"))];
    assert_eq!(refused, expected);
    let refused = town.refused("import holders", "05-lost-digits/holders.csv").concat();
    assert!(refused.contains(&cut("3.30602E+14")), "{refused}");

    let refused = town.refused("import households", "07-invisible/households.csv");
    let expected =
        ["line 2: stated_grid: has the invisible character U+200B", "line 3: id: has the invisible character U+2060"];
    assert_eq!(refused, expected);
    let refused = town.refused("import holders", "07-invisible/holders.csv");
    assert_eq!(refused, ["line 2: id: has the invisible character U+200B"]);
}

#[test]
fn a_value_counts_and_not_its_spelling() {
    let town = Town::new();
    let said = town.said(0, "import households", "06-point-zero/households.csv", "");
    assert!(said.contains("2 read, 2 stored") && said.contains("line 2: says 99000101.0"), "{said}");
    let refused = town.refused("import incidents", "08-excel-dates/incidents.csv");
    let lines: Vec<&str> =
        refused.iter().filter_map(|line| line.split_once(" is not a time")).map(|(at, _)| at).collect();
    assert_eq!(lines, ["line 5: reported_at: \"45296.3958\"", "line 7: reported_at: \"2024.1.5\""]);
}

#[test]
fn a_blank_before_a_quote_is_named() {
    let why = "row: has a blank before a quote: a quote must follow its comma at once";
    let refused = Town::new().refused("import households", "09-space-before-quote/households.csv");
    assert_eq!(refused, [format!("line 2: {why}"), format!("line 3: {why}")]);
}

#[test]
fn northing_taken_for_easting_is_seen() {
    let town = Town::new();
    let file = "17-survey-x-y/survey_xy.csv";
    let survey = "--map lon=X --map lat=Y --crs EPSG:4544";
    let said = town.said(1, "import households", file, survey);
    assert!(said.contains("degrees from the zone's own meridian: easting and northing are swapped"), "{said}");
    town.said(1, "import households", file, "--map lon=X --map lat=Y --crs EPSG:4523");
    let stored = town.said(0, "import households", file, "--map lon=Y --map lat=X --crs EPSG:4544");
    assert!(stored.contains("2 read, 2 stored") && !stored.contains("outside"), "{stored}");
}

#[test]
fn a_frame_is_known_by_any_common_spelling_of_its_name() {
    let town = Town::new();
    let names = std::fs::read_to_string(fixtures().join("cases/18-frame-names/names.txt")).unwrap();
    for name in names.lines() {
        let output = town.locate(&["103.305", "34.805", "--crs", name]);
        assert!(output.contains("99000101"), "{name}: {output}");
    }
}

#[test]
fn a_duty_holds_on_all_of_its_last_day() {
    let town = Town::new();
    town.said(0, "import holders", "26-last-day-of-a-duty/holders.csv", "");
    town.said(0, "import duties", "26-last-day-of-a-duty/duties.csv", "");
    for (at, answers) in [("2024-01-01", true), ("2024-05-31T23:59:59", true), ("2024-06-01", false)] {
        let output = town.locate(&["103.305", "34.805", "--at", at]);
        assert_eq!(output.contains("\"L1\""), answers, "{at}: {output}");
    }
}

#[test]
fn a_void_is_listed_whether_one_area_draws_it_or_two_enclose_it() {
    for (file, area_m2) in [
        ("city_filled", None),
        ("city_partly_filled", Some("10151.2 m2")),
        ("own_hole_inside", Some("40606.3 m2")),
        ("own_thin_hole_touches_border", Some("304.5 m2")),
        ("thin_void_between_two", Some("609.1 m2")),
        ("void_between_two", Some("121817.3 m2")),
        ("void_inside", Some("101514.0 m2")),
    ] {
        let code = i32::from(file == "thin_void_between_two");
        let said = check(code, &format!("45-own-void/{file}.geojson"));
        let listed: Vec<&str> =
            said.lines().filter(|line| line.starts_with("note ") || line.starts_with("fault ")).collect();
        assert_eq!(listed.len(), usize::from(area_m2.is_some()), "{file}: {said}");
        assert!(area_m2.is_none_or(|area_m2| listed[0].contains(area_m2)), "{file}: {said}");
    }
}

#[test]
fn codes_that_look_the_same_are_pointed_out() {
    let said = check(0, "14-name-search/look_alike_codes.geojson");
    assert!(said.contains("look_alike_code") && said.contains("G１") && said.contains("G1"), "{said}");
    assert!(!check(0, "00-base/grids.geojson").contains("look_alike_code"));
}

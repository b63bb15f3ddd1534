use super::*;

/// Numbers in 0..1 from a fixed seed (splitmix64).
fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

#[test]
fn the_number_of_a_system_is_digits_as_they_are_written() {
    for good in ["EPSG:4547", "epsg: 4547", "urn:ogc:def:crs:EPSG::4547 ", "EPSG:04547"] {
        assert_eq!(Frame::parse(good).map(|frame| frame.to_string()).as_deref(), Ok("EPSG:4547"), "{good}");
    }
    for bad in ["EPSG:-4547", "EPSG:+4547", "EPSG:45-47", "EPSG:45 47", "EPSG:4547x", "EPSG:"] {
        assert_eq!(Frame::parse(bad), Err(CrsError::Unknown(bad.to_owned())));
    }
}

/// Metres between two close places, good to a part in a hundred.
fn metres(a: Position, b: Position) -> f64 {
    let east = (a.lon() - b.lon()) * 111_320.0 * a.lat().to_radians().cos();
    let north = (a.lat() - b.lat()) * 111_132.0;
    east.hypot(north)
}

#[test]
fn gcj02_and_bd09_come_back_within_a_centimetre_all_over_china() {
    let mut random = random(623_021);
    for frame in [Frame::Gcj02, Frame::Bd09] {
        for _ in 0..20_000 {
            let home = Position::new(73.5 + random() * 61.5, 3.5 + random() * 50.0).unwrap();
            let (x, y) = frame.numbers_of(home).unwrap();
            let error_m = metres(home, frame.to_wgs84(x, y).unwrap());
            assert!(error_m < 0.001, "{frame} {home}: {error_m} m");
            let shift_m = metres(home, Position::new(x, y).unwrap());
            assert!((10.0..2_500.0).contains(&shift_m), "{frame} {home}: shifted by {shift_m} m");
        }
    }
}

/// Figures printed by wandergis/coordtransform (`test/app.js`), which its ports repeat.
#[test]
fn gcj02_and_bd09_agree_with_the_open_implementations() {
    let check = |frame: Frame, wgs: (f64, f64), there: (f64, f64)| {
        let (x, y) = frame.numbers_of(Position::new(wgs.0, wgs.1).unwrap()).unwrap();
        assert!((x - there.0).abs() < 1e-9 && (y - there.1).abs() < 1e-9, "{frame}: {x}, {y}");
    };
    check(Frame::Gcj02, (116.404, 39.915), (116.410_244_499_169_38, 39.916_404_281_501_64));
    let gcj02 = Position::new(116.404, 39.915).unwrap();
    let home = Frame::Gcj02.to_wgs84(gcj02.lon(), gcj02.lat()).unwrap();
    check(Frame::Bd09, (home.lon(), home.lat()), (116.410_369_493_710_29, 39.921_336_993_510_21));
}

#[test]
fn outside_china_gcj02_is_wgs84() {
    let denver = Position::new(-104.99, 39.74).unwrap();
    assert_eq!(Frame::Gcj02.numbers_of(denver).unwrap(), (-104.99, 39.74));
    assert_eq!(Frame::Gcj02.to_wgs84(-104.99, 39.74).unwrap(), denver);
}

/// Figures from `cs2cs -f %.4f EPSG:4326 EPSG:n` (PROJ 9.1.1), turned east first.
#[test]
fn epsg_systems_agree_with_proj() {
    let check = |name: &str, lon: f64, lat: f64, x: f64, y: f64, unit_m: f64| {
        let frame = Frame::parse(name).unwrap();
        let place = Position::new(lon, lat).unwrap();
        let (east, north) = frame.numbers_of(place).unwrap();
        assert!((east - x).hypot(north - y) * unit_m < 0.002, "{name}: {east} {north}");
        assert!(metres(place, frame.to_wgs84(x, y).unwrap()) < 0.002, "{name} back");
    };
    check("EPSG:4490", 103.6, 34.7, 103.6, 34.7, 111_320.0);
    check("EPSG:4547", 116.4, 39.9, 705_254.659_7, 4_421_184.039_3, 1.0);
    check("EPSG:4547", 103.6, 34.7, -454_692.132_2, 3_890_960.671_3, 1.0);
    check("EPSG:4549", 120.3, 30.1, 528_916.885_1, 3_331_236.693_1, 1.0);
    check("EPSG:32648", 103.6, 34.7, 371_778.646_1, 3_840_666.920_4, 1.0);
    check("EPSG:3857", 103.6, 34.7, 11_532_699.246_2, 4_123_186.709_7, 1.0);
    check("EPSG:2232", -104.99, 39.74, 3_143_422.536_9, 1_694_827.343_8, 0.3048);
}

#[test]
fn the_order_of_the_authority_is_known() {
    let north_first = |name: &str| Frame::parse(name).unwrap().is_north_first();
    for name in ["EPSG:4326", "EPSG:4490", "EPSG:4547", "EPSG:4549", "urn:ogc:def:crs:EPSG::4490"] {
        assert!(north_first(name), "{name}");
    }
    for name in ["wgs84", "CRS84", "cgcs2000", "gcj02", "EPSG:32648", "EPSG:3857", "EPSG:2232"] {
        assert!(!north_first(name), "{name}");
    }
}

#[test]
fn a_place_far_outside_the_zone_is_refused() {
    let swapped = |name: &str, x: f64, y: f64| match Frame::parse(name).unwrap().to_wgs84(x, y) {
        Ok(_) => None,
        Err(CrsError::BeyondZone { is_swapped, .. }) => Some(is_swapped),
        Err(other) => panic!("{name}: {other}"),
    };
    assert_eq!(swapped("EPSG:4544", 344_892.419, 3_854_269.616), None);
    assert_eq!(swapped("EPSG:4544", 3_854_269.616, 344_892.419), Some(true));
    assert_eq!(swapped("EPSG:32648", 371_000.0, 3_840_000.0), None);
    assert_eq!(swapped("EPSG:32648", 3_840_000.0, 371_000.0), Some(true));
    assert_eq!(swapped("EPSG:32648", 5_500_000.0, 5_500_000.0), Some(false));
    // A county on the border of two zones is surveyed in one of them.
    let neighbour = Frame::parse("EPSG:4544").unwrap().numbers_of(Position::new(109.5, 34.0).unwrap()).unwrap();
    assert_eq!(swapped("EPSG:4544", neighbour.0, neighbour.1), None);
}

#[test]
fn what_cannot_be_computed_is_refused_by_name() {
    let error = |name: &str| Frame::parse(name).unwrap_err().to_string();
    assert_eq!(error("wgs48"), "\"wgs48\" is not a coordinate frame: expected wgs84, cgcs2000, gcj02, bd09 or EPSG:n");
    assert_eq!(error("EPSG:99999"), "EPSG:99999 is not known here");
    assert_eq!(error("EPSG:2000"), "EPSG:2000 cannot be used: the way from its datum to WGS 84 is not known here");
    let zone = Frame::parse("EPSG:4547").unwrap();
    assert!(matches!(zone.to_wgs84(103.6, 34.7).unwrap_err(), CrsError::Degrees { .. }));
    assert!(matches!(zone.to_wgs84(f64::NAN, 1.0).unwrap_err(), CrsError::OutOfReach { .. }));
    assert!(matches!(
        Frame::Wgs84.to_wgs84(34.7, 103.6).unwrap_err(),
        CrsError::Position(PositionError::Swapped { .. })
    ));
}

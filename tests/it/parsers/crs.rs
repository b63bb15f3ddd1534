//! Names of coordinate frames, and numbers in them.

use gridmap::geometry::Position;
use gridmap::geometry::crs::{Epsg, Frame};
use proptest::prelude::*;

use super::damage::{damaged, damages};
use super::hold;

/// Every system of the register that is known here.
fn known() -> Vec<Frame> {
    (0..=u32::from(u16::MAX) + 1).filter_map(|code| Epsg::new(code).ok()).map(Frame::Epsg).collect()
}

fn words() -> [Frame; 4] {
    [Frame::Wgs84, Frame::Cgcs2000, Frame::Gcj02, Frame::Bd09]
}

/// Any double, the odd ones often.
fn doubles() -> impl Strategy<Value = f64> {
    let odd =
        [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 90.0, 180.0, 500_000.0];
    prop_oneof![2 => any::<f64>(), 1 => prop::sample::select(odd.to_vec()), 3 => -2e7..2e7_f64, 2 => -180.0..180.0_f64]
}

#[test]
fn a_frame_is_read_back_by_its_name_and_by_the_registers_addresses() {
    let known = known();
    assert!(known.len() > 2_000, "{}", known.len());
    for frame in words().iter().chain(&known) {
        let name = frame.to_string();
        assert_eq!(Frame::parse(&name).as_ref(), Ok(frame), "{name}");
        let Some(code) = name.strip_prefix("EPSG:") else { continue };
        for address in ["http://www.opengis.net/def/crs/EPSG/0/", "urn:ogc:def:crs:EPSG::", "epsg: "] {
            assert_eq!(Frame::parse(&format!("{address}{code}")).as_ref(), Ok(frame), "{address}{code}");
        }
    }
}

#[test]
fn a_damaged_name_is_refused_or_is_the_frame_whose_number_it_has() {
    let names = [
        "wgs84",
        "CRS84",
        "EPSG:4547",
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4490",
        "http://www.opengis.net/def/crs/EPSG/0/3857",
    ];
    hold(2_000, &(prop::sample::select(names.to_vec()), damages()), |(name, damages)| {
        let damaged = damaged(name.as_bytes(), &damages).0;
        let text = String::from_utf8_lossy(&damaged);
        let Ok(frame) = Frame::parse(&text) else { return Ok(()) };
        let written = frame.to_string();
        prop_assert_eq!(Frame::parse(&written), Ok(frame));
        if let Some(code) = written.strip_prefix("EPSG:") {
            let digits = text.rsplit([':', '/']).next().unwrap_or_default().trim().trim_start_matches('0');
            prop_assert_eq!(digits, code, "{}", text);
        }
        Ok(())
    });
}

/// Not every projection can be reversed everywhere, but where a frame takes its own numbers, they name the same place: to ten
/// metres, since far from its home an old datum moves places up and down, which two numbers do not hold.
#[test]
fn numbers_of_a_place_name_that_place() {
    // From a sphere to the ellipsoid it is kilometres up and down, and 20 m off.
    let on_sphere = ["EPSG:4055"];
    let known = known().into_iter().filter(|frame| !on_sphere.contains(&frame.to_string().as_str()));
    let frames: Vec<Frame> = words().into_iter().chain(known).collect();
    let places = (-180.0..180.0_f64, -89.0..89.0_f64, prop::sample::select(frames));
    hold(3_000, &places, |(lon, lat, frame)| {
        let place = Position::new(lon, lat).unwrap();
        let Ok((x, y)) = frame.numbers_of(place) else { return Ok(()) };
        let Ok(back) = frame.to_wgs84(x, y) else { return Ok(()) };
        let Ok(again) = frame.numbers_of(back) else { return Ok(()) };
        let Ok(twice) = frame.to_wgs84(again.0, again.1) else { return Ok(()) };
        let off = |a: Position, b: Position| {
            let lon = (a.lon() - b.lon() + 540.0).rem_euclid(360.0) - 180.0;
            (lon * a.lat().to_radians().cos()).hypot(a.lat() - b.lat())
        };
        prop_assert!(off(twice, back) < 1e-4, "{} {} {}: {:?} {} {}", frame, lon, lat, (x, y), back, twice);
        Ok(())
    });
}

/// The zones of China, in which surveys are made, and the frames of its maps: to a centimetre.
#[test]
fn places_of_china_are_told_to_a_centimetre_in_the_frames_used_there() {
    let zones = (4513..=4554).filter_map(|code| Epsg::new(code).ok()).map(Frame::Epsg);
    let frames: Vec<Frame> = words().into_iter().chain(zones).collect();
    assert!(frames.len() > 40);
    hold(2_000, &(75.0..135.0_f64, 18.0..53.0_f64, prop::sample::select(frames)), |(lon, lat, frame)| {
        let place = Position::new(lon, lat).unwrap();
        let (x, y) = frame.numbers_of(place).unwrap();
        match frame.to_wgs84(x, y) {
            Ok(back) => {
                let off = (back.lon() - lon).abs().max((back.lat() - lat).abs());
                prop_assert!(off < 1e-7, "{} {} {}: {}", frame, lon, lat, back);
            }
            Err(error) => prop_assert!(error.to_string().contains("degrees from the zone's own meridian"), "{}", error),
        }
        Ok(())
    });
}

#[test]
fn numbers_of_any_kind_are_a_place_or_refused() {
    let frames: Vec<Frame> = words().into_iter().chain(known()).collect();
    hold(4_000, &(doubles(), doubles(), prop::sample::select(frames)), |(x, y, frame)| {
        if let Ok(place) = frame.to_wgs84(x, y) {
            prop_assert!(Position::new(place.lon(), place.lat()).is_ok(), "{} {} {}", frame, x, y);
        }
        Ok(())
    });
}

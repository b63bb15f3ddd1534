//! Packed bodies: unpacked, or refused by name.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::county;
use super::http::{Reply, request};

const POINTS: &[u8] = b"id,lon,lat\nA,103.373907,34.88357\n";
const DISPUTE: &[u8] = br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[103.373907,34.88357]},
    "properties":{"id":"X1","kind":"dispute","category":"x"}}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn locate(encoding: &str, body: &[u8]) -> Reply {
    let headers = [("Content-Type", "text/csv"), ("Content-Encoding", encoding)];
    request(county::open(), "POST", "/api/locate", &headers, body)
}

#[test]
fn a_packed_body_is_answered_as_the_same_unpacked() {
    let plain = request(county::open(), "POST", "/api/locate", &[("Content-Type", "text/csv")], POINTS);
    assert_eq!((plain.status, plain.text().lines().count()), (200, 2));
    let (zstd, brotli) = (zstd_of(POINTS), brotli_of(POINTS));
    for (encoding, body) in [
        ("gzip", gzip(POINTS)),
        ("GZIP", gzip(POINTS)),
        ("deflate", deflate(POINTS)),
        ("zstd", zstd),
        ("br", brotli),
        ("identity", POINTS.to_vec()),
    ] {
        let reply = locate(encoding, &body);
        assert_eq!((reply.status, reply.text()), (200, plain.text()), "{encoding}");
    }
    let (server, _folder) = county::own();
    let headers = [("Content-Type", "application/geo+json"), ("Content-Encoding", "gzip")];
    let reply = request(server, "POST", "/api/collections/incidents/items", &headers, &gzip(DISPUTE));
    assert_eq!(reply.status, 201, "{}", reply.text());
}

/// A brotli stream of one uncompressed block (RFC 7932).
fn brotli_of(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    let head = ((length - 1) << 4 | 1 << 20).to_le_bytes();
    [&head[..3], bytes, &[3]].concat()
}

/// A zstd frame of one raw block (RFC 8878): what any packer may write.
fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    let block = (u32::from(length) << 3 | 1).to_le_bytes();
    [&[0x28, 0xb5, 0x2f, 0xfd, 0x20, length][..], &block[..3], bytes].concat()
}

#[test]
fn a_body_packed_otherwise_is_refused_and_the_refusal_names_what_is_taken() {
    for path in ["/api/locate", "/api/collections/incidents/items"] {
        for encoding in ["compress", "gzip, gzip", "x-snappy"] {
            let headers = [("Content-Type", "text/csv"), ("Content-Encoding", encoding)];
            let reply = request(county::open(), "POST", path, &headers, &gzip(POINTS));
            assert_eq!((reply.status, reply.json()["errors"][0]["header"].clone()), (415, "content-encoding".into()));
            assert_eq!(reply.header("accept-encoding"), Some("gzip, br, zstd, deflate"), "{path} {encoding}");
        }
    }
}

#[test]
fn what_is_not_what_it_says_is_refused_and_not_repeated() {
    for (encoding, body) in [("gzip", POINTS.to_vec()), ("br", gzip(POINTS)), ("gzip", gzip(POINTS)[..20].to_vec())] {
        let reply = locate(encoding, &body);
        assert_eq!(reply.status, 400, "{encoding}: {}", reply.text());
        assert!(reply.text().contains("content-encoding"), "{}", reply.text());
    }
    let many = "A,103.373907,34.88357\n".repeat(100);
    let many = gzip(&[POINTS, many.as_bytes()].concat());
    let unsaid = request(county::open(), "POST", "/api/locate", &[("Content-Type", "text/csv")], &many);
    assert_eq!(unsaid.status, 400, "{}", unsaid.text());
    assert!(unsaid.text().is_ascii() && !unsaid.text().contains("\\u00"), "no raw bytes: {}", unsaid.text());
}

#[test]
fn a_small_body_that_unpacks_to_a_vast_one_is_refused() {
    let bomb = gzip(&vec![b' '; 64 * 1024 * 1024]);
    let headers = [("Content-Type", "application/geo+json"), ("Content-Encoding", "gzip")];
    let reply = request(county::open(), "POST", "/api/collections/incidents/items", &headers, &bomb);
    assert_eq!(reply.status, 413, "{}", reply.text());
}

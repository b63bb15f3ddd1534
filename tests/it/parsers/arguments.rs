//! What an operator writes behind `serve`, or into its environment.

use std::net::IpAddr;

use clap::Parser as _;
use gridmap::config::{AllowedOrigins, ServeSettings};
use proptest::prelude::*;

use super::damage::{damaged, damages};
use super::hold;

#[derive(Debug, clap::Parser)]
struct Command {
    #[command(flatten)]
    settings: ServeSettings,
}

/// The settings that one argument makes, or the sentence that refuses it.
fn parsed(option: &str, value: &str) -> Result<ServeSettings, String> {
    let arguments = ["serve".to_owned(), format!("{option}={value}")];
    Command::try_parse_from(arguments).map(|command| command.settings).map_err(|error| error.to_string())
}

/// An origin as browsers send it (RFC 6454, section 6.2): scheme, host in small letters, and a port that is not the scheme's
/// own.
fn origins() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        "[a-z][a-z0-9]{0,8}(\\.[a-z][a-z0-9]{0,8}){0,3}",
        Just("[::1]".to_owned()),
        Just("10.0.0.7".to_owned())
    ];
    ("https?", host, prop::option::of(1024..65_000_u16)).prop_map(|(scheme, host, port)| {
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        format!("{scheme}://{host}{port}")
    })
}

#[test]
fn an_origin_is_taken_as_it_is_and_nothing_behind_it() {
    let behind = prop::sample::select(vec!["/", "/x", "?q=1", "#top", "/*", ":x", " ", "\u{0}"]);
    hold(200, &(origins(), behind), |(origin, behind)| {
        let settings = parsed("--allow-origin", &origin).map_err(TestCaseError::fail)?;
        prop_assert_eq!(settings.allowed_origins(), AllowedOrigins::These(vec![origin.clone()]));
        let refused = parsed("--allow-origin", &format!("{origin}{behind}")).unwrap_err();
        prop_assert!(refused.contains("expected an origin"), "{}", refused);
        Ok(())
    });
}

/// Whatever is left of a good value, it is refused in words or it is one that browsers may send.
#[test]
fn a_damaged_origin_is_refused_or_is_another_origin() {
    hold(300, &(origins(), damages()), |(origin, damages)| {
        let text = String::from_utf8_lossy(&damaged(origin.as_bytes(), &damages).0).into_owned();
        let Ok(settings) = parsed("--allow-origin", &text) else { return Ok(()) };
        for one in text.split(',').filter(|one| !["*", "none"].contains(one)) {
            let again = url::Url::parse(one).map(|url| url.origin().ascii_serialization());
            prop_assert_eq!(again.as_deref(), Ok(one), "{:?}", settings.allow_origin);
        }
        Ok(())
    });
}

#[test]
fn networks_of_proxies_are_read_as_written() {
    let lengths = (any::<IpAddr>(), 0..140_u8);
    hold(300, &lengths, |(address, length)| {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let read = parsed("--trusted-proxy", &format!("{address}/{length}"));
        match read {
            Ok(settings) => {
                prop_assert!(length <= longest);
                let network = settings.address.trusted_proxy[0];
                prop_assert_eq!((network.addr(), network.prefix_len()), (address, length));
            }
            Err(refused) => {
                prop_assert!(length > longest && refused.contains("expected an address or a network"), "{}", refused);
            }
        }
        let alone = parsed("--trusted-proxy", &address.to_string()).map_err(TestCaseError::fail)?;
        prop_assert_eq!(alone.address.trusted_proxy[0].prefix_len(), longest);
        Ok(())
    });
}

#[test]
fn the_address_of_callers_has_a_path_and_nothing_behind_it() {
    hold(200, &(origins(), "(/[a-z0-9_-]{1,8}){0,3}/?"), |(origin, path)| {
        let settings = parsed("--public-url", &format!("{origin}{path}")).map_err(TestCaseError::fail)?;
        let url = settings.address.public_url.expect("it was given");
        prop_assert_eq!(url.origin().ascii_serialization(), origin.clone());
        prop_assert_eq!(url.path().trim_end_matches('/'), path.trim_end_matches('/'));
        for bad in
            [format!("{origin}{path}?q"), format!("{origin}{path}#x"), origin.replacen("://", "://user:word@", 1)]
        {
            prop_assert!(parsed("--public-url", &bad).is_err(), "{}", bad);
        }
        Ok(())
    });
}

/// A number that no server could keep to is refused, and none makes it fail later.
#[test]
fn limits_are_numbers_that_a_server_can_keep() {
    let options = ["--head-timeout", "--read-timeout", "--write-timeout", "--answer-timeout", "--connections"];
    let numbers = prop_oneof![Just(0), Just(u64::MAX), 1..86_400_u64, any::<u64>()];
    hold(200, &(prop::sample::select(options.to_vec()), numbers), |(option, number)| {
        let most = if option == "--connections" { 1_000_000 } else { 86_400 };
        prop_assert_eq!(parsed(option, &number.to_string()).is_ok(), (1..=most).contains(&number), "{}", option);
        for bad in [format!("-{number}"), format!("{number}s")] {
            prop_assert!(parsed(option, &bad).is_err(), "{}", bad);
        }
        Ok(())
    });
}

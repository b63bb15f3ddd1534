//! What a browser lets the page do (Content Security Policy): whom it fetches from, and in whose pages it is shown.

use std::collections::BTreeSet;

use axum::http::HeaderValue;

use crate::config::AllowedOrigins;
use crate::domain::Basemap;

/// Everything comes from this server.
const OWN: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'";

/// The policy of a page that offers `basemaps`, and that pages of `embedding` origins may show within them. Pictures, and
/// what scripts fetch, come from the basemaps' origins too.
pub(crate) fn of(basemaps: &[Basemap], embedding: &AllowedOrigins) -> HeaderValue {
    let origins: BTreeSet<&str> = basemaps.iter().flat_map(Basemap::all_origins).collect();
    let mut policy = format!("{OWN}; frame-ancestors {}", ancestors(embedding));
    if !origins.is_empty() {
        let origins: Vec<&str> = origins.into_iter().collect();
        let origins = origins.join(" ");
        policy = format!("{policy}; connect-src 'self' {origins}; img-src 'self' {origins}");
    }
    HeaderValue::try_from(policy).expect("origins have only characters of addresses")
}

fn ancestors(embedding: &AllowedOrigins) -> String {
    match embedding {
        AllowedOrigins::None => "'none'".to_owned(),
        AllowedOrigins::Any => "*".to_owned(),
        AllowedOrigins::These(origins) => origins.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::basemaps::parse;

    #[test]
    fn the_policy_lets_in_what_the_list_names_and_nothing_else() {
        let none = AllowedOrigins::None;
        let closed = format!("{OWN}; frame-ancestors 'none'");
        assert_eq!(of(&[], &none), closed);
        let map = |id: &str, rest: &str| {
            format!("[[basemap]]\nid = \"{id}\"\nnames = {{ zh = \"a\", en = \"a\" }}\nattribution = \"a\"\n{rest}\n")
        };
        let text = [
            map("a", "kind = \"raster\"\nurl = \"https://b.example/{z}/{x}/{y}\""),
            map("b", "kind = \"style\"\nurl = \"https://a.example/s.json\"\norigins = [\"https://b.example\"]"),
            map("c", "kind = \"raster\"\nurl = \"/maps/{z}/{x}/{y}\""),
        ];
        let policy = of(&parse(&text.concat()).unwrap(), &none);
        let more = "; connect-src 'self' https://a.example https://b.example; img-src 'self' https://a.example https://b.example";
        assert_eq!(policy, format!("{closed}{more}"));
    }

    #[test]
    fn only_pages_of_the_origins_named_may_show_the_map() {
        let towns = ["https://a.example", "https://b.example:8443"].map(str::to_owned).to_vec();
        for (embedding, ancestors) in [
            (AllowedOrigins::None, "'none'"),
            (AllowedOrigins::Any, "*"),
            (AllowedOrigins::These(towns), "https://a.example https://b.example:8443"),
        ] {
            assert_eq!(of(&[], &embedding), format!("{OWN}; frame-ancestors {ancestors}"));
        }
    }
}

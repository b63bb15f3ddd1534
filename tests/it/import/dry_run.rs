//! A file that is only tried: how it is understood is said, and nothing of it is stored.

use futures::TryStreamExt;
use gridmap::cli::import::{render, render_json};
use gridmap::domain::{Household, Noun};
use gridmap::service::Caller;
use gridmap::service::collections::Seen;
use gridmap::service::import::{self, GridOptions, Outcome, Source};
use gridmap::store::Filter;

use super::{day, fixtures, import_manifest, open, text_source};
use crate::backends::on_both;

const HOMES: &str = "id,lon,lat,residents,remark\nh1,103.05,34.05,3,x\nh2,103.15,34.05,,y\n";

#[test]
fn what_is_shown_of_a_file_is_what_is_stored_of_it() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let caller = Caller::system(&gridmap);
        let before = store.revision().await.unwrap();
        let homes = |is_dry_run| Source { is_dry_run, ..text_source("homes.csv", HOMES.to_owned()) };

        let tried = import::households(&caller, homes(true), &[]).await.unwrap();
        assert_eq!((tried.outcome, tried.n_read, tried.n_stored), (Outcome::Tried, 2, 2));
        assert_eq!(store.revision().await.unwrap(), before);
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), 0);
        let text = render(&tried);
        for said in [
            "households from homes.csv: 2 read, 2 would be stored; a dry run stores nothing\n",
            "  read as UTF-8, coordinates as wgs84\n",
            "  fields: id from \"id\", lon from \"lon\", lat from \"lat\", residents from \"residents\"\n",
            "  columns not used: remark\n",
        ] {
            assert!(text.contains(said), "{said:?} is missing: {text}");
        }
        assert_eq!(render_json(&tried)["preview"]["columns"]["lon"], "lon");

        let stored = import::households(&caller, homes(false), &[]).await.unwrap();
        assert!(matches!(stored.outcome, Outcome::Stored { .. }) && stored.preview.is_none());
        let things: Vec<_> = store.households(Filter::default()).try_collect().await.unwrap();
        let seen = Seen::by::<Household>(caller.principal()).unwrap();
        let features = things.iter().map(|stored| String::from_utf8(seen.feature(&stored.thing)).unwrap());
        let shown = tried.preview.unwrap().first.into_iter().map(|(_, thing)| thing);
        assert_eq!(shown.collect::<Vec<_>>(), features.collect::<Vec<_>>());
    });
}

#[test]
fn what_is_wrong_with_a_file_is_said_of_a_dry_run_too() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let caller = Caller::system(&gridmap);
        let homes = HOMES.replace("103.15", "hundred");
        let tried = |is_dry_run| Source { is_dry_run, ..text_source("homes.csv", homes.clone()) };
        let tried = import::households(&caller, tried(true), &[]).await.unwrap();
        assert_eq!((tried.outcome, tried.n_refused), (Outcome::Refused, 1));
        assert_eq!(tried.faults.first[0].place.to_string(), "line 3");
    });
}

#[test]
fn a_redraw_that_is_only_tried_says_what_would_change() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let before = store.revision().await.unwrap();
        let import = async |is_dry_run| {
            let source = Source { is_dry_run, ..text_source("grids.geojson", super::generations::layer("103.12")) };
            import::grids(&Caller::system(&gridmap), vec![source], &GridOptions::default()).await.unwrap()
        };
        let tried = import(true).await;
        assert_eq!((tried.outcome, tried.generation), (Outcome::Tried, None));
        let preview = tried.preview.as_ref().unwrap();
        let ground = preview.ground.unwrap();
        assert!(preview.first[0].1.contains("\"code\":\"990001001\""), "{:?}", preview.first);
        assert_eq!(store.revision().await.unwrap(), before);

        let published = import(false).await.generation.unwrap();
        let change = (published.n_new, published.n_changed, published.n_removed);
        assert_eq!((ground.n_new, ground.n_changed, ground.n_removed), change);
    });
}

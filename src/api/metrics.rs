//! Figures for monitoring, in the text format of Prometheus.
//!
//! What is counted as it happens (requests, connections) is kept here; the state of the server is read when it is asked for.
//! No label holds an id, a code, a place or anything of a person: routes are named by their templates.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::prometheus_text;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::service::{self, Gridmap};

pub(crate) use prometheus_client::encoding::prometheus_text::CONTENT_TYPE as TEXT;

/// The seconds in which an answer may begin, by which they are counted.
const SECONDS: [f64; 14] = [0.0001, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// What is asked all day, answered before any route is looked up.
const LOCATE: &str = "/api/locate";

/// Requests of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Requests {
    /// The template of the path.
    route: String,
    method: &'static str,
}

/// Those of them that were answered alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Responses {
    #[prometheus(flatten)]
    requests: Requests,
    /// The class of the status.
    status: &'static str,
}

/// All that is counted in one server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Responses, Counter>,
    seconds: Family<Requests, Histogram>,
    /// The two of a plain locate that was answered.
    located: (Counter, Histogram),
    connections: Gauge,
    waiting: Gauge,
}

impl Metrics {
    pub(crate) fn new(gridmap: Gridmap) -> Self {
        let mut registry = Registry::with_prefix("gridmap");
        let requests: Family<Responses, Counter> = Family::default();
        let seconds: Family<Requests, Histogram> = Family::new_with_constructor(|| Histogram::new(SECONDS));
        let (connections, waiting) = (Gauge::default(), Gauge::default());
        registry.register("http_requests", "Requests answered, by route, method and class of status", requests.clone());
        let help = "Time until an answer began, its body not included";
        registry.register_with_unit("http_request", help, Unit::Seconds, seconds.clone());
        registry.register("connections", "Connections that are served", connections.clone());
        let help = "Connections beyond the limits, that wait or ask how the server is";
        registry.register("connections_spare", help, waiting.clone());
        registry.register_collector(Box::new(ServerState(gridmap)));
        let locate = Requests::of(LOCATE, &Method::GET);
        let located = (
            requests.get_or_create_owned(&locate.clone().answered(StatusCode::OK)),
            seconds.get_or_create_owned(&locate),
        );
        Self { registry, requests, seconds, located, connections, waiting }
    }

    /// Writes all of it as text of the type [`TEXT`].
    pub(crate) fn write(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Counts one answered request.
    pub(crate) fn count(&self, route: &Route, method: &Method, status: StatusCode, took: Duration) {
        let requests = Requests::of(route.0.get().map_or("none", MatchedPath::as_str), method);
        self.seconds.get_or_create(&requests).observe(took.as_secs_f64());
        self.requests.get_or_create(&requests.answered(status)).inc();
    }

    /// Counts one point that was located without a wait.
    pub(crate) fn count_located(&self, took: Duration) {
        let (requests, seconds) = &self.located;
        requests.inc();
        seconds.observe(took.as_secs_f64());
    }

    /// Counts a connection until what is returned is dropped.
    pub(crate) fn connected(&self) -> Counted {
        Counted::of(&self.connections)
    }

    /// The same for one beyond the limits.
    pub(crate) fn connected_beyond(&self) -> Counted {
        Counted::of(&self.waiting)
    }
}

impl Requests {
    /// A client may send any word as a method: those it may not are counted as one.
    fn of(route: &str, method: &Method) -> Self {
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::DELETE => "DELETE",
            Method::OPTIONS => "OPTIONS",
            _ => "other",
        };
        Self { route: route.to_owned(), method }
    }

    fn answered(self, status: StatusCode) -> Responses {
        let class = ["1xx", "2xx", "3xx", "4xx", "5xx"].get(usize::from(status.as_u16() / 100).wrapping_sub(1));
        Responses { requests: self, status: class.unwrap_or(&"other") }
    }
}

/// One that is counted while this lives.
#[derive(Debug)]
pub(crate) struct Counted(Gauge);

impl Counted {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The route that a request took, found out on its way; none where it took none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Route(Arc<OnceLock<MatchedPath>>);

impl Route {
    /// Notes the route of a request that carries a place for it.
    pub(crate) fn note(request: Request) -> Request {
        let parts = request.extensions();
        if let (Some(place), Some(path)) = (parts.get::<Self>(), parts.get::<MatchedPath>()) {
            place.0.get_or_init(|| path.clone());
        }
        request
    }
}

/// The state of the server, read when it is asked for.
#[derive(Debug)]
struct ServerState(Gridmap);

impl Collector for ServerState {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (lag, made) = (self.0.lag(), self.0.caches().n_made());
        let n_grids = self.0.snapshot().map_or(0, |snapshot| snapshot.tree().len());
        let is_away = matches!(self.0.state(), service::State::StoreAway { .. });
        let served = lag.served.unwrap_or_default();
        gauge(&mut encoder, "revision_served", "The revision that is served", served.0)?;
        gauge(&mut encoder, "revision_newest", "The newest revision this server has heard of", lag.newest.0)?;
        let help = "How long what is served may have been old";
        gauge_of(&mut encoder, "behind_seconds", help, lag.behind.as_secs_f64())?;
        gauge(&mut encoder, "store_away", "1 while the database does not answer", u64::from(is_away))?;
        gauge(&mut encoder, "grids", "Grids in the ground that is served", n_grids as u64)?;
        for (name, help, n) in [
            ("made_answers", "Sets of prepared answers about points that were begun", made.answers),
            ("made_texts", "Sets of texts of grids that were begun", made.texts),
            ("made_pictures", "Pictures of the ground for tiles that were begun", made.pictures),
            ("made_counts", "Counts of lists that the database was asked for", made.counts),
            ("made_cases", "Counts of incidents by kind", made.incidents),
            ("made_figures", "Counts of incidents by grid, areas and masks", made.figures),
        ] {
            let counter = ConstCounter::new(n);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        Ok(())
    }
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, n: u64) -> fmt::Result {
    let gauge = ConstGauge::new(i64::try_from(n).unwrap_or(i64::MAX));
    gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
}

fn gauge_of(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: f64) -> fmt::Result {
    let gauge = ConstGauge::new(value);
    gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)
}

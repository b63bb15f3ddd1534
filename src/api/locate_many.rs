//! `POST /api/locate`: many points in, as many answers out, row by row in the form they came in.
//!
//! The rows are read and answered by a thread of their own, so neither the body nor the answer sits in memory; what a
//! client sends that does not read yet goes to disk (`body/feed.rs`). The answer begins when a first part of it is made: a
//! body of which nothing at all can be answered is a 400 that lists why; after that a bad row gets its error in its place.

use std::io::{self, BufRead, Read, Write};

use axum::body::{Body, Bytes};
use axum::extract::RawQuery;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::app::Context;
use super::body::{CHUNK, Incoming, Sink, feed, piped};
use super::description::Description;
use super::error::{ApiResult, Fault, Kind, Place, Problem};
use super::geojson_schemas::FeatureCollectionSchema;
use super::locate::{ROUNDED, Settings};
use super::locate_answer::RowSchema;
use super::locate_body::{PointCollectionSchema, PointRowSchema};
use super::operation::Operation;
use super::parameter::takes;
use super::params::Query;
use crate::format::locate_rows::{Reader, RowFormat, RowsError};
use crate::service::locate_rows::{BatchLocator, RowsDone};

/// The most points of one request.
const MOST_POINTS: u64 = 1_000_000;

/// The longest body, in bytes: a million rows of some length.
const MOST_BYTES: usize = 512 * 1024 * 1024;

/// So much of a body has come, or all of it, before it is given a thread: a slow sender holds none.
const FIRST_BYTES: usize = 64 * 1024;

/// Answers for every point of the body.
pub(crate) async fn many(context: Context, RawQuery(raw): RawQuery, headers: HeaderMap, body: Body) -> ApiResult {
    let mut query = Query::parse(raw.as_deref(), |name| takes(&Settings::PARAMETERS, name));
    let (app, caller) = (context.app(), context.caller());
    let settings = Settings::read(&mut query, caller.offset());
    query.finish()?;
    let format = format(&headers)?;
    let (at, known_at) = (settings.at, settings.known_at);
    let locator = BatchLocator::new(&caller, at, known_at, settings.terms(caller.now())).await?;
    let mut incoming = Incoming::new(body, MOST_BYTES, app.limits().read_timeout());
    let first = incoming.first(FIRST_BYTES).await?;
    let permit = app.bulk().await?;
    let (chunks, reader) = mpsc::channel(2);
    let (begun, begins) = oneshot::channel();
    let (sink, answer) = piped();
    let feeding = feed(first, incoming, chunks, app.spool());
    let client_gone = sink.client_gone();
    tokio::spawn(async move {
        tokio::select! {
            // Without its feed the thread comes to an end, whatever it waits for.
            () = client_gone => {}
            () = feeding => {}
        }
    });
    let work = Work { locator, format };
    let out = Output { sink: Some(sink), begun: Some(begun), held: true, runtime: Handle::current() };
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work.run(Input { chunks: reader, chunk: Bytes::new() }, out);
    });
    match begins.await {
        Ok(Ok(())) => Ok(typed(answer, format)),
        Ok(Err(problem)) => Err(problem),
        Err(_gone) => Err(Problem::new(Kind::Internal)),
    }
}

/// The forms of a body, which are those of its answer too.
const FORMS: [(&str, RowFormat); 5] = [
    ("application/json", RowFormat::JsonArray),
    ("application/x-ndjson", RowFormat::Ndjson),
    ("text/csv", RowFormat::Csv),
    ("application/geo+json", RowFormat::GeoJson),
    ("application/vnd.apache.arrow.stream", RowFormat::ArrowStream),
];

/// The operation on many points.
pub(crate) fn operation(description: &mut Description<'_>) -> Operation {
    let bodies = (description.body::<Vec<PointRowSchema>>(), description.body::<PointCollectionSchema>());
    let answers = (description.answer::<Vec<RowSchema>>(), description.answer::<FeatureCollectionSchema>());
    let kinds = [Kind::NotFound, Kind::BodyTimeout, Kind::BodyTooLarge, Kind::UnsupportedMediaType, Kind::Busy];
    let post = Operation::ask("locate_many", "Who answers for up to a million points")
        .taking(&Settings::PARAMETERS, description)
        .failing(&kinds)
        .described(&format!(
            "{ROUNDED} The answer comes row by row in the form and order of the body. A row that cannot be answered has \
             its error in its place, and `status` refused; only a body without one good row is a 400. An Arrow file is \
             read as the stream in it. Parquet is not taken: it is read from its end."
        ));
    FORMS.into_iter().fold(post, |post, (content_type, format)| {
        let schema = |(rows, features): &(Value, Value)| match format {
            RowFormat::JsonArray => rows.clone(),
            RowFormat::GeoJson => features.clone(),
            RowFormat::ArrowStream | RowFormat::Parquet => json!({"type": "string", "format": "binary"}),
            RowFormat::Csv | RowFormat::Ndjson => json!({"type": "string"}),
        };
        post.reading(content_type, schema(&bodies)).answering(content_type, schema(&answers))
    })
}

fn format(headers: &HeaderMap) -> ApiResult<RowFormat> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if let Some((_, format)) = FORMS.into_iter().find(|(content_type, _)| *content_type == essence) {
        return Ok(format);
    }
    match essence.as_str() {
        "application/ndjson" | "application/jsonl" => Ok(RowFormat::Ndjson),
        "application/vnd.apache.parquet" => Err(unsupported(
            "Parquet is read from its end and cannot be taken as it comes: send an Arrow stream \
             (application/vnd.apache.arrow.stream), or use `gridmap locate` on the file",
        )),
        _ => Err(unsupported(
            "points come as text/csv, application/x-ndjson, application/json (an array), application/geo+json or \
             application/vnd.apache.arrow.stream",
        )),
    }
}

fn unsupported(why: &str) -> Problem {
    Problem::fault(Kind::UnsupportedMediaType, Place::Header("content-type"), why)
}

fn typed(body: Body, format: RowFormat) -> Response {
    let (content_type, _) = FORMS.into_iter().find(|(_, of)| *of == format).expect("a body has a form of the list");
    let content_type = if format == RowFormat::Csv { "text/csv; charset=utf-8; header=present" } else { content_type };
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// One request's rows and what holds for all of them.
struct Work {
    locator: BatchLocator,
    format: RowFormat,
}

impl Work {
    fn run(self, input: Input, mut out: Output) {
        let answered = Reader::open(self.format, self.locator.frame(), input)
            .and_then(|rows| self.locator.answer(rows, Some(MOST_POINTS), &mut out));
        match answered {
            Ok(answered) => out.finish(answered),
            Err(error) => out.fail(error),
        }
    }
}

/// The request's body for a reader that waits.
struct Input {
    chunks: mpsc::Receiver<ApiResult<Bytes>>,
    chunk: Bytes,
}

/// Carries a problem through a reader that knows only I/O errors.
#[derive(Debug, thiserror::Error)]
#[error("the body cannot be read")]
struct Cut(std::sync::Mutex<Option<Problem>>);

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut ready = self.fill_buf()?;
        let n = ready.read(buffer)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.chunk.is_empty() {
            match self.chunks.blocking_recv() {
                None => break,
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(problem)) => return Err(io::Error::other(Cut(Some(problem).into()))),
            }
        }
        Ok(&self.chunk)
    }

    fn consume(&mut self, n: usize) {
        let _ = self.chunk.split_to(n);
    }
}

/// The answer's body for a writer that waits. The first part of it is held back until it is known to be an answer.
struct Output {
    sink: Option<Sink>,
    begun: Option<oneshot::Sender<ApiResult<()>>>,
    held: bool,
    runtime: Handle,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sink = self.sink.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        sink.buffer.extend_from_slice(bytes);
        if sink.buffer.len() >= CHUNK {
            self.begin();
            let sink = self.sink.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            self.runtime.block_on(sink.flush_if_full()).map_err(|_gone| io::ErrorKind::BrokenPipe)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output {
    fn begin(&mut self) {
        self.held = false;
        self.tell(Ok(()));
    }

    fn tell(&mut self, how: ApiResult<()>) {
        if let Some(begun) = self.begun.take() {
            // Nobody listens any more when the client has left.
            let _ = begun.send(how);
        }
    }

    fn finish(mut self, RowsDone { summary, refused }: RowsDone) {
        let Some(sink) = self.sink.take() else { return };
        if self.held && summary.n_rows > 0 && summary.n_refused == summary.n_rows {
            let faults = refused.into_iter().map(|fault| Fault::new(Place::Row(fault.row), fault.why)).collect();
            return self.tell(Err(Problem::faults(Kind::InvalidBody, faults)));
        }
        self.tell(Ok(()));
        let _ = self.runtime.block_on(sink.end());
    }

    fn fail(mut self, error: RowsError) {
        let detail = error.to_string();
        let problem = match error {
            RowsError::Read(error) => cause(error).unwrap_or_else(|| Problem::because(Kind::InvalidBody, detail)),
            _ => Problem::because(Kind::InvalidBody, detail),
        };
        // Where the answer has begun this is heard by nobody, and the body breaks off for want of its end.
        self.tell(Err(problem));
    }
}

fn cause(error: io::Error) -> Option<Problem> {
    let cut = error.downcast::<Cut>().ok()?;
    cut.0.into_inner().ok()?
}

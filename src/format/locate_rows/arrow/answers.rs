//! The columns of answers: texts, metres, counts and a flag, null where there is nothing to say.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch, new_null_array};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use super::questions::Columns;
use crate::format::answer::rounded;
use crate::format::locate_rows::answered::{AnsweredBatch, BatchBody, RowCounter};
use crate::format::locate_rows::batch::ColumnRows;
use crate::format::locate_rows::outcome::AnswerSettings;
use crate::format::locate_rows::question::RowLocator;
use crate::format::locate_rows::row_answer::{Cell, N_COLUMNS, each_cell, names};

/// The columns behind those of the levels that are no texts.
const KINDS: [(&str, DataType); 6] = [
    ("certain", DataType::Boolean),
    ("edge_m", DataType::Float64),
    ("mediator_m", DataType::Float64),
    ("nearest_m", DataType::Float64),
    ("generation", DataType::UInt64),
    ("revision", DataType::UInt64),
];

/// The columns that answers add to those of `input`.
fn fields(input: &Schema, settings: &AnswerSettings) -> Vec<Field> {
    let taken = |name: &str| input.fields().iter().any(|field| field.name().eq_ignore_ascii_case(name));
    let plain = names(&settings.levels, |_| false);
    let kind = |at: usize, name: &str| {
        let known = KINDS.iter().find(|(known, _)| at >= settings.levels.len() && *known == name);
        known.map_or(DataType::Utf8, |(_, kind)| kind.clone())
    };
    let named = names(&settings.levels, taken).into_iter().zip(plain).enumerate();
    named.map(|(at, (name, plain))| Field::new(name, kind(at, &plain), true)).collect()
}

#[derive(Clone, Debug)]
pub(in crate::format::locate_rows) struct Renderer {
    columns: Columns,
    schema: SchemaRef,
    n_levels: usize,
}

impl Renderer {
    pub(in crate::format::locate_rows) fn new(columns: &Columns, settings: &AnswerSettings) -> Self {
        Self { columns: columns.clone(), schema: schema_out(columns, settings), n_levels: settings.levels.len() }
    }

    pub(in crate::format::locate_rows) fn render(
        &self,
        rows: &ColumnRows,
        mut counter: RowCounter,
        locator: &mut dyn RowLocator,
    ) -> AnsweredBatch {
        let mut asked = self.columns.questions(&rows.columns);
        let mut kept = rows.columns.columns().to_vec();
        if let Some(bad) = &rows.bad {
            asked.push(Err(bad.clone()));
            kept = nothing(self.columns.schema());
        }
        counter.limit(&mut asked);
        let n_kept = kept.len();
        let mut added: Vec<Builder> =
            self.schema.fields()[n_kept..].iter().map(|field| Builder::of(field.data_type(), asked.len())).collect();
        locator.answer(&asked, &mut |row_answer| {
            counter.count(&row_answer, |row_answer| row_answer.is_located());
            let mut columns = added.iter_mut();
            each_cell(row_answer, self.n_levels, |cell| {
                if let Some(column) = columns.next() {
                    column.push(&cell);
                }
            });
        });
        debug_assert_eq!(added.len(), self.n_levels + N_COLUMNS);
        kept.extend(added.iter_mut().map(Builder::finish));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), kept).expect("columns are made after the schema");
        counter.answered(BatchBody::Columns(batch))
    }
}

/// A column being built.
enum Builder {
    Text(StringBuilder),
    Metres(Float64Builder),
    Count(UInt64Builder),
    Flag(BooleanBuilder),
}

impl Builder {
    fn of(kind: &DataType, n_rows: usize) -> Self {
        match kind {
            DataType::Float64 => Self::Metres(Float64Builder::with_capacity(n_rows)),
            DataType::UInt64 => Self::Count(UInt64Builder::with_capacity(n_rows)),
            DataType::Boolean => Self::Flag(BooleanBuilder::with_capacity(n_rows)),
            _ => Self::Text(StringBuilder::with_capacity(n_rows, 16 * n_rows)),
        }
    }

    /// Adds a cell; one of another kind than the column is null, and none is.
    fn push(&mut self, cell: &Cell<'_>) {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => column.append_value(text),
            (Self::Text(column), _) => column.append_null(),
            (Self::Metres(column), Cell::Metres(m)) => column.append_value(rounded(*m)),
            (Self::Metres(column), _) => column.append_null(),
            (Self::Count(column), Cell::Count(n)) => column.append_value(*n),
            (Self::Count(column), _) => column.append_null(),
            (Self::Flag(column), Cell::Flag(is)) => column.append_value(*is),
            (Self::Flag(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Metres(column) => Arc::new(column.finish()),
            Self::Count(column) => Arc::new(column.finish()),
            Self::Flag(column) => Arc::new(column.finish()),
        }
    }
}

/// The schema of the output: every column of the input, any of which may be null, then those of the answers.
pub(super) fn schema_out(columns: &Columns, settings: &AnswerSettings) -> SchemaRef {
    let input = columns.schema();
    let kept = input.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    let added = fields(input, settings);
    let fields: Vec<_> = kept.chain(added).collect();
    Schema::new_with_metadata(fields, input.metadata().clone()).into()
}

/// The columns of a row that has nothing in any of them.
fn nothing(schema: &Schema) -> Vec<ArrayRef> {
    schema.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect()
}

//! The numbers of a question, out of columns of any kind of number or text.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};

use crate::format::locate_rows::outcome::RowsError;
use crate::format::locate_rows::question::{ACCURACY, Asked, CATEGORY, LAT, LON, RowQuestion, position};

/// Where in the columns the questions are.
#[derive(Clone, Debug)]
pub(in crate::format::locate_rows) struct Columns {
    schema: SchemaRef,
    lon: usize,
    lat: usize,
    accuracy_m: Option<usize>,
    category: Option<usize>,
}

impl Columns {
    pub(super) fn of(schema: &SchemaRef) -> Result<Self, RowsError> {
        let column = |names: &[&str]| {
            schema.fields().iter().position(|field| names.iter().any(|name| name.eq_ignore_ascii_case(field.name())))
        };
        let found = || schema.fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ");
        let columns = Self {
            schema: schema.clone(),
            lon: column(&LON).ok_or_else(|| RowsError::Header { missing: "lon", found: found() })?,
            lat: column(&LAT).ok_or_else(|| RowsError::Header { missing: "lat", found: found() })?,
            accuracy_m: column(&ACCURACY),
            category: column(&CATEGORY),
        };
        let numbers = [Some(columns.lon), Some(columns.lat), columns.accuracy_m];
        for column in numbers.into_iter().flatten() {
            columns.expect(column, is_number, "numbers")?;
        }
        columns.category.map_or(Ok(()), |column| columns.expect(column, is_text, "texts"))?;
        Ok(columns)
    }

    fn expect(&self, column: usize, fits: fn(&DataType) -> bool, expected: &'static str) -> Result<(), RowsError> {
        let field = self.schema.field(column);
        if fits(field.data_type()) {
            return Ok(());
        }
        let (column, found) = (field.name().clone(), field.data_type().to_string());
        Err(RowsError::ColumnKind { column, found, expected })
    }

    pub(in crate::format::locate_rows) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What each row of a batch asks.
    pub(super) fn questions<'b>(&self, batch: &'b RecordBatch) -> Vec<Asked<'b>> {
        let numbers = |column: usize| numbers(batch.column(column));
        let (lon, lat, accuracy_m) = (numbers(self.lon), numbers(self.lat), self.accuracy_m.map(numbers));
        let category = self.category.map(|column| batch.column(column));
        let given = |number: &Number, name: &str| match number {
            Number::Is(number) => Ok(Some(*number)),
            Number::Null => Ok(None),
            Number::Text(text) => Err(format!("{name} {text:?} is not a number")),
        };
        let required = |number: &Number, name: &str| given(number, name)?.ok_or_else(|| format!("{name} is missing"));
        let row = |row: usize| {
            RowQuestion::of(
                position(required(&lon[row], "lon"), required(&lat[row], "lat")),
                accuracy_m.as_ref().map_or(Ok(None), |column| given(&column[row], "accuracy_m")),
                Ok(category.and_then(|column| text(column, row)).filter(|category| !category.is_empty())),
            )
        };
        (0..batch.num_rows()).map(row).collect()
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null)
}

fn is_number(kind: &DataType) -> bool {
    let exact = kind.is_integer() || matches!(kind, DataType::Float32 | DataType::Float64);
    exact || is_text(kind)
}

/// What a cell says where a number is expected.
enum Number {
    Is(f64),
    Null,
    Text(String),
}

fn numbers(column: &ArrayRef) -> Vec<Number> {
    match column.data_type() {
        DataType::Float64 => primitive::<Float64Type>(column, |n| n),
        DataType::Float32 => primitive::<Float32Type>(column, f64::from),
        DataType::Int8 => primitive::<Int8Type>(column, f64::from),
        DataType::Int16 => primitive::<Int16Type>(column, f64::from),
        DataType::Int32 => primitive::<Int32Type>(column, f64::from),
        #[expect(clippy::cast_precision_loss, reason = "a position of more than 53 bits is none")]
        DataType::Int64 => primitive::<Int64Type>(column, |n| n as f64),
        DataType::UInt8 => primitive::<UInt8Type>(column, f64::from),
        DataType::UInt16 => primitive::<UInt16Type>(column, f64::from),
        DataType::UInt32 => primitive::<UInt32Type>(column, f64::from),
        #[expect(clippy::cast_precision_loss, reason = "a position of more than 53 bits is none")]
        DataType::UInt64 => primitive::<UInt64Type>(column, |n| n as f64),
        _ => (0..column.len()).map(|row| text(column, row).map_or(Number::Null, parsed)).collect(),
    }
}

fn primitive<T: ArrowPrimitiveType>(column: &ArrayRef, number: fn(T::Native) -> f64) -> Vec<Number> {
    let cells = column.as_primitive::<T>().iter();
    cells.map(|cell| cell.map_or(Number::Null, |cell| Number::Is(number(cell)))).collect()
}

fn parsed(text: &str) -> Number {
    let text = text.trim();
    if text.is_empty() {
        return Number::Null;
    }
    text.parse().map_or_else(|_| Number::Text(text.to_owned()), Number::Is)
}

/// The text of a cell, `None` where it is null.
fn text(column: &ArrayRef, row: usize) -> Option<&str> {
    if column.is_null(row) {
        return None;
    }
    match column.data_type() {
        DataType::Utf8 => Some(column.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => Some(column.as_string::<i64>().value(row)),
        DataType::Utf8View => Some(column.as_string_view().value(row)),
        _ => None,
    }
}

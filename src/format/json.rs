//! Prints JSON.

/// Prints a JSON string, quotes and all.
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("a text can be written to memory");
}

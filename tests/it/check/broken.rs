//! Broken files, each with the exact report expected of it beside it.

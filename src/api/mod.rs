//! HTTP only: parse, call one service function, render.

pub mod page;

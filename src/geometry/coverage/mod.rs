//! Areas that tile the ground: from raw rings to one planar graph, and every reason why not.
//!
//! A coverage is a tree of areas. It is valid when every ring is simple, no two areas of one level share any inside, a
//! child lies in its parent, and neighbours have the same vertices along the edge they share. Raw areas come from a
//! file; [`check()`] reports what is wrong with them, by place, kind and size; areas without overlap or misfit become
//! [`Topology`], the planar graph of all levels at once, from which every boundary is rendered. All decisions are exact, on
//! the integer lattice; only sizes in reports are floating point. Start with [`check()`], then [`Topology::build`];
//! [`lines_in`] makes a part of the graph anew where a few areas changed.

mod area;
mod boxes;
mod chains;
mod check;
mod edges;
mod lines;
mod marks;
mod noding;
mod owners;
mod raw;
mod render;
mod report;
mod topology;
mod window;

pub use area::{AreaIndex, ValidArea};
pub use chains::{Chain, ChainIndex};
pub use check::{Snapped, Tolerance, check, check_alone, snap};
pub use lines::{AreaPart, Polyline, grown, lines_in};
pub use noding::Noded;
pub use raw::{RawArea, RawPolygon};
pub use render::OutlineRing;
pub use report::{FaultKind, Finding, Report, Rules, Severity, Size};
pub use topology::{ChainSide, Topology};
pub use window::Window;

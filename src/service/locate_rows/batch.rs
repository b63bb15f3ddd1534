//! Answers rows in batches: owners by the index's batch call, and what is the same for all of a grid found out once.
//!
//! Most of an answer is the same for every point of a ground: its codes, who answers, who may mediate and where they are
//! found. Only the distances differ. What is not so for a row (an accuracy that reaches over the edge, a category of its
//! own, ground under a duty's own polygon, a point outside) is answered whole, as a single question is.

use std::borrow::Cow;

use super::Terms;
use crate::domain::{Answer, HolderRef};
use crate::format::locate_rows::{Asked, RowAnswer, RowLink, RowLocator, RowMediator, RowQuestion};
use crate::geometry::{LatticePoint, Position};
use crate::index::projection::LocalProjection;
use crate::index::{Edge, GridIndex, Snapshot};
use crate::service::locate::{Question, locate};
use crate::service::{chain, mediators};

/// How many grounds are kept: some 300 bytes each.
const MAX_GROUNDS: usize = 100_000;

/// One thread's answers from one snapshot.
#[derive(Debug)]
pub struct SnapshotLocator<'s> {
    snapshot: &'s Snapshot,
    terms: &'s Terms,
    levels: Vec<&'s str>,
    /// The place of each grid's ground in `grounds`, plus one; 0 where there is none yet.
    places: Vec<u32>,
    grounds: Vec<Option<GridAnswer<'s>>>,
}

/// What is the same for every point of a ground.
#[derive(Debug)]
struct GridAnswer<'s> {
    grids: Vec<Option<&'s str>>,
    link: Option<RowLink<'s>>,
    mediators: Vec<(HolderRef<'s>, Option<LatticePoint>)>,
}

/// A row that asks for something, on the lattice.
type Placed<'r> = Result<(RowQuestion<'r>, Position, Option<f64>), String>;

impl<'s> SnapshotLocator<'s> {
    /// Answers from `snapshot`, on `terms` where a row says nothing else.
    #[must_use]
    pub fn new(snapshot: &'s Snapshot, terms: &'s Terms) -> Self {
        let levels = snapshot.region().levels.iter().map(|level| level.code.as_str()).collect();
        Self { snapshot, terms, levels, places: Vec::new(), grounds: Vec::new() }
    }

    fn place<'r>(&self, asked: &Asked<'r>) -> Placed<'r> {
        let row = asked.clone()?;
        let (position, accuracy_m) = self.terms.place(&row)?;
        Ok((row, position, accuracy_m))
    }

    /// Returns what can be answered at once: its grid is known to answer alike, and the accuracy stays inside the edge.
    fn answer_cached(
        &mut self,
        placed: &(RowQuestion<'_>, Position, Option<f64>),
        owner: GridIndex,
        edge: Option<Edge>,
    ) -> Option<RowAnswer<'_>> {
        let (row, position, accuracy_m) = placed;
        if row.category.is_some() {
            return None;
        }
        let p = self.snapshot.tree().point(*position);
        let is_doubtful = |m: &f64| *m > 0.0 && edge.is_some_and(|(edge_m, _)| edge_m <= *m);
        if accuracy_m.as_ref().is_some_and(is_doubtful) {
            return None;
        }
        let snapshot = self.snapshot;
        let grid_answer = self.grid_answer(owner, *position)?;
        Some(RowAnswer {
            ground: Some(owner),
            grids: Cow::Borrowed(&grid_answer.grids),
            certain: true,
            edge_m: edge.map(|(edge_m, _)| edge_m),
            neighbour: edge.and_then(|(_, beyond)| beyond).map(|ix| snapshot.grid(ix).code.as_str()),
            candidates: Vec::new(),
            link: grid_answer.link,
            mediator: grid_answer.nearest_mediator(p),
            nearest: None,
            generation: snapshot.generation().number,
            revision: snapshot.revision(),
        })
    }

    fn grid_answer(&mut self, owner: GridIndex, position: Position) -> Option<&GridAnswer<'s>> {
        let at = owner as usize;
        if self.places.is_empty() {
            self.places = vec![0; self.snapshot.tree().len()];
        }
        if self.places[at] == 0 {
            if self.grounds.len() == MAX_GROUNDS {
                self.grounds.clear();
                self.places.fill(0);
            }
            let grid_answer = self.make_grid_answer(owner, position);
            self.grounds.push(grid_answer);
            self.places[at] = u32::try_from(self.grounds.len()).expect("there are fewer than MAX_GROUNDS");
        }
        self.grounds[self.places[at] as usize - 1].as_ref()
    }

    /// Finds out what is the same for all of a grid; `None` where a duty's own polygon may part it.
    fn make_grid_answer(&self, owner: GridIndex, position: Position) -> Option<GridAnswer<'s>> {
        let bbox = self.snapshot.grid(owner).bbox;
        if self.snapshot.roster().has_polygon_in(bbox) {
            return None;
        }
        let question = Question { category: self.terms.category.as_deref(), ..Question::new(position, self.terms.at) };
        let path = self.snapshot.path(owner);
        let chain = chain::chain(self.snapshot, &path, self.snapshot.tree().point(position), &question);
        let link = chain.first().map(|link| RowLink {
            id: link.holder.id.as_str(),
            name: link.holder.name,
            how: link.how.as_str(),
        });
        let mut grids = vec![None; self.levels.len()];
        for &ix in &path {
            let grid = self.snapshot.grid(ix);
            grids[usize::from(grid.depth)] = Some(grid.code.as_str());
        }
        Some(GridAnswer { grids, link, mediators: mediators::places(self.snapshot, &path, &question) })
    }

    fn answer_in_full(&self, placed: &(RowQuestion<'_>, Position, Option<f64>)) -> Answer<'s> {
        let (row, position, accuracy_m) = placed;
        let category = row.category.or(self.terms.category.as_deref());
        let question = Question::new(*position, self.terms.at);
        locate(self.snapshot, &Question { accuracy_m: *accuracy_m, category, ..question })
    }
}

impl RowLocator for SnapshotLocator<'_> {
    fn answer(&mut self, asked: &[Asked<'_>], each: &mut dyn FnMut(Result<&RowAnswer<'_>, &str>)) {
        let placed: Vec<Placed<'_>> = asked.iter().map(|asked| self.place(asked)).collect();
        let point = |placed: &Placed<'_>| Some(self.snapshot.tree().point(placed.as_ref().ok()?.1));
        let points: Vec<LatticePoint> = placed.iter().filter_map(point).collect();
        let mut owners = vec![None; points.len()];
        self.snapshot.tree().owners(&points, &mut owners);
        let mut edges = vec![None; points.len()];
        self.snapshot.tree().edges(&points, &owners, &mut edges);
        let mut found = owners.into_iter().zip(edges);
        for placed in &placed {
            let placed = match placed {
                Ok(placed) => placed,
                Err(why) => {
                    each(Err(why));
                    continue;
                }
            };
            let (owner, edge) = found.next().unwrap_or_default();
            if let Some(row_answer) = owner.and_then(|owner| self.answer_cached(placed, owner, edge)) {
                each(Ok(&row_answer));
                continue;
            }
            each(Ok(&RowAnswer::of(&self.answer_in_full(placed), &self.levels)));
        }
    }

    fn locate(&mut self, question: &RowQuestion<'_>) -> Result<Answer<'_>, String> {
        Ok(self.answer_in_full(&self.place(&Ok(*question))?))
    }
}

impl<'s> GridAnswer<'s> {
    /// The nearest of the mediators; of several equally near the one with the smallest id.
    fn nearest_mediator(&self, p: LatticePoint) -> Option<RowMediator<'s>> {
        let projection = LocalProjection::around(p);
        let far = |place: &Option<LatticePoint>| place.map(|at| projection.distance_m(at));
        let distances = self.mediators.iter().map(|(holder, place)| (far(place), holder));
        let nearest = distances.min_by(|(a, one), (b, other)| {
            let infinite = f64::INFINITY;
            a.unwrap_or(infinite).total_cmp(&b.unwrap_or(infinite)).then_with(|| one.id.cmp(other.id))
        });
        nearest.map(|(distance_m, holder)| RowMediator { id: holder.id.as_str(), name: holder.name, distance_m })
    }
}

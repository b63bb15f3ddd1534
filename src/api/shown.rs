//! What of a stored thing is shown, and to whom.
//!
//! Homes and incidents are for the entitled only, one by one as in lists. A list of incidents is a count, of whatever it is
//! narrowed by: even without place and text it would tell the public that a township had two unrest signs in March. How
//! many there are is told by figures, which withhold what is small and what would tell it.

use crate::domain::{Action, Duty, DutyArea, Grant, Holder, Household, Incident, Noun, Principal, ServicePoint};
use crate::format::geojson::Geometry;
use crate::format::properties::{self, Properties};
use crate::store::{Filter, Rows, Store};

/// A stored thing that is answered as a feature.
pub(crate) trait Shown: Sized + Send + Sync + 'static {
    const NOUN: Noun;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self>;
    fn id(&self) -> &str;
    fn geometry<'t>(&'t self, to: &Principal) -> Geometry<'t>;
    fn properties<'t>(&'t self, to: &Principal) -> Properties<'t>;

    /// The names that [`Self::properties`] gives, for the head of a table.
    fn names(to: &Principal) -> Vec<&'static str>;
}

fn personal<T: Shown>(to: &Principal) -> Option<Grant> {
    to.allows(Action::Personal, T::NOUN).ok()
}

fn with_personal<T: Shown>(to: &Principal, all: &[&'static str], personal: &[&'static str]) -> Vec<&'static str> {
    let may = to.may(Action::Personal, T::NOUN);
    all.iter().chain(personal.iter().filter(|_| may)).copied().collect()
}

impl Shown for Household {
    const NOUN: Noun = Noun::Households;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.households(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry<'t>(&'t self, to: &Principal) -> Geometry<'t> {
        if to.may(Action::Read, Self::NOUN) { Geometry::Point(self.position) } else { Geometry::None }
    }

    fn properties<'t>(&'t self, to: &Principal) -> Properties<'t> {
        if !to.may(Action::Read, Self::NOUN) {
            return Properties::new();
        }
        properties::household(self, personal::<Self>(to).as_ref())
    }

    fn names(to: &Principal) -> Vec<&'static str> {
        with_personal::<Self>(to, &properties::HOUSEHOLD, &properties::HOUSEHOLD_PERSONAL)
    }
}

impl Shown for Holder {
    const NOUN: Noun = Noun::Holders;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.holders(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry<'t>(&'t self, _: &Principal) -> Geometry<'t> {
        self.position.map_or(Geometry::None, Geometry::Point)
    }

    fn properties<'t>(&'t self, to: &Principal) -> Properties<'t> {
        properties::holder(self, personal::<Self>(to).as_ref())
    }

    fn names(to: &Principal) -> Vec<&'static str> {
        with_personal::<Self>(to, &properties::HOLDER, &properties::HOLDER_PERSONAL)
    }
}

impl Shown for Duty {
    const NOUN: Noun = Noun::Duties;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.duties(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry<'t>(&'t self, _: &Principal) -> Geometry<'t> {
        match &self.area {
            DutyArea::Grid(_) => Geometry::None,
            DutyArea::Polygon(boundary) => Geometry::Boundary(boundary),
        }
    }

    fn properties<'t>(&'t self, _: &Principal) -> Properties<'t> {
        properties::duty(self)
    }

    fn names(_: &Principal) -> Vec<&'static str> {
        properties::DUTY.to_vec()
    }
}

impl Shown for ServicePoint {
    const NOUN: Noun = Noun::ServicePoints;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.service_points(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry<'t>(&'t self, _: &Principal) -> Geometry<'t> {
        Geometry::Point(self.position)
    }

    fn properties<'t>(&'t self, _: &Principal) -> Properties<'t> {
        properties::service_point(self)
    }

    fn names(_: &Principal) -> Vec<&'static str> {
        properties::SERVICE_POINT.to_vec()
    }
}

impl Shown for Incident {
    const NOUN: Noun = Noun::Incidents;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.incidents(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry<'t>(&'t self, to: &Principal) -> Geometry<'t> {
        if to.may(Action::Read, Self::NOUN) { Geometry::Point(self.position) } else { Geometry::None }
    }

    fn properties<'t>(&'t self, to: &Principal) -> Properties<'t> {
        if !to.may(Action::Read, Self::NOUN) {
            return Properties::new();
        }
        properties::incident(self, personal::<Self>(to).as_ref())
    }

    fn names(to: &Principal) -> Vec<&'static str> {
        with_personal::<Self>(to, &properties::INCIDENT, &properties::INCIDENT_PERSONAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{GridPath, Id, IncidentKind, Personal, Step, StepKind};
    use crate::geometry::Position;

    #[test]
    fn the_public_is_told_nothing_of_an_incident() {
        let path = ["1", "12", "123", "1234"].map(|id| Id::new(id).unwrap()).to_vec();
        let incident = Incident {
            id: Id::new("D1").unwrap(),
            kind: IncidentKind::Dispute,
            category: None,
            tier: None,
            position: Position::new(103.5, 34.7).unwrap(),
            stated_grid: Some("1234".into()),
            grid: GridPath::new(path),
            steps: vec![Step { kind: StepKind::Receive, at: "2024-01-02T05:25:00Z".parse().unwrap(), by: None }],
            text: Personal::new(Some("who said what".into())),
        };
        assert!(matches!(incident.geometry(&Principal::public()), Geometry::None));
        assert!(incident.properties(&Principal::public()).is_empty());
        let names: Vec<_> = incident.properties(&Principal::open()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, Incident::names(&Principal::open()));
    }
}

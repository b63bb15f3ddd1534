//! What of a stored thing is shown, and to whom.
//!
//! Homes and incidents are for the entitled only, one by one as in lists. A list of incidents is a count, of whatever it is
//! narrowed by: even without place and text it would tell the public that a township had two unrest signs in March. How
//! many there are is told by figures, which withhold what is small and what would tell it.

use crate::domain::{Duty, DutyArea, Entitlement, Holder, Household, Incident, Noun, Principal, ServicePoint};
use crate::format::geojson::Geometry;
use crate::format::properties::{self, Properties};
use crate::store::{Filter, Rows, Store};

/// A stored thing that is answered as a feature.
pub(crate) trait Shown: Sized + Send + Sync + 'static {
    const NOUN: Noun;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self>;
    fn id(&self) -> &str;
    fn geometry(&self, to: Principal) -> Geometry<'_>;
    fn properties(&self, to: Principal) -> Properties<'_>;

    /// The names that [`Self::properties`] gives, for the head of a table.
    fn names(to: Principal) -> Vec<&'static str>;
}

impl Shown for Household {
    const NOUN: Noun = Noun::Households;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.households(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry(&self, to: Principal) -> Geometry<'_> {
        to.entitlement().map_or(Geometry::None, |_| Geometry::Point(self.position))
    }

    fn properties(&self, to: Principal) -> Properties<'_> {
        let told = |entitlement: Entitlement| properties::household(self, entitlement);
        to.entitlement().map(told).unwrap_or_default()
    }

    fn names(_: Principal) -> Vec<&'static str> {
        properties::HOUSEHOLD.to_vec()
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

    fn geometry(&self, _: Principal) -> Geometry<'_> {
        self.position.map_or(Geometry::None, Geometry::Point)
    }

    fn properties(&self, to: Principal) -> Properties<'_> {
        properties::holder(self, to.entitlement())
    }

    fn names(to: Principal) -> Vec<&'static str> {
        let personal = to.entitlement().map(|_| &properties::HOLDER_PERSONAL[..]).unwrap_or_default();
        [&properties::HOLDER, personal].concat()
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

    fn geometry(&self, _: Principal) -> Geometry<'_> {
        match &self.area {
            DutyArea::Grid(_) => Geometry::None,
            DutyArea::Polygon(boundary) => Geometry::Boundary(boundary),
        }
    }

    fn properties(&self, _: Principal) -> Properties<'_> {
        properties::duty(self)
    }

    fn names(_: Principal) -> Vec<&'static str> {
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

    fn geometry(&self, _: Principal) -> Geometry<'_> {
        Geometry::Point(self.position)
    }

    fn properties(&self, _: Principal) -> Properties<'_> {
        properties::service_point(self)
    }

    fn names(_: Principal) -> Vec<&'static str> {
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

    fn geometry(&self, to: Principal) -> Geometry<'_> {
        to.entitlement().map_or(Geometry::None, |_| Geometry::Point(self.position))
    }

    fn properties(&self, to: Principal) -> Properties<'_> {
        let told = |entitlement: Entitlement| properties::incident(self, entitlement);
        to.entitlement().map(told).unwrap_or_default()
    }

    fn names(_: Principal) -> Vec<&'static str> {
        properties::INCIDENT.to_vec()
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
        assert!(matches!(incident.geometry(Principal::Public), Geometry::None));
        assert!(incident.properties(Principal::Public).is_empty());
        let names: Vec<_> = incident.properties(Principal::Open).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, Incident::names(Principal::Open));
    }
}

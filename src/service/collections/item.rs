//! What of a stored thing is shown.

use crate::domain::{
    Action, Denied, Duty, DutyArea, Grant, Holder, Household, Incident, Noun, Principal, ServicePoint,
};
use crate::format::geojson::{Geometry, write_feature};
use crate::format::properties::{self, Properties};
use crate::store::{Filter, Rows, Store};

/// A stored thing that is answered as a feature.
pub trait CollectionItem: Sized + Send + Sync + 'static {
    const NOUN: Noun;
    /// The names that [`Self::properties`] gives, and those it adds with a grant for personal values.
    const NAMES: &[&str];
    const PERSONAL_NAMES: &[&str];

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self>;
    fn id(&self) -> &str;
    fn geometry(&self) -> Geometry<'_>;
    fn properties<'t>(&'t self, personal: Option<&Grant>) -> Properties<'t>;
}

/// How a caller sees the things of one noun. Made only for whoever may read them.
#[derive(Clone, Debug)]
pub struct Seen {
    read: Grant,
    personal: Option<Grant>,
}

impl Seen {
    /// Returns how `principal` sees the things of `T`'s noun.
    ///
    /// # Errors
    /// When the caller may not read them.
    pub fn by<T: CollectionItem>(principal: &Principal) -> Result<Self, Denied> {
        let personal = principal.allows(Action::Personal, T::NOUN).ok();
        Ok(Self { read: principal.allows(Action::Read, T::NOUN)?, personal })
    }

    /// The right to read them, with its scope.
    #[must_use]
    pub fn read(&self) -> &Grant {
        &self.read
    }

    /// The names of what is shown of a thing, for the head of a table.
    #[must_use]
    pub fn names<T: CollectionItem>(&self) -> Vec<&'static str> {
        let personal = self.personal.iter().flat_map(|_| T::PERSONAL_NAMES);
        T::NAMES.iter().chain(personal).copied().collect()
    }

    #[must_use]
    pub fn properties<'t, T: CollectionItem>(&self, thing: &'t T) -> Properties<'t> {
        thing.properties(self.personal.as_ref())
    }

    /// Appends the thing as a GeoJSON feature.
    pub fn write_feature<T: CollectionItem>(&self, thing: &T, out: &mut Vec<u8>) {
        write_feature(thing.id(), thing.geometry(), &self.properties(thing), out);
    }

    /// The thing as a GeoJSON feature.
    #[must_use]
    pub fn feature<T: CollectionItem>(&self, thing: &T) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_feature(thing, &mut out);
        out
    }
}

impl CollectionItem for Household {
    const NOUN: Noun = Noun::Households;
    const NAMES: &[&str] = &properties::HOUSEHOLD;
    const PERSONAL_NAMES: &[&str] = &properties::HOUSEHOLD_PERSONAL;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.households(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry(&self) -> Geometry<'_> {
        Geometry::Point(self.position)
    }

    fn properties<'t>(&'t self, personal: Option<&Grant>) -> Properties<'t> {
        properties::household(self, personal)
    }
}

impl CollectionItem for Holder {
    const NOUN: Noun = Noun::Holders;
    const NAMES: &[&str] = &properties::HOLDER;
    const PERSONAL_NAMES: &[&str] = &properties::HOLDER_PERSONAL;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.holders(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry(&self) -> Geometry<'_> {
        self.position.map_or(Geometry::None, Geometry::Point)
    }

    fn properties<'t>(&'t self, personal: Option<&Grant>) -> Properties<'t> {
        properties::holder(self, personal)
    }
}

impl CollectionItem for Duty {
    const NOUN: Noun = Noun::Duties;
    const NAMES: &[&str] = &properties::DUTY;
    const PERSONAL_NAMES: &[&str] = &[];

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.duties(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry(&self) -> Geometry<'_> {
        match &self.area {
            DutyArea::Grid(_) => Geometry::None,
            DutyArea::Polygon(boundary) => Geometry::Boundary(boundary),
        }
    }

    fn properties<'t>(&'t self, _: Option<&Grant>) -> Properties<'t> {
        properties::duty(self)
    }
}

impl CollectionItem for ServicePoint {
    const NOUN: Noun = Noun::ServicePoints;
    const NAMES: &[&str] = &properties::SERVICE_POINT;
    const PERSONAL_NAMES: &[&str] = &[];

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.service_points(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry(&self) -> Geometry<'_> {
        Geometry::Point(self.position)
    }

    fn properties<'t>(&'t self, _: Option<&Grant>) -> Properties<'t> {
        properties::service_point(self)
    }
}

impl CollectionItem for Incident {
    const NOUN: Noun = Noun::Incidents;
    const NAMES: &[&str] = &properties::INCIDENT;
    const PERSONAL_NAMES: &[&str] = &properties::INCIDENT_PERSONAL;

    fn rows(store: &dyn Store, filter: Filter) -> Rows<'_, Self> {
        store.incidents(filter)
    }

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn geometry(&self) -> Geometry<'_> {
        Geometry::Point(self.position)
    }

    fn properties<'t>(&'t self, personal: Option<&Grant>) -> Properties<'t> {
        properties::incident(self, personal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{GridPath, Id, IncidentKind, Personal, RoleKey, Scope, Step, StepKind};
    use crate::format::Value;
    use crate::geometry::Position;

    fn incident() -> Incident {
        let path = ["1", "12", "123", "1234"].map(|id| Id::new(id).unwrap()).to_vec();
        Incident {
            id: Id::new("D1").unwrap(),
            kind: IncidentKind::Dispute,
            category: None,
            tier: None,
            position: Position::new(103.5, 34.7).unwrap(),
            stated_grid: Some("1234".into()),
            grid: GridPath::new(path),
            steps: vec![Step { kind: StepKind::Receive, at: "2024-01-02T05:25:00Z".parse().unwrap(), by: None }],
            text: Personal::new(Some("who said what".into())),
        }
    }

    #[test]
    fn the_public_is_told_nothing_of_an_incident() {
        let denied = Seen::by::<Incident>(&Principal::public()).unwrap_err();
        assert_eq!((denied.role, denied.noun), (RoleKey::Public, Noun::Incidents));
        let (seen, incident) = (Seen::by::<Incident>(&Principal::open()).unwrap(), incident());
        let names: Vec<_> = seen.properties(&incident).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, seen.names::<Incident>());
        assert_eq!(names.last(), Some(&"text"));
    }

    #[test]
    fn a_text_is_told_inside_the_scope_only() {
        let incident = incident();
        for (area, told) in [("12", true), ("13", false)] {
            let path = ["1", area].map(|id| Id::new(id).unwrap()).to_vec();
            let scope = Scope::within(GridPath::new(path));
            let seen = Seen::by::<Incident>(&Principal { scope, ..Principal::open() }).unwrap();
            let text = seen.properties(&incident).pop();
            let expected = if told { Value::text("who said what") } else { Value::Null };
            assert_eq!(text, Some(("text", expected)), "{area}");
        }
    }
}

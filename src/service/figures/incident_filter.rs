//! Which incidents are counted.

use crate::domain::{IncidentKind, Status};
use crate::store::{Filter, Property, TimeSpan};

/// Which incidents are counted, wherever they lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncidentFilter {
    pub time: Option<TimeSpan>,
    pub kind: Option<IncidentKind>,
    pub category: Option<String>,
    pub tier: Option<String>,
    pub status: Option<Status>,
}

impl IncidentFilter {
    /// The parameter of the API that narrows, the first of them where there are several.
    #[must_use]
    pub fn first_parameter(&self) -> Option<&'static str> {
        let given = [
            (self.time.is_some(), "datetime"),
            (self.kind.is_some(), "kind"),
            (self.category.is_some(), "category"),
            (self.tier.is_some(), "tier"),
            (self.status.is_some(), "status"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, name)| name)
    }

    #[must_use]
    pub fn filter(&self) -> Filter {
        let kind = self.kind.map(|kind| (Property::Kind, kind.as_str().to_owned()));
        let status = self.status.map(|status| (Property::Status, status.as_str().to_owned()));
        let category = self.category.clone().map(|category| (Property::Category, category));
        let tier = self.tier.clone().map(|tier| (Property::Tier, tier));
        let equals = [kind, status, category, tier].into_iter().flatten().collect();
        Filter { time: self.time, equals, ..Filter::default() }
    }
}

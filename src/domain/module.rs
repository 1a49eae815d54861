//! The modules of Bigin.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// A module that the REST API v2 serves, by its API name (case-sensitive).
///
/// <https://www.bigin.com/developer/docs/apis/v2/modules-api.html>
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter, EnumString, IntoStaticStr,
)]
pub enum Module {
    /// Deals, inside team pipelines.
    Pipelines,
    /// People.
    Contacts,
    /// Companies.
    Accounts,
    /// Products.
    Products,
    /// Things to do.
    Tasks,
    /// Meetings.
    Events,
    /// Phone calls.
    Calls,
    /// Notes on records of the other modules.
    Notes,
}

impl Module {
    /// The API name, as it stands in URLs and in COQL.
    #[must_use]
    pub fn api_name(self) -> &'static str {
        self.into()
    }

    /// The plural a person reads: deals and companies are named otherwise by the API.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Pipelines => "Deals",
            Self::Contacts => "Contacts",
            Self::Accounts => "Companies",
            Self::Products => "Products",
            Self::Tasks => "Tasks",
            Self::Events => "Events",
            Self::Calls => "Calls",
            Self::Notes => "Notes",
        }
    }

    /// The field that names a record of this module, if one does.
    #[must_use]
    pub const fn name_field(self) -> &'static str {
        match self {
            Self::Pipelines => "Deal_Name",
            Self::Contacts => "Full_Name",
            Self::Accounts => "Account_Name",
            Self::Products => "Product_Name",
            Self::Tasks | Self::Calls => "Subject",
            Self::Events => "Event_Title",
            Self::Notes => "Note_Title",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_names_are_case_sensitive_and_differ_from_the_words_people_use() {
        assert_eq!("Pipelines".parse(), Ok(Module::Pipelines));
        assert!("pipelines".parse::<Module>().is_err());
        assert!("Deals".parse::<Module>().is_err());
        assert_eq!(Module::Accounts.api_name(), "Accounts");
        assert_eq!(Module::Accounts.plural(), "Companies");
    }
}

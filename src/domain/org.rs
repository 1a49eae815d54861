//! The organisation and its users.

use serde::{Deserialize, Serialize};

use super::{Allowance, Pipeline, RecordId, Schema};

/// What the program knows of the org it works for; everything else hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// The org.
    pub org: Org,
    /// Users, the one who signed in included.
    pub users: Vec<User>,
    /// Id of the user who signed in.
    pub me: RecordId,
    /// Team pipelines in the org's order; the first is the default one.
    pub pipelines: Vec<Pipeline>,
    /// Schemas of the modules.
    pub schemas: Vec<Schema>,
}

/// An organisation.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-org-data.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Its id.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// ISO 4217 code of the home currency.
    pub currency: String,
    /// What is written before an amount.
    pub currency_symbol: String,
    /// IANA name.
    pub time_zone: String,
    /// Edition, as people call it.
    pub edition: String,
    /// What the edition allows.
    pub allowance: Allowance,
}

/// A user of the org.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-users.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: RecordId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

impl Catalog {
    /// The schema of a module.
    #[must_use]
    pub fn schema(&self, module: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.module == module)
    }

    /// The team pipeline with this layout id.
    #[must_use]
    pub fn pipeline(&self, id: &RecordId) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == *id)
    }
}

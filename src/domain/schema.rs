//! What an org's metadata says of a module: its fields, their kinds and their rules.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// The fields of one module, as one org has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// API name of the module.
    pub module: String,
    /// In the org's order.
    pub fields: Vec<Field>,
}

/// One field.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Key in record JSON and name in COQL.
    pub api_name: String,
    /// What people call it.
    pub label: String,
    /// What values it takes.
    pub kind: FieldKind,
    /// Characters or digits at most; none where the org names no bound.
    pub length: Option<u32>,
    /// An insert without it is refused.
    pub mandatory: bool,
    /// Never written by a client.
    pub read_only: bool,
    /// Two records may not share a value; compared without case.
    pub unique: bool,
    /// Made by the org, not by Bigin.
    pub custom: bool,
    /// API name of the module that a lookup points to.
    pub lookup: Option<String>,
    /// Values of a picklist, in order.
    pub choices: Vec<String>,
}

/// The `data_type` of a field.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, Serialize, Deserialize,
)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines of text; cannot be filtered by COQL.
    TextArea,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A URL.
    Website,
    /// One of the choices.
    PickList,
    /// Any number of the choices.
    MultiSelectPickList,
    /// A check box.
    Boolean,
    /// Up to 9 digits.
    Integer,
    /// Up to 18 digits, and internal ids; a string in JSON.
    BigInt,
    /// A decimal number.
    Double,
    /// An amount of money.
    Currency,
    /// A percentage.
    Percent,
    /// `YYYY-MM-DD`.
    Date,
    /// ISO 8601 with an offset.
    DateTime,
    /// A record of another module.
    Lookup,
    /// The owner, creator or modifier of a record.
    OwnerLookup,
    /// A user.
    UserLookup,
    /// Several records of another module.
    MultiSelectLookup,
    /// A number that the service counts up.
    AutoNumber,
    /// A value that the service computes.
    Formula,
    /// A record's photo.
    ProfileImage,
    /// Files.
    FileUpload,
    /// A type that this version does not know: shown as it comes, never written.
    #[serde(other)]
    Unknown,
}

impl FieldKind {
    /// Reads a `data_type`; `decimal` is an older word for `double`.
    #[must_use]
    pub fn of(data_type: &str) -> Self {
        match data_type {
            "decimal" => Self::Double,
            other => other.parse().unwrap_or(Self::Unknown),
        }
    }

    /// Whether a value names one record or user by id.
    #[must_use]
    pub const fn is_reference(self) -> bool {
        matches!(self, Self::Lookup | Self::OwnerLookup | Self::UserLookup)
    }
}

impl Schema {
    /// The field with this API name; names are case-sensitive.
    #[must_use]
    pub fn field(&self, api_name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.api_name == api_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_types_are_read_in_the_service_s_spelling() {
        assert_eq!(FieldKind::of("multiselectpicklist"), FieldKind::MultiSelectPickList);
        assert_eq!(FieldKind::of("ownerlookup"), FieldKind::OwnerLookup);
        assert_eq!(FieldKind::of("bigint"), FieldKind::BigInt);
        assert_eq!(FieldKind::of("decimal"), FieldKind::Double);
        assert_eq!(FieldKind::of("rollup_summary"), FieldKind::Unknown);
        assert_eq!(FieldKind::DateTime.to_string(), "datetime");
    }
}

//! The fields of a module: their kinds and their rules.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use super::{LAYOUTS, USERS};

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

    /// What a value of this kind is.
    #[must_use]
    pub const fn shape(self) -> Shape {
        match self {
            Self::Text
            | Self::TextArea
            | Self::Email
            | Self::Phone
            | Self::Website
            | Self::PickList
            | Self::AutoNumber
            | Self::ProfileImage => Shape::Text,
            Self::Boolean => Shape::Flag,
            Self::Integer => Shape::Whole,
            Self::BigInt => Shape::Digits,
            Self::Double | Self::Currency | Self::Percent => Shape::Number,
            Self::Date => Shape::Date,
            Self::DateTime => Shape::Instant,
            Self::Lookup | Self::OwnerLookup | Self::UserLookup => Shape::Reference,
            Self::MultiSelectPickList | Self::MultiSelectLookup | Self::FileUpload => Shape::List,
            Self::Formula | Self::Unknown => Shape::Opaque,
        }
    }
}

/// What a value is, whatever the service calls its kind: the ground for storing and comparing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Text, compared without case.
    Text,
    /// True or false.
    Flag,
    /// A whole number that JSON carries as a number.
    Whole,
    /// A whole number that JSON carries as a string, so that no digit is lost.
    Digits,
    /// A decimal number.
    Number,
    /// A day without a time.
    Date,
    /// A moment, whatever the offset it is written in.
    Instant,
    /// The id of one record, user or layout.
    Reference,
    /// Several values; none is an empty list, never null.
    List,
    /// Any JSON.
    Opaque,
}

impl Field {
    /// What a value of this field is: that of its kind, but tags are announced as text and come as a list,
    /// and the team pipeline of a deal is announced as a number and comes as a reference.
    #[must_use]
    pub fn shape(&self) -> Shape {
        match self.api_name.as_str() {
            "Tag" => Shape::List,
            _ if self.names_layout() => Shape::Reference,
            _ => self.kind.shape(),
        }
    }

    /// The module whose records a reference names: [`USERS`] for owners, [`LAYOUTS`] for team pipelines.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        match self.kind {
            _ if self.names_layout() => Some(LAYOUTS),
            FieldKind::OwnerLookup | FieldKind::UserLookup => Some(USERS),
            FieldKind::Lookup => self.lookup.as_deref(),
            _ => None,
        }
    }

    fn names_layout(&self) -> bool {
        matches!(self.api_name.as_str(), "Pipeline" | "Layout")
            && matches!(self.kind, FieldKind::BigInt | FieldKind::Lookup | FieldKind::Unknown)
    }

    /// A field with no rules, named and labelled alike.
    #[must_use]
    pub fn plain(api_name: &str, kind: FieldKind) -> Self {
        Self {
            api_name: api_name.to_owned(),
            label: api_name.replace('_', " "),
            kind,
            length: None,
            mandatory: false,
            read_only: false,
            unique: false,
            custom: false,
            lookup: None,
            choices: Vec::new(),
        }
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

//! The words in which the seeded organisation's fields are written down.

use super::Kind;

/// A field before it has ids.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    pub api_name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    pub length: u32,
    pub mandatory: bool,
    pub read_only: bool,
    pub unique: bool,
    pub custom: bool,
    pub visible: bool,
    pub choices: &'static [&'static str],
    pub default: Option<&'static str>,
    pub number_prefix: Option<&'static str>,
    pub formula: Option<Formula>,
}

/// What a formula field computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// One field as a percentage of another, rounded to cents.
    Share {
        /// The amount.
        of: &'static str,
        /// The percentage.
        percent: &'static str,
    },
}

pub(super) const fn field(api_name: &'static str, label: &'static str, kind: Kind, length: u32) -> Spec {
    Spec {
        api_name,
        label,
        kind,
        length,
        mandatory: false,
        read_only: false,
        unique: false,
        custom: false,
        visible: true,
        choices: &[],
        default: None,
        number_prefix: None,
        formula: None,
    }
}

pub(super) const fn text(api_name: &'static str, label: &'static str, length: u32) -> Spec {
    field(api_name, label, Kind::Text, length)
}

pub(super) const fn phone(api_name: &'static str, label: &'static str, length: u32) -> Spec {
    field(api_name, label, Kind::Phone, length)
}

pub(super) const fn lookup(api_name: &'static str, label: &'static str, module: &'static str) -> Spec {
    field(api_name, label, Kind::Lookup(module), 120)
}

pub(super) const fn picklist(
    api_name: &'static str,
    label: &'static str,
    choices: &'static [&'static str],
) -> Spec {
    Spec { choices, ..field(api_name, label, Kind::PickList, 120) }
}

pub(super) const fn boolean(api_name: &'static str, label: &'static str, default: &'static str) -> Spec {
    Spec { default: Some(default), ..field(api_name, label, Kind::Boolean, 5) }
}

pub(super) const fn date(api_name: &'static str, label: &'static str) -> Spec {
    field(api_name, label, Kind::Date, 20)
}

pub(super) const fn datetime(api_name: &'static str, label: &'static str) -> Spec {
    field(api_name, label, Kind::DateTime, 120)
}

pub(super) const fn currency(api_name: &'static str, label: &'static str) -> Spec {
    field(api_name, label, Kind::Currency, 16)
}

impl Spec {
    pub(super) const fn mandatory(self) -> Self {
        Self { mandatory: true, ..self }
    }

    pub(super) const fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    pub(super) const fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    pub(super) const fn custom(self) -> Self {
        Self { custom: true, ..self }
    }

    pub(super) const fn hidden(self) -> Self {
        Self { visible: false, ..self }
    }

    pub(super) const fn default(self, value: &'static str) -> Self {
        Self { default: Some(value), ..self }
    }

    pub(super) const fn choices(self, choices: &'static [&'static str]) -> Self {
        Self { choices, ..self }
    }

    pub(super) const fn numbered(self, prefix: &'static str) -> Self {
        Self { number_prefix: Some(prefix), read_only: true, ..self }
    }

    pub(super) const fn formula(self, formula: Formula) -> Self {
        Self { formula: Some(formula), read_only: true, ..self }
    }
}

/// The fields that end every module that people own.
pub(super) const OWNED: &[Spec] = &[
    field("Owner", "Owner", Kind::Owner, 120),
    field("Tag", "Tag", Kind::Tags, 2000),
    field("Created_By", "Created By", Kind::Owner, 120).read_only(),
    field("Modified_By", "Modified By", Kind::Owner, 120).read_only(),
    datetime("Created_Time", "Created Time").read_only(),
    datetime("Modified_Time", "Modified Time").read_only(),
    datetime("Last_Activity_Time", "Last Activity Time").read_only(),
    field("Record_Creation_Source_ID__s", "Record Creation Source", Kind::BigInt, 19).read_only(),
    field("id", "Record Id", Kind::BigInt, 19).read_only(),
];

/// The fields that end the modules that hang on records of others.
pub(super) const ATTACHED: &[Spec] = &[
    field("Owner", "Owner", Kind::Owner, 120),
    field("Created_By", "Created By", Kind::Owner, 120).read_only(),
    field("Modified_By", "Modified By", Kind::Owner, 120).read_only(),
    datetime("Created_Time", "Created Time").read_only(),
    datetime("Modified_Time", "Modified Time").read_only(),
    field("id", "Record Id", Kind::BigInt, 19).read_only(),
];

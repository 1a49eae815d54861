//! What values a field takes, as the service's metadata names it.

use crate::domain::FieldKind;

/// The behaviour of a field: what is written to it, how it is kept and how it is read.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    TextArea,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A URL.
    Website,
    /// One of the field's choices.
    PickList,
    /// Any number of the field's choices.
    MultiSelect,
    /// True or false.
    Boolean,
    /// A whole number of at most nine digits.
    Integer,
    /// A whole number of at most eighteen digits, a string in JSON.
    BigInt,
    /// A decimal number.
    Double,
    /// An amount in the org's currency.
    Currency,
    /// A percentage.
    Percent,
    /// A day.
    Date,
    /// An instant.
    DateTime,
    /// A record of the module with this API name.
    Lookup(&'static str),
    /// A deal or company that an activity is about.
    Related,
    /// The user who owns, made or changed the record.
    Owner,
    /// Another user.
    User,
    /// Several records of the module with this API name.
    MultiLookup(&'static str),
    /// Counted up by the service.
    AutoNumber,
    /// Computed by the service from other fields.
    Formula,
    /// The record's photo.
    ProfileImage,
    /// Uploaded files.
    FileUpload,
    /// The record's tags.
    Tags,
    /// The products of a deal, with quantity and price.
    LineItems,
    /// The people of a meeting.
    Participants,
    /// A task's reminder.
    Alarm,
    /// A meeting's reminders.
    Reminders,
    /// How an activity repeats.
    Recurrence,
    /// The team pipeline of a deal: one layout of the module.
    Layout,
}

impl Kind {
    /// The `data_type` of the metadata.
    #[must_use]
    pub const fn data_type(self) -> &'static str {
        match self {
            Self::Text | Self::Tags | Self::Participants => "text",
            Self::TextArea => "textarea",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Website => "website",
            Self::PickList => "picklist",
            Self::MultiSelect => "multiselectpicklist",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::BigInt | Self::Layout => "bigint",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Lookup(_) => "lookup",
            Self::Related => "multi_module_lookup",
            Self::Owner => "ownerlookup",
            Self::User => "userlookup",
            Self::MultiLookup(_) => "multiselectlookup",
            Self::AutoNumber => "autonumber",
            Self::Formula => "formula",
            Self::ProfileImage => "profileimage",
            Self::FileUpload => "fileupload",
            Self::LineItems => "subform",
            Self::Alarm => "ALARM",
            Self::Reminders => "event_reminder",
            Self::Recurrence => "RRULE",
        }
    }

    /// The `json_type` of the metadata.
    #[must_use]
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Double | Self::Currency | Self::Percent | Self::Formula => "double",
            Self::Lookup(_)
            | Self::Related
            | Self::Owner
            | Self::User
            | Self::Alarm
            | Self::Recurrence
            | Self::Layout => "jsonobject",
            Self::MultiSelect
            | Self::MultiLookup(_)
            | Self::FileUpload
            | Self::Tags
            | Self::LineItems
            | Self::Participants
            | Self::Reminders => "jsonarray",
            _ => "string",
        }
    }

    /// What COQL and the tables know this kind as; kinds that they cannot query are unknown to them.
    #[must_use]
    pub const fn domain(self) -> FieldKind {
        match self {
            Self::Text => FieldKind::Text,
            Self::TextArea => FieldKind::TextArea,
            Self::Email => FieldKind::Email,
            Self::Phone => FieldKind::Phone,
            Self::Website => FieldKind::Website,
            Self::PickList => FieldKind::PickList,
            Self::MultiSelect => FieldKind::MultiSelectPickList,
            Self::Boolean => FieldKind::Boolean,
            Self::Integer => FieldKind::Integer,
            Self::BigInt | Self::Layout => FieldKind::BigInt,
            Self::Double | Self::Formula => FieldKind::Double,
            Self::Currency => FieldKind::Currency,
            Self::Percent => FieldKind::Percent,
            Self::Date => FieldKind::Date,
            Self::DateTime => FieldKind::DateTime,
            Self::Lookup(_) | Self::Related => FieldKind::Lookup,
            Self::Owner => FieldKind::OwnerLookup,
            Self::User => FieldKind::UserLookup,
            Self::MultiLookup(_) => FieldKind::MultiSelectLookup,
            Self::AutoNumber => FieldKind::AutoNumber,
            Self::ProfileImage => FieldKind::ProfileImage,
            Self::FileUpload => FieldKind::FileUpload,
            Self::Tags
            | Self::LineItems
            | Self::Participants
            | Self::Alarm
            | Self::Reminders
            | Self::Recurrence => FieldKind::Unknown,
        }
    }

    /// The module that a value of this kind points to.
    #[must_use]
    pub const fn target(self) -> Option<&'static str> {
        match self {
            Self::Lookup(module) | Self::MultiLookup(module) => Some(module),
            _ => None,
        }
    }
}

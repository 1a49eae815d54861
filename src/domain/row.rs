//! What lists and the board show of a record.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use super::{Link, Module, RecordId, SafeText};

/// A record in a list.
pub trait Row {
    /// The id by which a selection survives a refresh.
    fn id(&self) -> &RecordId;

    /// The record that it stands for, named; none where it stands for several.
    fn record(&self) -> Option<Link>;
}

/// A deal in a list or on the board.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRow {
    /// The deal.
    pub id: RecordId,
    /// `Deal_Name`.
    pub name: SafeText,
    /// In the org's currency.
    pub amount: Option<Decimal>,
    /// Layout id of the team pipeline.
    pub pipeline: RecordId,
    /// Value of `Sub_Pipeline`.
    pub sub_pipeline: String,
    /// Value of `Stage` (`actual_value`).
    pub stage: String,
    /// `Closing_Date`.
    pub closing: Option<Date>,
    /// Since when the deal stands in its stage.
    pub since: Option<StageSince>,
    /// How often and how far the closing date was moved back; none where it never was, as far as is known.
    pub slips: Option<Slips>,
    /// The earliest open activity on the deal.
    pub next: Option<NextStep>,
    /// Name of the owner.
    pub owner: SafeText,
    /// The primary contact.
    pub contact: Option<Link>,
    /// The company.
    pub company: Option<Link>,
    /// A change made here is not confirmed by the server yet.
    pub pending: bool,
}

/// Since when a deal stands in its stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageSince {
    /// When it came there.
    pub at: Timestamp,
    /// Seen by this program; otherwise an estimate from `Modified_Time`.
    pub observed: bool,
}

/// How a closing date slipped, as far as this program saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slips {
    /// How often it was moved to a later day.
    pub times: u32,
    /// By how many days in all.
    pub days: u32,
}

/// The kind of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActivityKind {
    /// A thing to do.
    Task,
    /// A meeting.
    Event,
    /// A phone call.
    Call,
}

/// An open activity: what happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// What it is.
    pub kind: ActivityKind,
    /// The day it is due, in the org's zone.
    pub due: Date,
    /// Its subject.
    pub subject: SafeText,
}

/// A contact in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRow {
    /// The contact.
    pub id: RecordId,
    /// `Full_Name`.
    pub name: SafeText,
    /// `Title`.
    pub title: SafeText,
    /// The company.
    pub company: Option<Link>,
    /// `Email`.
    pub email: SafeText,
    /// `Phone`, or `Mobile`.
    pub phone: SafeText,
    /// `Last_Activity_Time`.
    pub touched: Option<Timestamp>,
    /// Open deals of this contact.
    pub open_deals: u32,
    /// Their sum.
    pub open_sum: Decimal,
}

/// A company in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyRow {
    /// The company.
    pub id: RecordId,
    /// `Account_Name`.
    pub name: SafeText,
    /// `Phone`.
    pub phone: SafeText,
    /// `Website`.
    pub website: SafeText,
    /// `Billing_City`.
    pub city: SafeText,
    /// Contacts at this company.
    pub people: u32,
    /// Open deals with it.
    pub open_deals: u32,
    /// Their sum.
    pub open_sum: Decimal,
    /// `Last_Activity_Time`.
    pub touched: Option<Timestamp>,
}

/// A note in the list of all notes.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteRow {
    /// The note.
    pub id: RecordId,
    /// The record it is on.
    pub parent: Option<Link>,
    /// `Note_Title`; often empty.
    pub title: SafeText,
    /// The beginning of `Note_Content`, on one line.
    pub preview: SafeText,
    /// Who wrote it.
    pub author: SafeText,
    /// When it was written.
    pub at: Timestamp,
    /// Written here, not on the server yet.
    pub pending: bool,
}

macro_rules! row {
    ($($name:ident $module:ident $called:expr;)*) => { $(
        impl $name {
            /// The record, named.
            #[must_use]
            pub fn link(&self) -> Link {
                let name: fn(&Self) -> &SafeText = $called;
                Link { module: Module::$module, id: self.id.clone(), name: name(self).clone() }
            }
        }

        impl Row for $name {
            fn id(&self) -> &RecordId {
                &self.id
            }

            fn record(&self) -> Option<Link> {
                Some(self.link())
            }
        }
    )* };
}
row! {
    DealRow Pipelines |row| &row.name;
    ContactRow Contacts |row| &row.name;
    CompanyRow Accounts |row| &row.name;
    NoteRow Notes |row| if row.title.as_str().is_empty() { &row.preview } else { &row.title };
}

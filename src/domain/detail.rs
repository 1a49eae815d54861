//! One record in full, with what belongs to it.

use jiff::Timestamp;

use super::{ActivityKind, CompanyRow, ContactRow, DealRow, Link, SafeText};

/// A record with its fields, its timeline and the records around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The record.
    pub link: Link,
    /// What the record is in lists, by its module.
    pub head: Head,
    /// Fields with a value, in the org's order; system fields last.
    pub fields: Vec<FieldText>,
    /// Notes, calls, events and tasks on the record (and for a contact or company: on its deals), newest first.
    pub timeline: Vec<Entry>,
    /// All entries there are; `timeline` may hold fewer.
    pub timeline_total: u64,
    /// Deals of a contact or company, people of a company.
    pub related: Vec<RelatedGroup>,
    /// When the server was last asked for it.
    pub pulled_at: Option<Timestamp>,
}

impl Detail {
    /// The deal itself and the deals around it.
    pub fn deals_mut(&mut self) -> impl Iterator<Item = &mut DealRow> {
        let head = match &mut self.head {
            Head::Deal(deal) => Some(deal),
            _ => None,
        };
        let related = self.related.iter_mut().flat_map(|group| &mut group.rows);
        head.into_iter().chain(related.filter_map(|row| row.deal.as_mut()))
    }
}

/// The list row of the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Head {
    /// A deal.
    Deal(DealRow),
    /// A contact.
    Contact(ContactRow),
    /// A company.
    Company(CompanyRow),
    /// Any other module: its name says it all.
    Other,
}

/// One field of a record as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldText {
    /// Key in record JSON.
    pub api_name: String,
    /// The label people see.
    pub label: SafeText,
    /// The value, line by line; never empty.
    pub lines: Vec<SafeText>,
    /// The record it points to.
    pub link: Option<Link>,
}

/// Something that happened or will happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// The note or activity itself.
    pub link: Link,
    /// When: written, held, or due.
    pub at: Timestamp,
    /// Who wrote or owns it.
    pub by: SafeText,
    /// Title or subject; empty for most notes.
    pub title: SafeText,
    /// The text, line by line.
    pub lines: Vec<SafeText>,
    /// The record it hangs on, where that is not the one shown.
    pub on: Option<Link>,
    /// Written here, not on the server yet.
    pub pending: bool,
}

/// The kind of a timeline entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A note.
    Note,
    /// An activity and whether it is done.
    Activity {
        /// Task, event or call.
        kind: ActivityKind,
        /// Completed, or in the past for events and calls.
        done: bool,
    },
}

/// Records around a record, under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedGroup {
    /// Such as "open deals" or "people".
    pub title: &'static str,
    /// The rows.
    pub rows: Vec<RelatedRow>,
    /// All there are; `rows` may hold fewer.
    pub total: u64,
}

/// One related record.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedRow {
    /// The record.
    pub link: Link,
    /// The deal's figures, where it is a deal.
    pub deal: Option<DealRow>,
    /// What to say beside the name, such as a person's title.
    pub note: SafeText,
}

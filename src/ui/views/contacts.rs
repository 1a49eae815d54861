//! People.

use ratatui::style::Style;

use super::{
    listing::{Listing, counted, figure, narrowed},
    table::Column,
};
use crate::{
    app::List,
    domain::ContactRow,
    protocol::{ContactSort, ListSpec, SortWay},
    ui::{
        canvas::Phrase,
        figures::{count, days, days_since},
        scene::Scene,
        text::Ink,
    },
};

/// All contacts.
pub struct Contacts<'a>(pub &'a Scene<'a>);

const COLUMNS: &[Column] = &[
    Column::growing("Name", 17, 36, 0),
    Column::growing("Title", 13, 26, 5),
    Column::growing("Company", 18, 30, 2),
    Column { weight: 4, ..Column::growing("E-mail", 20, 34, 4) },
    Column::growing("Phone", 14, 18, 3),
    figure("Touch", 6, 1),
    Column { from: 122, ..figure("Deals", 5, 7) },
    Column { from: 122, ..figure("Open", 9, 6) },
];

impl Contacts<'_> {
    fn list(&self) -> &List<ContactRow> {
        &self.0.model.panes.contacts
    }

    fn text(&self) -> &str {
        match &self.list().spec {
            Some(ListSpec::Contacts { text, .. }) => text,
            _ => "",
        }
    }
}

impl Listing for Contacts<'_> {
    type Row = ContactRow;

    fn columns(&self) -> &'static [Column] {
        COLUMNS
    }

    fn cell<'r>(&'r self, contact: &'r ContactRow, column: usize, width: u16) -> (Ink<'r>, Style) {
        let (scene, theme) = (self.0, self.0.theme);
        match column {
            0 => ((&contact.name).into(), theme.text),
            1 => ((&contact.title).into(), theme.quiet),
            2 => (contact.company.as_ref().map_or_else(Ink::default, |c| (&c.name).into()), theme.text),
            3 => ((&contact.email).into(), theme.text),
            4 => ((&contact.phone).into(), theme.text),
            5 => (touched(scene, contact.touched), theme.text),
            6 if contact.open_deals == 0 => (Ink::default(), theme.text),
            6 => (count(contact.open_deals.into()), theme.text),
            _ if contact.open_deals == 0 => (Ink::default(), theme.text),
            _ => (scene.money_in(contact.open_sum, width), theme.money),
        }
    }

    fn sorted(&self) -> Option<(usize, SortWay)> {
        match self.list().spec {
            Some(ListSpec::Contacts { sort: ContactSort::Name, way, .. }) => Some((0, way)),
            Some(ListSpec::Contacts { sort: ContactSort::Touched, way, .. }) => Some((5, way)),
            _ => None,
        }
    }

    fn about(&self) -> Phrase<'_> {
        narrowed(self.0, self.text())
    }

    fn figures(&self) -> Phrase<'_> {
        counted(self.0, self.list(), "contact", "contacts")
    }

    fn empty(&self) -> &'static str {
        if self.text().is_empty() { "no contacts here yet" } else { "no contact matches; \\ shows all again" }
    }
}

/// How long ago the last activity was; `never` without one.
pub fn touched(scene: &Scene<'_>, at: Option<jiff::Timestamp>) -> Ink<'static> {
    at.map_or_else(|| "never".into(), |at| days(days_since(at, scene.model.now)))
}

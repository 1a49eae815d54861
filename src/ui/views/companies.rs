//! Companies.

use ratatui::style::Style;

use super::{
    contacts::touched,
    listing::{Listing, counted, figure, narrowed},
    table::Column,
};
use crate::{
    app::List,
    domain::CompanyRow,
    protocol::{CompanySort, ListSpec, SortWay},
    ui::{canvas::Phrase, figures::count, scene::Scene, text::Ink},
};

/// All companies.
pub struct Companies<'a>(pub &'a Scene<'a>);

const COLUMNS: &[Column] = &[
    Column::growing("Company", 16, 40, 0),
    Column::growing("City", 10, 18, 3),
    figure("People", 6, 4),
    figure("Deals", 5, 2),
    figure("Open", 10, 1),
    Column::growing("Phone", 14, 18, 6),
    Column::growing("Website", 20, 34, 7),
    figure("Touch", 6, 5),
];

impl Companies<'_> {
    fn list(&self) -> &List<CompanyRow> {
        &self.0.model.panes.companies
    }

    fn text(&self) -> &str {
        match &self.list().spec {
            Some(ListSpec::Companies { text, .. }) => text,
            _ => "",
        }
    }
}

impl Listing for Companies<'_> {
    type Row = CompanyRow;

    fn columns(&self) -> &'static [Column] {
        COLUMNS
    }

    fn cell<'r>(&'r self, company: &'r CompanyRow, column: usize, width: u16) -> (Ink<'r>, Style) {
        let (scene, theme) = (self.0, self.0.theme);
        let some = |number: u32| if number == 0 { Ink::default() } else { count(number.into()) };
        match column {
            0 => ((&company.name).into(), theme.text),
            1 => ((&company.city).into(), theme.quiet),
            2 => (some(company.people), theme.text),
            3 => (some(company.open_deals), theme.text),
            4 if company.open_deals == 0 => (Ink::default(), theme.text),
            4 => (scene.money_in(company.open_sum, width), theme.money),
            5 => ((&company.phone).into(), theme.text),
            6 => ((&company.website).into(), theme.quiet),
            _ => (touched(scene, company.touched), theme.text),
        }
    }

    fn sorted(&self) -> Option<(usize, SortWay)> {
        match self.list().spec {
            Some(ListSpec::Companies { sort: CompanySort::Name, way, .. }) => Some((0, way)),
            Some(ListSpec::Companies { sort: CompanySort::Touched, way, .. }) => Some((7, way)),
            _ => None,
        }
    }

    fn about(&self) -> Phrase<'_> {
        narrowed(self.0, self.text())
    }

    fn figures(&self) -> Phrase<'_> {
        counted(self.0, self.list(), "company", "companies")
    }

    fn empty(&self) -> &'static str {
        if self.text().is_empty() {
            "no companies here yet"
        } else {
            "no company matches; \\ shows all again"
        }
    }
}

//! Deals as a list with totals.

use ratatui::style::Style;

use super::{
    board,
    listing::{Listing, counted, figure, narrowed},
    table::Column,
};
use crate::{
    app::List,
    domain::DealRow,
    protocol::{DealFilter, DealSort, ListSpec, SortWay},
    ui::{
        canvas::{Phrase, Side},
        scene::Scene,
        text::Ink,
    },
};

/// The deals of the scope.
pub struct Deals<'a>(pub &'a Scene<'a>);

const COLUMNS: &[Column] = &[
    Column { weight: 4, ..Column::growing("Deal", 12, 44, 0) },
    Column::growing("Company", 14, 30, 5),
    Column { side: Side::Right, ..Column::growing("Amount", 8, 10, 0) },
    Column::growing("Stage", 11, 14, 4),
    figure("Close ", 8, 3),
    figure("Age", 6, 2),
    Column { weight: 2, ..Column::growing("Next", 7, 12, 1) },
    Column { from: 122, ..Column::growing("Owner", 12, 16, 6) },
];

impl Deals<'_> {
    fn list(&self) -> &List<DealRow> {
        &self.0.model.panes.deals
    }

    fn filter(&self) -> Option<(&DealFilter, DealSort, SortWay)> {
        match &self.list().spec {
            Some(ListSpec::Deals { filter, sort, way, .. }) => Some((filter, *sort, *way)),
            _ => None,
        }
    }
}

impl Listing for Deals<'_> {
    type Row = DealRow;

    fn columns(&self) -> &'static [Column] {
        COLUMNS
    }

    fn cell<'r>(&'r self, deal: &'r DealRow, column: usize, width: u16) -> (Ink<'r>, Style) {
        let (scene, theme) = (self.0, self.0.theme);
        match column {
            0 => ((&deal.name).into(), theme.text),
            1 => (deal.company.as_ref().map_or_else(Ink::default, |c| (&c.name).into()), theme.quiet),
            2 => (scene.amount(deal, width), theme.money),
            3 => scene.stage(deal),
            4 => scene.closing(deal),
            5 => scene.age(deal, scene.median(&deal.stage)),
            6 => scene.next_step(deal, width),
            _ => ((&deal.owner).into(), theme.quiet),
        }
    }

    fn pending(&self, deal: &DealRow) -> bool {
        deal.pending
    }

    fn sorted(&self) -> Option<(usize, SortWay)> {
        let (_, sort, way) = self.filter()?;
        let column = match sort {
            DealSort::Name => 0,
            DealSort::Amount => 2,
            DealSort::Stage => 3,
            DealSort::Closing => 4,
            DealSort::Modified => return None,
        };
        Some((column, way))
    }

    fn about(&self) -> Phrase<'_> {
        let Some((filter, sort, _)) = self.filter() else { return Phrase::new() };
        let mut about = narrowed(self.0, &filter.text);
        if sort == DealSort::Modified {
            let gap = if about.is_empty() { "" } else { "  " };
            about.put(gap, self.0.theme.text).put("last changed first", self.0.theme.quiet);
        }
        about
    }

    fn figures(&self) -> Phrase<'_> {
        let (scene, theme, list) = (self.0, self.0.theme, self.list());
        let mut figures = counted(scene, list, "deal", "deals");
        if let Some(summary) = list.summary.filter(|_| list.total.is_some()) {
            figures.put("   sum ", theme.quiet).put(scene.money(summary.sum), theme.title);
            figures.put("   weighted ", theme.quiet).put(scene.money(summary.weighted), theme.text);
            board::flags(scene, &summary, &mut figures);
        }
        figures
    }

    fn empty(&self) -> &'static str {
        match self.filter() {
            Some((filter, ..)) if *filter != (DealFilter { open_only: true, ..DealFilter::default() }) => {
                "no deal matches; \\ shows all again"
            }
            _ => "no open deals here yet",
        }
    }
}

//! What every view needs, looked up once a frame.

use jiff::civil::Date;
use ratatui::{layout::Rect, style::Style};

use super::{
    Theme,
    canvas::{Pen, Phrase},
    figures::{self, Due, Pace},
    glyphs::{ASCII, Glyphs, LIGHT},
    text::Ink,
};
use crate::{
    app::{List, Model, Size},
    domain::{DealRow, Outcome, RecordId, Row, Stage},
};
use ratatui::buffer::Buffer;
use rust_decimal::Decimal;

/// The model with what is derived from it for a frame.
pub(super) struct Scene<'a> {
    pub model: &'a Model,
    pub theme: &'a Theme,
    pub glyphs: &'static Glyphs,
    pub today: Date,
    pub size: Size,
    /// What is written before an amount.
    symbol: Ink<'static>,
}

impl<'a> Scene<'a> {
    pub fn new(model: &'a Model, theme: &'a Theme, area: Rect) -> Self {
        let catalog = model.account.catalog.as_ref();
        Self {
            model,
            theme,
            glyphs: if model.options.ascii { &ASCII } else { &LIGHT },
            today: model.today(),
            size: Size { cols: area.width, rows: area.height },
            symbol: catalog.map_or_else(Ink::default, |c| Ink::made_safe(&c.org.currency_symbol)),
        }
    }

    pub fn pen<'b>(&self, buf: &'b mut Buffer, area: Rect) -> Pen<'b> {
        Pen::new(buf, area, self.glyphs)
    }

    pub fn money(&self, amount: Decimal) -> Ink<'static> {
        figures::money(amount, &self.symbol)
    }

    pub fn money_in(&self, amount: Decimal, columns: u16) -> Ink<'static> {
        figures::money_in(amount, &self.symbol, columns)
    }

    /// The amount of a deal; a dash where it has none.
    pub fn amount(&self, deal: &DealRow, columns: u16) -> Ink<'static> {
        deal.amount.map_or_else(|| "-".into(), |amount| self.money_in(amount, columns))
    }

    /// The median days of a stage, as the board knows it.
    pub fn median(&self, stage: &str) -> Option<u32> {
        let columns = &self.model.panes.board.columns;
        columns.iter().find(|column| column.stage.value == stage)?.median_days
    }

    /// What the org says of a deal's stage.
    pub fn stage_of(&self, deal: &DealRow) -> Option<&'a Stage> {
        self.model.sub_pipeline(deal)?.stages.iter().find(|stage| stage.value == deal.stage)
    }

    /// The label of a deal's stage, in the colour of how it ended.
    pub fn stage(&self, deal: &DealRow) -> (Ink<'static>, Style) {
        let Some(stage) = self.stage_of(deal) else {
            return (Ink::made_safe(&deal.stage), self.theme.text);
        };
        let style = match stage.outcome {
            Outcome::Open => self.theme.text,
            Outcome::Won => self.theme.good,
            Outcome::Lost => self.theme.quiet,
        };
        (Ink::made_safe(&stage.label), style)
    }

    /// Days that a deal stands in its stage, and how that compares; a closed deal may stand as long as it likes.
    pub fn pace(&self, deal: &DealRow, median: Option<u32>) -> Option<(u32, Pace)> {
        let days = figures::days_since(deal.since?.at, self.model.now);
        let pace = figures::pace(days, median);
        Some((days, if pace == Pace::Usual || self.is_open(deal) { pace } else { Pace::Usual }))
    }

    /// An age with its style; blank where it is not known.
    pub fn age(&self, deal: &DealRow, median: Option<u32>) -> (Ink<'static>, Style) {
        self.pace(deal, median).map_or_else(
            || (Ink::default(), self.theme.text),
            |(days, pace)| {
                let observed = deal.since.is_some_and(|since| since.observed);
                (figures::age(days, pace, observed), self.pace_style(pace))
            },
        )
    }

    pub const fn pace_style(&self, pace: Pace) -> Style {
        match pace {
            Pace::Usual => self.theme.text,
            Pace::Slow => self.theme.warn,
            Pace::Stuck => self.theme.bad,
        }
    }

    /// The next step with its style; a closed deal needs none.
    pub fn next_step(&self, deal: &DealRow, columns: u16) -> (Ink<'static>, Style) {
        let next = deal.next.as_ref();
        if next.is_none() && !self.is_open(deal) {
            return (Ink::default(), self.theme.text);
        }
        let style = match figures::due(next, self.today) {
            Due::Late => self.theme.bad,
            Due::Today => self.theme.good,
            Due::Later => self.theme.text,
            Due::Nothing => self.theme.warn,
        };
        (figures::next_step(next, self.today, columns), style)
    }

    /// A closing date in eight columns: the date and, where it has passed, a mark.
    pub fn closing(&self, deal: &DealRow) -> (Ink<'static>, Style) {
        let Some(date) = deal.closing else { return ("- ".into(), self.theme.text) };
        let day = figures::day(date, self.today);
        if date < self.today && self.is_open(deal) {
            (Ink::figure(format!("{}!", day.as_str())), self.theme.bad)
        } else {
            (Ink::figure(format!("{} ", day.as_str())), self.theme.text)
        }
    }

    /// Whether a deal is still worked on, as far as its stage is known.
    pub fn is_open(&self, deal: &DealRow) -> bool {
        self.stage_of(deal).is_none_or(|stage| stage.outcome == Outcome::Open)
    }

    /// The name of the pipeline and sub-pipeline that board and deals look at.
    pub fn scope(&self) -> Phrase<'static> {
        let mut phrase = Phrase::new();
        let (Some(scope), Some(catalog)) = (&self.model.scope, &self.model.account.catalog) else {
            return phrase;
        };
        if let Some(pipeline) = catalog.pipeline(&scope.pipeline) {
            phrase.put(Ink::made_safe(&pipeline.name), self.theme.title);
        }
        if let Some(sub) = &scope.sub_pipeline {
            phrase.put(" / ", self.theme.quiet).put(Ink::made_safe(sub), self.theme.title);
        }
        phrase
    }

    /// The mark in front of what has the cursor.
    pub fn pointer(&self, pen: &mut Pen<'_>, selected: bool) {
        if selected {
            pen.put(">", self.theme.pointer);
        } else {
            pen.gap(1);
        }
    }

    /// Whether a row is marked, or in the range that is being marked.
    pub fn is_marked<R: Row>(&self, list: &List<R>, ordinal: u64, id: &RecordId) -> bool {
        list.range().is_some_and(|(from, to)| (from..=to).contains(&ordinal))
            || self.model.marks().is_some_and(|marks| marks.contains(id))
    }

    /// The two characters in front of a row: the cursor and what is special about the record.
    pub fn gutter(&self, pen: &mut Pen<'_>, selected: bool, marked: bool, pending: bool) {
        self.pointer(pen, selected);
        let (glyph, style) = match () {
            () if marked => ("*", self.theme.marked),
            () if pending => (self.glyphs.ascending, self.theme.pending),
            () => (" ", self.theme.text),
        };
        pen.put(glyph, style);
    }
}

//! Team pipelines and sub-pipelines with their totals, and the stages of the selected one.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::{
    listing::{figure, label, say, waiting},
    table::{self, Column},
};
use crate::{
    app::{Load, geometry},
    domain::{Outcome, SubPipeline},
    protocol::PipelineTotals,
    ui::{
        canvas::{Phrase, Side, divider, frame, inset, row},
        figures::{count, probability},
        scene::Scene,
        text::Ink,
    },
};

const COLUMNS: &[Column] = &[
    Column::growing("Pipeline", 14, 40, 0),
    Column { weight: 3, ..Column::growing("Sub-pipeline", 14, 30, 1) },
    figure("Open", 6, 0),
    figure("Sum", 11, 0),
    figure("Weighted", 10, 3),
    figure("Stuck", 5, 5),
    figure("No next", 7, 6),
    figure("Won", 5, 2),
    figure("Won sum", 11, 7),
    figure("Lost", 5, 4),
];

const GAP: u16 = 2;

/// Draws the table and below it the stages.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (theme, glyphs, pane) = (scene.theme, scene.glyphs, &scene.model.panes.pipelines);
    frame(buf, area, glyphs, theme.border);
    if geometry::is_wide(scene.size) {
        let mut title = Phrase::new();
        title.put("Pipelines", theme.title);
        label(scene, &title, inset(row(area, 0), 2), buf);
    }
    let cells = inset(row(area, 1), 4);
    let placed = table::place(COLUMNS, cells.width, GAP);
    table::heading(scene, COLUMNS, &placed, GAP, None, &mut scene.pen(buf, cells));
    divider(buf, row(area, 2), glyphs, theme.border);
    let most = geometry::pipelines_rows(scene.size);
    let body = Rect { y: area.y + 3, height: area.height.saturating_sub(4), ..area };
    if pane.totals.is_empty() {
        let words = if pane.load == Load::Ready { "no pipelines here yet".into() } else { waiting(scene) };
        say(scene, words, body, buf);
        return;
    }
    let shown = pane.totals.iter().enumerate().skip(pane.top).take(most.into());
    let mut rows = 0;
    for (index, totals) in shown {
        let line = inset(row(body, rows), 1);
        let selected = index == pane.cursor;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.gap(2);
        for placed in &placed {
            let (ink, style) = cell(scene, totals, placed.index, placed.width);
            pen.cell(placed.width, COLUMNS[placed.index].side, ink, style).gap(GAP);
        }
        if selected {
            table::select(line, theme.selected, buf);
        }
        rows += 1;
    }
    if let Some(totals) = pane.totals.get(pane.cursor).filter(|_| body.height > rows + 2) {
        let below = Rect { y: body.y + rows, height: body.height - rows, ..body };
        stages(scene, totals, below, buf);
    }
}

fn cell<'a>(scene: &Scene<'a>, totals: &PipelineTotals, column: usize, width: u16) -> (Ink<'a>, Style) {
    let theme = scene.theme;
    let some = |number: u64, style| (if number == 0 { Ink::default() } else { count(number) }, style);
    match column {
        0 => (pipeline(scene, totals), theme.text),
        1 => (totals.scope.sub_pipeline.as_deref().map_or_else(|| "all".into(), Ink::made_safe), theme.text),
        2 => (count(totals.open.count), theme.text),
        3 => (scene.money_in(totals.open.sum, width), theme.money),
        4 => (scene.money_in(totals.open.weighted, width), theme.quiet),
        5 => some(totals.open.stuck, theme.bad),
        6 => some(totals.open.no_next_step, theme.warn),
        7 => some(totals.won, theme.good),
        8 => (scene.money_in(totals.won_sum, width), theme.money),
        _ => some(totals.lost, theme.text),
    }
}

fn pipeline(scene: &Scene<'_>, totals: &PipelineTotals) -> Ink<'static> {
    let catalog = scene.model.account.catalog.as_ref();
    let found = catalog.and_then(|catalog| catalog.pipeline(&totals.scope.pipeline));
    found.map_or_else(|| "?".into(), |pipeline| Ink::made_safe(&pipeline.name))
}

fn sub<'a>(scene: &Scene<'a>, totals: &PipelineTotals) -> Option<&'a SubPipeline> {
    let pipeline = scene.model.account.catalog.as_ref()?.pipeline(&totals.scope.pipeline)?;
    let name = totals.scope.sub_pipeline.as_ref();
    pipeline.sub_pipelines.iter().find(|sub| name.is_none_or(|name| sub.name == *name))
}

/// The figures of each stage; an open one has a bar too, as long as its sum against the largest.
fn stages(scene: &Scene<'_>, totals: &PipelineTotals, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    divider(buf, row(area, 0), scene.glyphs, theme.border);
    let mut title = Phrase::new();
    title.put("Stages of ", theme.text);
    let name = totals.scope.sub_pipeline.as_deref().map_or_else(|| pipeline(scene, totals), Ink::made_safe);
    title.put(name, theme.title);
    label(scene, &title, inset(row(area, 0), 2), buf);

    let sub = sub(scene, totals);
    let stage_of = |value: &str| sub.and_then(|sub| sub.stages.iter().find(|stage| stage.value == value));
    let is_open = |value: &str| stage_of(value).is_none_or(|stage| stage.outcome == Outcome::Open);
    let open = totals.stages.iter().filter(|(value, ..)| is_open(value));
    let largest = open.map(|(_, _, sum)| *sum).max().unwrap_or(Decimal::ZERO);
    let inner = inset(area, 4);
    let names = (inner.width / 4).clamp(8, 28);
    for (down, (value, deals, sum)) in (1..).zip(&totals.stages) {
        let stage = stage_of(value);
        let label = stage.map_or(value.as_str(), |stage| &stage.label);
        let mut pen = scene.pen(buf, row(inner, down));
        pen.cell(names, Side::Left, Ink::made_safe(label), theme.text).gap(1);
        let (word, style) = match stage {
            Some(stage) if stage.outcome == Outcome::Won => ("won".into(), theme.good),
            Some(stage) if stage.outcome == Outcome::Lost => ("lost".into(), theme.quiet),
            Some(stage) => (probability(stage.probability), theme.quiet),
            None => (Ink::default(), theme.quiet),
        };
        pen.cell(4, Side::Right, word, style);
        pen.cell(8, Side::Right, count(*deals), theme.text);
        pen.cell(12, Side::Right, scene.money_in(*sum, 11), theme.money).gap(2);
        if is_open(value) {
            for _ in 0..bar(*sum, largest, pen.room()) {
                pen.put(scene.glyphs.full, theme.bar);
            }
        }
    }
}

/// Columns of a bar; at least one for anything above nothing.
fn bar(sum: Decimal, largest: Decimal, columns: u16) -> u16 {
    if sum <= Decimal::ZERO || largest <= Decimal::ZERO {
        return 0;
    }
    let part = (sum / largest).to_f64().unwrap_or(0.0).clamp(0.0, 1.0);
    ((part * f64::from(columns)).round() as u16).clamp(1, columns.max(1))
}

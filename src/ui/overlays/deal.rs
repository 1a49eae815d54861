//! The form over a deal.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::open;
use crate::{
    app::overlay::{DealForm, LineInput},
    domain::Outcome,
    ui::{
        canvas::{Phrase, Side, row},
        editor,
        scene::Scene,
        text::Ink,
    },
};

/// Columns of the labels.
const LABEL: u16 = 15;

/// Draws the dialog over the pane.
pub fn draw(scene: &Scene<'_>, dialog: &DealForm, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    let (word, style) = match dialog.outcome {
        Outcome::Lost => ("Lost", theme.bad),
        Outcome::Won => ("Won", theme.good),
        Outcome::Open => ("Change", theme.text),
    };
    title.put(word, style).put(": ", theme.text).append(super::deals(scene, &dialog.deals));
    let choices = u16::try_from(dialog.stages.len()).unwrap_or(8).min(8);
    let gap = u16::from(choices > 0);
    let popup = open(scene, &title, 64, choices + gap + 6, area, buf);
    let inner = popup.inner;

    let question = if dialog.outcome == Outcome::Lost { "Why" } else { "Stage" };
    let first = super::top(dialog.cursor, choices);
    let shown = dialog.stages.iter().enumerate().skip(first).take(choices.into());
    for (down, (index, stage)) in (0..).zip(shown) {
        let chosen = index == dialog.cursor;
        let label = if down == 0 { question } else { "" };
        let mut pen = field(scene, label, dialog.field == 0 && down == 0, popup.line(down), buf);
        let (mark, style) = if chosen { ("(o) ", theme.title) } else { ("( ) ", theme.text) };
        pen.put(mark, theme.key).put(Ink::made_safe(&stage.label), style);
    }
    let amount = input(scene, "Amount", &dialog.amount, dialog.field == 1, popup.line(choices + gap), buf);
    let closing =
        input(scene, "Closing date", &dialog.closing, dialog.field == 2, popup.line(choices + gap + 1), buf);
    let last = row(inner, choices + gap + 3);
    match &dialog.error {
        Some(error) => {
            scene.pen(buf, last).put("! ", theme.bad).put(Ink::made_safe(error), theme.bad);
        }
        None => {
            let mut pen = scene.pen(buf, last);
            match dialog.deals.as_slice() {
                [deal] => {
                    pen.put("was ", theme.quiet).put(scene.stage(deal).0, theme.text);
                    pen.put(", ", theme.quiet).put(scene.amount(deal, 14), theme.text);
                }
                _ => drop(pen.put("what is left empty stays as it is; +10% is of each amount", theme.quiet)),
            }
        }
    }
    let mut foot = Phrase::new();
    foot.put("costs ", theme.quiet).put(super::price(dialog.deals.len()), theme.quiet);
    popup.foot(scene, &foot, buf);
    match dialog.field {
        1 => amount,
        2 => closing,
        _ => None,
    }
}

fn field<'b>(
    scene: &Scene<'_>,
    label: &'static str,
    focused: bool,
    line: Rect,
    buf: &'b mut Buffer,
) -> crate::ui::canvas::Pen<'b> {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, line);
    scene.pointer(&mut pen, focused);
    pen.cell(LABEL, Side::Left, label, if focused { theme.title } else { theme.quiet });
    pen
}

fn input(
    scene: &Scene<'_>,
    label: &'static str,
    text: &LineInput,
    focused: bool,
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let at = field(scene, label, focused, line, buf).at();
    let place = Rect { x: at, width: line.right().saturating_sub(at), ..line };
    editor::line(scene, text, scene.theme.input, place, buf)
}

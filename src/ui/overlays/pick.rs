//! Choosing a stage, or what board and deals look at.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{Popup, open, top};
use crate::{
    app::overlay::{LineInput, PipelinePicker, StagePicker},
    domain::Outcome,
    ui::{
        canvas::{Phrase, Side, divider, row},
        editor,
        figures::{count, probability},
        scene::Scene,
        text::Ink,
    },
};

/// Rows above the choices: the letters and a line.
const HEAD: u16 = 2;

/// Draws the stages of the deal's sub-pipeline.
pub fn draw_stages(
    scene: &Scene<'_>,
    picker: &StagePicker,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Stage of ", theme.text).append(super::deals(scene, &picker.deals));
    let matching = picker.matches();
    let popup = opened(scene, &title, picker.stages.len(), area, buf);
    let cursor = letters(scene, &picker.input, &popup, buf);
    let height = popup.inner.height.saturating_sub(HEAD);
    let shown = matching.iter().enumerate().skip(top(picker.cursor, height)).take(height.into());
    for (down, (index, (place, stage))) in (HEAD..).zip(shown) {
        let line = popup.line(down);
        let selected = index == picker.cursor;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.cell(2, Side::Left, count(*place as u64 + 1), theme.key).gap(1);
        let name = pen.room().saturating_sub(13);
        pen.cell(name, Side::Left, Ink::made_safe(&stage.label), theme.text);
        match stage.outcome {
            Outcome::Open => pen.cell(5, Side::Right, probability(stage.probability), theme.quiet),
            Outcome::Won => pen.cell(5, Side::Right, "won", theme.good),
            Outcome::Lost => pen.cell(5, Side::Right, "lost", theme.bad),
        };
        match picker.deals.iter().filter(|deal| deal.stage == stage.value).count() {
            0 => {}
            _ if picker.deals.len() == 1 => drop(pen.gap(2).put("now", theme.quiet)),
            many => drop(pen.gap(1).put(count(many as u64), theme.quiet).put(" now", theme.quiet)),
        }
        if selected {
            buf.set_style(line, theme.selected);
        }
    }
    nothing(scene, matching.is_empty(), &popup, buf);
    let mut foot = Phrase::new();
    foot.put("digits pick   costs ", theme.quiet).put(super::price(picker.deals.len()), theme.quiet);
    popup.foot(scene, &foot, buf);
    cursor
}

/// Draws the pipelines with their sub-pipelines.
pub fn draw_pipelines(
    scene: &Scene<'_>,
    picker: &PipelinePicker,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Pipeline", theme.title);
    let matching = picker.matches();
    let popup = opened(scene, &title, picker.choices.len(), area, buf);
    let cursor = letters(scene, &picker.input, &popup, buf);
    let height = popup.inner.height.saturating_sub(HEAD);
    let shown = matching.iter().enumerate().skip(top(picker.cursor, height)).take(height.into());
    for (down, (index, (scope, name))) in (HEAD..).zip(shown) {
        let line = popup.line(down);
        let selected = index == picker.cursor;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        let room = pen.room().saturating_sub(6);
        pen.cell(room, Side::Left, Ink::made_safe(name), theme.text);
        if scene.model.scope.as_ref() == Some(scope) {
            pen.gap(2).put("now", theme.quiet);
        }
        if selected {
            buf.set_style(line, theme.selected);
        }
    }
    nothing(scene, matching.is_empty(), &popup, buf);
    cursor
}

fn opened(scene: &Scene<'_>, title: &Phrase<'_>, choices: usize, area: Rect, buf: &mut Buffer) -> Popup {
    let rows = u16::try_from(choices).unwrap_or(u16::MAX).clamp(1, 14);
    open(scene, title, 56, rows + HEAD + 2, area, buf)
}

fn letters(scene: &Scene<'_>, input: &LineInput, popup: &Popup, buf: &mut Buffer) -> Option<Position> {
    let line = row(popup.inner, 0);
    scene.pen(buf, line).put("/", scene.theme.key);
    if popup.outer.height > HEAD + 1 {
        divider(buf, row(popup.outer, HEAD), scene.glyphs, scene.theme.focus);
    }
    let field = Rect { x: line.x + 1, width: line.width.saturating_sub(1), ..line };
    editor::line(scene, input, scene.theme.input, field, buf)
}

fn nothing(scene: &Scene<'_>, empty: bool, popup: &Popup, buf: &mut Buffer) {
    if empty {
        scene.pen(buf, row(popup.inner, HEAD)).put("nothing has these letters", scene.theme.quiet);
    }
}

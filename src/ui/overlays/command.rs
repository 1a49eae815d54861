//! The `:` line with its completions, and the `/` line. They stand where the footer is.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::top;
use crate::{
    app::overlay::{CommandLine, LineInput},
    ui::{
        canvas::{Phrase, Side, clear, frame, inset, row},
        editor,
        scene::Scene,
        text::Ink,
    },
};

/// Completions on the screen at once.
const COMPLETIONS: u16 = 8;

/// Draws the command line and its completions above it.
pub fn draw(scene: &Scene<'_>, line: &CommandLine, area: Rect, buf: &mut Buffer) -> Option<Position> {
    completions(scene, line, area, buf);
    let mut aside = Phrase::new();
    if let Some(error) = &line.error {
        aside.put("! ", scene.theme.bad).put(Ink::made_safe(error), scene.theme.bad);
        aside.put(" ", scene.theme.text);
    }
    prompt(scene, ":", &line.input, &aside, area, buf)
}

/// Draws the filter line.
pub fn draw_filter(scene: &Scene<'_>, input: &LineInput, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let mut aside = Phrase::new();
    let (key, quiet) = (scene.theme.key, scene.theme.quiet);
    aside.put("Enter", key).put(" keep  ", quiet).put("Esc", key).put(" take back ", quiet);
    prompt(scene, "/", input, &aside, area, buf)
}

fn prompt(
    scene: &Scene<'_>,
    sign: &'static str,
    input: &LineInput,
    aside: &Phrase<'_>,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let line = row(area, area.height.saturating_sub(1));
    clear(buf, line);
    scene.pen(buf, line).gap(1).put(sign, scene.theme.key);
    let taken = if aside.width() * 2 < area.width { aside.width() + 1 } else { 0 };
    let field = Rect { x: line.x + 2, width: line.width.saturating_sub(2 + taken), ..line };
    let cursor = editor::line(scene, input, scene.theme.input, field, buf);
    if taken > 0 {
        scene.pen(buf, line).gap(2).at_end(aside);
    } else if sign == ":" && !aside.is_empty() {
        let above = row(area, area.height.saturating_sub(2));
        clear(buf, above);
        scene.pen(buf, above).gap(1).phrase(aside);
    }
    cursor
}

fn completions(scene: &Scene<'_>, line: &CommandLine, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let room = area.height.saturating_sub(5);
    let rows = u16::try_from(line.completions.len()).unwrap_or(u16::MAX).min(COMPLETIONS).min(room);
    if rows == 0 {
        return;
    }
    let widest = |column: fn(&(String, String)) -> &str| {
        let widths = line.completions.iter().map(|pair| Ink::made_safe(column(pair)).width());
        widths.max().unwrap_or(0)
    };
    let (texts, meanings) = (widest(|pair| &pair.0).min(30), widest(|pair| &pair.1));
    let outer = Rect {
        x: area.x,
        y: area.bottom().saturating_sub(2 + rows + 1),
        width: (texts + meanings + 6).clamp(20, area.width),
        height: rows + 2,
    };
    let outer = Rect { y: outer.y.saturating_sub(1), ..outer };
    clear(buf, outer);
    frame(buf, outer, scene.glyphs, theme.focus);
    let first = top(line.chosen.unwrap_or(0), rows);
    let shown = line.completions.iter().enumerate().skip(first).take(rows.into());
    for (down, (index, (text, meaning))) in (1..).zip(shown) {
        let chosen = line.chosen == Some(index);
        let place = inset(row(outer, down), 1);
        let mut pen = scene.pen(buf, place);
        scene.pointer(&mut pen, chosen);
        pen.cell(texts, Side::Left, Ink::made_safe(text), theme.text).gap(2);
        pen.put(Ink::made_safe(meaning), theme.quiet);
        if chosen {
            buf.set_style(place, theme.selected);
        }
    }
}

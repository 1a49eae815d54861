//! Which of two changes is to be.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{open, outbox::value};
use crate::{
    app::overlay::{ConflictView, Pick},
    ui::{
        canvas::{Phrase, Side, row},
        editor,
        figures::ago,
        scene::Scene,
        text::Ink,
    },
};

/// Columns of a field's name.
const LABEL: u16 = 13;

/// Draws the question over the pane.
pub fn draw(scene: &Scene<'_>, view: &ConflictView, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Conflict", theme.bad).put(": ", theme.text).put(&view.item.record.name, theme.title);
    let fields = u16::try_from(view.clashes.len()).unwrap_or(3);
    let popup = open(scene, &title, 92, fields + 9, area, buf);
    let inner = popup.inner;

    let theirs = &view.theirs;
    let mut pen = scene.pen(buf, row(inner, 0));
    if theirs.by.as_str().is_empty() {
        pen.put("Someone else", theme.title);
    } else {
        pen.put(&theirs.by, theme.title);
    }
    pen.put(" changed the same ", theme.text);
    pen.put(if fields == 1 { "field" } else { "fields" }, theme.text).put(" on the server", theme.text);
    if let Some(at) = theirs.at {
        pen.put(", ", theme.text).put(ago(at, scene.model.now), theme.text).put(" ago", theme.text);
    }
    pen.put(".", theme.text);

    let column = inner.width.saturating_sub(LABEL + 1) / 3;
    let mut head = scene.pen(buf, popup.line(2));
    head.gap(1 + LABEL);
    for word in ["you saw", "yours", "theirs"] {
        head.gap(1).cell(column.saturating_sub(2), Side::Left, word, theme.quiet).gap(1);
    }
    for (down, (index, field)) in (3..).zip(view.clashes.iter().enumerate()) {
        let line = popup.line(down);
        let selected = index == view.field;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.cell(LABEL, Side::Left, field.label(), theme.title);
        let pick = view.picks.get(index).and_then(Option::as_ref);
        let mut cell = |text: Ink<'_>, chosen: bool| {
            let style = if chosen { theme.good } else { theme.text };
            let columns = pen.room().min(column);
            let mark = if chosen { "*" } else { " " };
            pen.put(mark, style).cell(columns.saturating_sub(2), Side::Left, text, style).gap(1);
        };
        cell(value(scene, &view.item, &view.before, *field), false);
        cell(value(scene, &view.item, &view.mine, *field), pick == Some(&Pick::Mine));
        cell(value(scene, &view.item, &theirs.values, *field), pick == Some(&Pick::Theirs));
        if selected {
            buf.set_style(line, theme.selected);
        }
    }

    let below = 4 + fields;
    let cursor = match &view.typed {
        Some(input) => {
            let label = view.clashes.get(view.field).map_or("", |field| field.label());
            let line = row(inner, below);
            let mut pen = scene.pen(buf, line);
            pen.cell(LABEL, Side::Left, label, theme.title);
            let at = pen.at();
            let place = Rect { x: at, width: line.right().saturating_sub(at), ..line };
            editor::line(scene, input, theme.input, place, buf)
        }
        None => {
            let mut pen = scene.pen(buf, row(inner, below));
            for (key, word) in [("m", "keeps yours"), ("t", "takes theirs"), ("e", "writes another value")] {
                pen.put(key, theme.key).gap(1).put(word, theme.text).gap(3);
            }
            None
        }
    };
    match &view.error {
        Some(error) => {
            let mut pen = scene.pen(buf, row(inner, below + 1));
            pen.put("! ", theme.bad).put(Ink::made_safe(error), theme.bad);
        }
        None => {
            scene
                .pen(buf, row(inner, below + 1))
                .put("Nothing is sent until you decide; what else you changed goes along.", theme.quiet);
        }
    }
    cursor
}

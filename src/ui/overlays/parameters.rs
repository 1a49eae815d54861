//! Values for the parameters of a statement.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{open, top};
use crate::{
    app::overlay::ParameterForm,
    ui::{
        canvas::{Phrase, Side, row},
        editor,
        scene::Scene,
        text::Ink,
    },
};

/// Draws one line a parameter.
pub fn draw(scene: &Scene<'_>, form: &ParameterForm, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Values of the query", theme.title);
    let rows = u16::try_from(form.fields.len()).unwrap_or(u16::MAX).min(12);
    let popup = open(scene, &title, 64, rows + 2, area, buf);
    let names = form.fields.iter().map(|(name, ..)| Ink::made_safe(name).width()).max().unwrap_or(0).min(20);
    let height = popup.inner.height;
    let mut cursor = None;
    let shown = form.fields.iter().enumerate().skip(top(form.cursor, height)).take(height.into());
    for (down, (index, (name, value, words))) in (0..).zip(shown) {
        let line = popup.line(down);
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, index == form.cursor);
        pen.put(":", theme.quiet).cell(names, Side::Left, Ink::made_safe(name), theme.marked).gap(2);
        let x = pen.at();
        let field = Rect { x, width: line.right().saturating_sub(x), ..row(line, 0) };
        let at = editor::line(scene, value, theme.input, field, buf);
        let typed = Ink::made_safe(&value.text).width();
        let rest = Rect { x: (x + typed + 2).min(line.right()), ..field };
        let rest = Rect { width: line.right().saturating_sub(rest.x), ..rest };
        scene.pen(buf, rest).put(Ink::made_safe(words), theme.quiet);
        if index == form.cursor {
            cursor = at;
        }
    }
    let mut foot = Phrase::new();
    foot.put("Enter", theme.key)
        .put(" run   ", theme.quiet)
        .put("Tab", theme.key)
        .put(" next   ", theme.quiet);
    foot.put(";", theme.key).put(" between values of a list", theme.quiet);
    popup.foot(scene, &foot, buf);
    cursor
}

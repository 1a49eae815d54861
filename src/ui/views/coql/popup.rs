//! Completions below the word that is typed.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use crate::{
    app::pane::{CoqlPane, Popup},
    coql::CompletionKind,
    ui::{
        canvas::{Side, clear, frame, inset, row},
        scene::Scene,
        text::Ink,
    },
};

/// Columns of what a completion is.
const KIND: u16 = 9;

/// Widest completion and widest word about it.
const WIDEST: (u16, u16) = (34, 30);

/// Draws the list beside the cursor, below it where there is room.
pub fn draw(scene: &Scene<'_>, pane: &CoqlPane, cursor: Position, area: Rect, buf: &mut Buffer) {
    let Some(popup) = &pane.popup else { return };
    let theme = scene.theme;
    let typed = pane.reading.text.get(popup.start..pane.editor.cursor()).unwrap_or_default();
    let widest = |text: fn(&crate::coql::Completion) -> &str, most: u16| {
        popup.items.iter().map(|item| Ink::made_safe(text(item)).width()).max().unwrap_or(0).min(most)
    };
    let texts = widest(|item| &item.text, WIDEST.0);
    let details = widest(|item| &item.detail, WIDEST.1);
    let (below, above) = (area.bottom().saturating_sub(cursor.y + 1), cursor.y.saturating_sub(area.y));
    let rows = u16::try_from(popup.items.len()).unwrap_or(u16::MAX).min(Popup::ROWS);
    let down = below >= rows + 2 || below >= above;
    let height = (rows + 2).min(if down { below } else { above });
    if height < 3 {
        return;
    }
    let width = (texts + KIND + details + 7).min(area.width);
    let left = cursor.x.saturating_sub(Ink::made_safe(typed).width() + 2);
    let outer = Rect {
        x: left.clamp(area.x, area.right().saturating_sub(width)),
        y: if down { cursor.y + 1 } else { cursor.y - height },
        width,
        height,
    };
    clear(buf, outer);
    frame(buf, outer, scene.glyphs, theme.focus);
    let rows = height - 2;
    let top = (popup.cursor + 1).saturating_sub(usize::from(rows));
    let shown = popup.items.iter().enumerate().skip(top).take(rows.into());
    for (down, (index, item)) in (1..).zip(shown) {
        let chosen = index == popup.cursor;
        let line = inset(row(outer, down), 1);
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, chosen);
        pen.cell(texts, Side::Left, Ink::made_safe(&item.text), theme.text).gap(2);
        pen.cell(KIND, Side::Left, word(item.kind), theme.quiet).gap(1);
        pen.put(Ink::made_safe(&item.detail), theme.quiet);
        if chosen {
            buf.set_style(line, theme.selected);
        }
    }
}

const fn word(kind: CompletionKind) -> &'static str {
    match kind {
        CompletionKind::Keyword => "keyword",
        CompletionKind::Module => "module",
        CompletionKind::Field => "field",
        CompletionKind::Lookup => "lookup",
        CompletionKind::Function => "function",
        CompletionKind::Operator => "operator",
        CompletionKind::Value => "value",
        CompletionKind::Parameter => "parameter",
    }
}

//! Queries that were run or saved.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{Popup, open, top};
use crate::{
    app::{
        Load,
        overlay::{LineInput, RunsView, SaveQuery, SavedView},
    },
    ui::{
        canvas::{Phrase, Side, divider, row},
        editor,
        figures::{ago, count, plural},
        scene::Scene,
        text::Ink,
    },
};

/// Rows above the queries: the letters and a line.
const HEAD: u16 = 2;

/// Draws the queries that were run.
pub fn draw_history(scene: &Scene<'_>, view: &RunsView, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("History of queries", theme.title);
    let (popup, cursor) = opened(scene, &title, &view.input, area, buf);
    let height = popup.inner.height.saturating_sub(HEAD);
    let shown = view.rows.iter().enumerate().skip(top(view.cursor, height)).take(height.into());
    for (down, (index, query)) in (HEAD..).zip(shown) {
        let line = popup.line(down);
        let selected = index == view.cursor;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.cell(8, Side::Right, ago(query.at, scene.model.now), theme.quiet).gap(2);
        if pen.room() > 60 {
            pen.cell(8, Side::Right, count(query.rows), theme.text).put(" rows  ", theme.quiet);
            let price =
                if query.mirror { "mirror".into() } else { plural(query.credits, "credit", "credits") };
            pen.cell(10, Side::Left, price, theme.quiet).gap(1);
        }
        pen.put(Ink::made_safe(&flat(&query.text)), theme.text);
        if selected {
            buf.set_style(line, theme.selected);
        }
    }
    let words = match view.load {
        Load::Asked => "looking",
        _ if view.input.text.trim().is_empty() => "no query was run yet",
        _ => "no query that was run holds these words",
    };
    nothing(scene, view.rows.is_empty(), words, &popup, buf);
    let mut foot = Phrase::new();
    foot.put("newest first   each word must be in the query", theme.quiet);
    popup.foot(scene, &foot, buf);
    cursor
}

/// Draws the saved queries.
pub fn draw_saved(scene: &Scene<'_>, view: &SavedView, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Saved queries", theme.title);
    let (popup, cursor) = opened(scene, &title, &view.input, area, buf);
    let matching = view.matches();
    let height = popup.inner.height.saturating_sub(HEAD);
    let shown = matching.iter().enumerate().skip(top(view.cursor, height)).take(height.into());
    for (down, (index, query)) in (HEAD..).zip(shown) {
        let line = popup.line(down);
        let selected = index == view.cursor;
        let mut pen = scene.pen(buf, line);
        scene.pointer(&mut pen, selected);
        pen.put(if query.own { "* " } else { "  " }, theme.marked);
        let name = (pen.room() / 4).clamp(10, 24);
        pen.cell(name, Side::Left, Ink::made_safe(&query.name), theme.title).gap(2);
        pen.put(Ink::made_safe(&query.title), theme.text);
        if selected {
            buf.set_style(line, theme.selected);
        }
    }
    let words = if view.load == Load::Asked { "looking" } else { "nothing has these letters" };
    nothing(scene, matching.is_empty(), words, &popup, buf);
    let mut foot = Phrase::new();
    foot.put("* yours   F9 in the console saves one", theme.quiet);
    popup.foot(scene, &foot, buf);
    cursor
}

/// Draws the line for a name.
pub fn draw_name(scene: &Scene<'_>, dialog: &SaveQuery, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Save the query as", theme.title);
    let popup = open(scene, &title, 56, 4, area, buf);
    let cursor = editor::line(scene, &dialog.name, theme.input, row(popup.inner, 0), buf);
    let mut pen = scene.pen(buf, row(popup.inner, 1));
    if dialog.exists {
        pen.put("! there is one of this name: Enter once more replaces it", theme.warn);
    } else {
        pen.put("letters, digits, - and _; its first comment describes it", theme.quiet);
    }
    cursor
}

fn opened(
    scene: &Scene<'_>,
    title: &Phrase<'_>,
    input: &LineInput,
    area: Rect,
    buf: &mut Buffer,
) -> (Popup, Option<Position>) {
    let popup = open(scene, title, 110, 20, area, buf);
    let line = row(popup.inner, 0);
    scene.pen(buf, line).put("/", scene.theme.key);
    if popup.outer.height > HEAD + 1 {
        divider(buf, row(popup.outer, HEAD), scene.glyphs, scene.theme.focus);
    }
    let field = Rect { x: line.x + 1, width: line.width.saturating_sub(1), ..line };
    let cursor = editor::line(scene, input, scene.theme.input, field, buf);
    (popup, cursor)
}

fn nothing(scene: &Scene<'_>, empty: bool, words: &'static str, popup: &Popup, buf: &mut Buffer) {
    if empty {
        scene.pen(buf, row(popup.inner, HEAD)).put(words, scene.theme.quiet);
    }
}

/// A text of several lines as one, without the comments at its beginning.
fn flat(text: &str) -> String {
    let lines = text.lines().map(str::trim).skip_while(|line| line.starts_with("--") || line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

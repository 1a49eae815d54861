//! Writing the answer to a file.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use strum::IntoEnumIterator as _;

use super::open;
use crate::{
    app::overlay::ExportDialog,
    protocol::ExportFormat,
    ui::{
        canvas::{Phrase, Side, row},
        editor,
        figures::{count, plural},
        scene::Scene,
    },
};

/// Columns of the labels.
const LABEL: u16 = 8;

/// Draws the dialog over the pane.
pub fn draw(scene: &Scene<'_>, dialog: &ExportDialog, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (theme, pane) = (scene.theme, &scene.model.panes.coql);
    let rows = pane.results.leaving();
    let names = if pane.results.marks.is_empty() { ("row", "rows") } else { ("marked row", "marked rows") };
    let mut title = Phrase::new();
    title.put("Export ", theme.title).put(plural(rows, names.0, names.1), theme.title);
    let popup = open(scene, &title, 72, 12, area, buf);
    for (down, format) in (0..).zip(ExportFormat::iter()) {
        let chosen = format == dialog.format;
        let (mark, style) = if chosen { ("(o) ", theme.title) } else { ("( ) ", theme.text) };
        let mut pen = scene.pen(buf, popup.line(down));
        scene.pointer(&mut pen, chosen);
        pen.put(mark, theme.key).cell(10, Side::Left, format.title(), style).put(about(format), theme.quiet);
    }
    let place = popup.line(7);
    scene.pen(buf, place).gap(1).cell(LABEL, Side::Left, "File", theme.quiet);
    let field = Rect { x: place.x + 1 + LABEL, width: place.width.saturating_sub(2 + LABEL), ..place };
    let cursor = editor::line(scene, &dialog.path, theme.input, field, buf);
    let mut pen = scene.pen(buf, row(popup.inner, 8));
    match &pane.writing {
        Some(writing) => {
            pen.put("writing ", theme.warn).put(count(writing.done), theme.text).put(" of ", theme.quiet);
            pen.put(count(writing.total), theme.text)
                .put(" rows; ^C gives it up, Esc goes on behind", theme.quiet);
        }
        None if dialog.exists => {
            pen.put("! there is such a file: Enter once more replaces it", theme.warn);
        }
        None => {
            pen.put("the arrows choose the format; ~ is your home folder", theme.quiet);
        }
    }
    let mut foot = Phrase::new();
    foot.put("costs no credits", theme.quiet);
    popup.foot(scene, &foot, buf);
    cursor
}

const fn about(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "for spreadsheets; formulas are defused",
        ExportFormat::Tsv => "for spreadsheets and shells",
        ExportFormat::Ndjson => "one object a line",
        ExportFormat::Json => "one list of objects",
        ExportFormat::Markdown => "a table to read",
        ExportFormat::Sqlite => "a database with one table, result",
    }
}

//! The COQL console: the text, how its run went, and the rows.

mod popup;
mod prospect;
mod results;
mod text;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::listing::{label, say};
use crate::{
    app::{
        actions::Action,
        geometry,
        pane::{CoqlFocus, CoqlPane},
    },
    coql::position,
    protocol::{Failure, QuerySource},
    ui::{
        canvas::{Phrase, divider, frame, inset, row},
        editor,
        figures::{count, plural},
        scene::Scene,
        text::{Ink, wrapped},
    },
};

/// Draws the console and says where the editor's cursor is.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let (theme, glyphs, pane) = (scene.theme, scene.glyphs, &scene.model.panes.coql);
    let (editor_rows, result_rows) = geometry::coql_rows(scene.size);
    frame(buf, area, glyphs, theme.border);
    let mut title = Phrase::new();
    if pane.focus == CoqlFocus::Editor {
        title.put(">", theme.pointer);
    }
    title.put("COQL", theme.title).put("   ", theme.text).append(prospect::terms(scene, pane));
    label(scene, &title, inset(row(area, 0), 2), buf);
    let text = Rect { y: area.y + 1, height: editor_rows, ..inset(area, 1) }.intersection(area);
    let cursor = editor::draw(scene, &pane.editor.area, true, &text::paint(scene, pane), text, buf);

    let plan = Rect { y: area.y + editor_rows + 1, height: geometry::coql_plan_rows(scene.size), ..area };
    prospect::draw(scene, pane, plan.intersection(area), buf);
    let middle = row(area, editor_rows + plan.height + 1);
    divider(buf, middle, glyphs, theme.border);
    label(scene, &outcome(scene, pane), inset(middle, 2), buf);
    let result = Rect { y: middle.y + 1, height: result_rows + 2, ..area }.intersection(area);
    match (&pane.run.failure, &pane.results.answer) {
        (Some(failure), _) => failed(scene, failure, result, buf),
        (None, Some(answer)) => {
            results::draw(scene, pane, answer, result, buf);
            let bottom = inset(row(area, area.height.saturating_sub(1)), 2);
            results::foot(scene, pane, answer, bottom, buf);
        }
        (None, None) if pane.run.is_running() => say(scene, "asking; Esc stops it", result, buf),
        (None, None) => hint(scene, result, buf),
    }
    let cursor = cursor.filter(|_| pane.focus == CoqlFocus::Editor);
    if let Some(cursor) = cursor {
        popup::draw(scene, pane, cursor, area, buf);
    }
    cursor
}

fn outcome<'a>(scene: &Scene<'a>, pane: &'a CoqlPane) -> Phrase<'a> {
    let theme = scene.theme;
    let mut words = Phrase::new();
    if pane.focus == CoqlFocus::Result {
        words.put(">", theme.pointer);
    }
    match (&pane.run.failure, &pane.results.answer) {
        _ if pane.run.is_running() => {
            words.put("running", theme.warn);
            if let Some(progress) = pane.run.progress {
                words.put(", ", theme.quiet).put(count(progress.rows), theme.text);
                if let Some(expected) = progress.expected {
                    words.put(" of ", theme.quiet).put(count(expected), theme.text);
                }
                words.put(" rows, ", theme.quiet);
                words.put(plural(progress.credits, "credit", "credits"), theme.text);
            }
            words.put("   Esc stops it", theme.quiet)
        }
        (Some(failure), _) => {
            words.put("! not run", theme.bad);
            let text = pane.editor.text();
            match pane.run.fault(&text).filter(|_| failure.spot.is_some()) {
                Some(span) => {
                    let (line, column) = position(&text, span.start);
                    words.put(Ink::figure(format!(", line {line}, column {column}")), theme.bad)
                }
                None => &mut words,
            }
        }
        (None, Some(answer)) => {
            match answer.source {
                QuerySource::Server => words.put("Result from the server", theme.text),
                QuerySource::Mirror(age) => {
                    words.put("Result from the mirror, ", theme.text);
                    words.put(count(age), theme.text).put(" s old", theme.text)
                }
            };
            if let Some(ran) = pane.run.ran.as_ref().filter(|_| !pane.results.earlier.is_empty()) {
                let text = ran.text.split_whitespace().collect::<Vec<_>>().join(" ");
                words.put("   Esc goes back   ", theme.quiet).put(Ink::made_safe(&text), theme.heading);
            }
            &mut words
        }
        (None, None) => words.put("Result", theme.text),
    };
    words
}

fn failed(scene: &Scene<'_>, failure: &Failure, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let inner = inset(area, 3);
    let what = wrapped(&failure.what, inner.width).map(|line| (line, theme.bad));
    let way_on = wrapped(&failure.way_on, inner.width).map(|line| (line, theme.text));
    let mut down = 1;
    for (line, style) in what.chain(way_on).take(inner.height.saturating_sub(1).into()) {
        scene.pen(buf, row(inner, down)).put(&line, style);
        down += 1;
    }
    let pane = &scene.model.panes.coql;
    if let Some(fix) = pane.run.fix(&pane.reading.text).filter(|_| down < inner.height) {
        let mut pen = scene.pen(buf, row(inner, down));
        pen.put(prospect::key(Action::FixCoql), theme.key).gap(1).put(Ink::made_safe(&fix.title), theme.text);
    }
}

fn hint(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let lines = [
        "select Stage, count(*) n, sum(Amount) from Deals",
        "where Closing_Date between $today and $eom group by Stage order by n desc",
    ];
    let inner = inset(area, 3);
    scene.pen(buf, row(inner, 1)).put(
        "Bigin's COQL, and more: any number of conditions, groups, sums, no limit of rows.",
        theme.quiet,
    );
    for (down, line) in (3..).zip(lines) {
        scene.pen(buf, row(inner, down)).gap(2).put(line, theme.text);
    }
}

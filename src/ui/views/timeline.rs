//! Notes and activities of a record, newest first.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    listing::{label, say},
    record::part,
};
use crate::{
    app::pane::{RecordFocus, RecordPane},
    domain::{ActivityKind, Detail, Entry, EntryKind},
    ui::{
        canvas::{Phrase, Side, inset, row},
        figures::{count, day, moment},
        scene::Scene,
        text::{Ink, wrapped},
    },
};

/// Lines of an entry's text that are shown; the one under the cursor unfolds to as many as there is room for.
const TEXT_LINES: usize = 6;

/// Columns that the text stands in from the left.
const INDENT: u16 = 15;

/// Draws the timeline so that the entry under the cursor is seen.
pub fn draw(scene: &Scene<'_>, pane: &RecordPane, detail: &Detail, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let focused = pane.focus == RecordFocus::Timeline;
    part(scene, "Timeline", Some(detail.timeline_total), focused, area, buf);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..inset(area, 1) };
    if detail.timeline.is_empty() {
        say(scene, "nothing happened yet; n writes a note", body, buf);
    }
    let columns = body.width.saturating_sub(INDENT + 1);
    let entry = pane.entry.min(detail.timeline.len().saturating_sub(1));
    let mut y = body.y;
    let most = |index: usize| {
        if focused && index == entry {
            usize::from(body.height.saturating_sub(1)).max(TEXT_LINES)
        } else {
            TEXT_LINES
        }
    };
    let height = |index: usize| {
        let entry = detail.timeline.get(index);
        entry.map_or(0, |entry| 1 + text(entry, columns, most(index)).0.len())
    };
    let from = start(height, pane.entry_top, entry, body.height);
    for (index, entry_here) in detail.timeline.iter().enumerate().skip(from) {
        if y >= body.bottom() {
            break;
        }
        let place = Rect { y, height: body.bottom() - y, ..body };
        let text = text(entry_here, columns, most(index));
        y += draw_entry(scene, entry_here, &text, index == entry, focused, place, buf) + 1;
    }
    let loaded = detail.timeline.len() as u64;
    if loaded < detail.timeline_total {
        let mut words = Phrase::new();
        words.put(count(loaded), theme.text).put(" of ", theme.quiet);
        words.put(count(detail.timeline_total), theme.text).put(" shown", theme.quiet);
        label(scene, &words, inset(row(area, area.height.saturating_sub(1)), 2), buf);
    }
}

/// The first entry to draw: `top`, or as much further down as `entry` needs.
fn start(height: impl Fn(usize) -> usize, top: usize, entry: usize, rows: u16) -> usize {
    let (mut start, mut used) = (entry, height(entry));
    while start > top.min(entry) {
        let more = used + 1 + height(start - 1);
        if more > usize::from(rows) {
            break;
        }
        (start, used) = (start - 1, more);
    }
    start
}

/// The lines of an entry's text that are shown, and whether there are more.
fn text(entry: &Entry, columns: u16, most: usize) -> (Vec<Ink<'_>>, bool) {
    let mut lines = entry.lines.iter().flat_map(|line| wrapped(line, columns));
    let shown: Vec<_> = lines.by_ref().take(most).collect();
    (shown, lines.next().is_some())
}

fn draw_entry(
    scene: &Scene<'_>,
    entry: &Entry,
    (lines, more): &(Vec<Ink<'_>>, bool),
    selected: bool,
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) -> u16 {
    let theme = scene.theme;
    let head = row(area, 0);
    let mut pen = scene.pen(buf, head);
    scene.pointer(&mut pen, selected);
    pen.cell(12, Side::Right, when(scene, entry), theme.quiet).gap(2);
    let (kind, state, style) = kind(scene, entry);
    pen.put(kind, theme.heading);
    if !state.is_empty() {
        pen.gap(1).put(state, style);
    }
    if !entry.title.as_str().is_empty() {
        pen.gap(2).put(&entry.title, theme.text);
    }
    if let Some(on) = &entry.on {
        pen.put("  on ", theme.quiet).put(&on.name, theme.link);
    }
    if entry.pending {
        pen.gap(2).put(scene.glyphs.ascending, theme.pending).put(" being sent", theme.pending);
    }
    let mut by = Phrase::new();
    by.put(&entry.by, theme.quiet).put(" ", theme.text);
    pen.at_end(&by);
    if selected {
        buf.set_style(head, if focused { theme.selected } else { theme.selected_idle });
    }
    let last = lines.len();
    for (down, line) in (1..).zip(lines) {
        let mut pen = scene.pen(buf, row(area, down));
        pen.put(if selected { scene.glyphs.side } else { " " }, theme.pointer).gap(INDENT - 1);
        pen.put(line, theme.text);
        if *more && usize::from(down) == last {
            pen.gap(1).put(scene.glyphs.ellipsis, theme.quiet);
        }
    }
    u16::try_from(last).unwrap_or(0) + 1
}

/// When an entry was or will be. A task is due on a day and has no time of it.
fn when(scene: &Scene<'_>, entry: &Entry) -> Ink<'static> {
    if matches!(entry.kind, EntryKind::Activity { kind: ActivityKind::Task, .. }) {
        day(entry.at.to_zoned_datetime(scene.model.zone.clone()).date(), scene.today)
    } else {
        moment(entry.at, &scene.model.zone, scene.today)
    }
}

/// What an entry is, and how an activity stands.
fn kind(scene: &Scene<'_>, entry: &Entry) -> (&'static str, &'static str, Style) {
    let theme = scene.theme;
    let EntryKind::Activity { kind, done } = entry.kind else { return ("NOTE", "", theme.text) };
    let name = match kind {
        ActivityKind::Task => "TASK",
        ActivityKind::Event => "MEET",
        ActivityKind::Call => "CALL",
    };
    let due = entry.at.to_zoned_datetime(scene.model.zone.clone()).date();
    match () {
        () if done => (name, "done", theme.quiet),
        () if due < scene.today => (name, "!late", theme.bad),
        () if due == scene.today => (name, ">today", theme.good),
        () => (name, "planned", theme.text),
    }
}

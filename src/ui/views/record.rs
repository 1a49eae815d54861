//! One record in full: its fields and the records around it, and its timeline.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    contacts::touched,
    listing::{label, say, waiting},
    timeline,
};
use crate::{
    app::{
        geometry,
        pane::{RecordFocus, RecordPane},
    },
    domain::{Detail, FieldText, Head, Module, RelatedRow},
    ui::{
        canvas::{Phrase, Side, divider, dot, frame, inset, row},
        figures::{ago, count, plural, slip_in_full},
        scene::Scene,
        text::{Ink, width, wrapped},
    },
};

/// Lines of a value that are shown; a note shows as many as there is room for.
const VALUE_LINES: usize = 4;

/// From this many rows on the facts begin with the record's name and figures.
const HEADED: u16 = 12;

/// A line of the facts.
struct Line<'a> {
    /// The fact it belongs to; none for headings.
    fact: Option<usize>,
    words: Phrase<'a>,
}

/// Draws the record, or what it waits for.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (facts, timeline_rows) = geometry::record_rows(scene.size);
    let (theme, glyphs) = (scene.theme, scene.glyphs);
    frame(buf, area, glyphs, theme.border);
    let Some(pane) = scene.model.record() else {
        say(scene, waiting(scene), inset(area, 1), buf);
        return;
    };
    let Some(detail) = &pane.detail else {
        let words =
            if pane.gone { "this record was deleted in Bigin; - goes back".into() } else { waiting(scene) };
        say(scene, words, inset(area, 1), buf);
        return;
    };
    let (left, right) = if geometry::is_wide(scene.size) {
        let width = (area.width * 2 / 5).clamp(44, 60);
        let split = area.x + width;
        for down in 0..area.height {
            let glyph = match down {
                0 => glyphs.tee_down,
                down if down == area.height - 1 => glyphs.tee_up,
                _ => glyphs.down,
            };
            dot(buf, split, area.y + down, glyph, theme.border);
        }
        let left = Rect { width: width + 1, height: facts + 2, ..area };
        (left, Rect { x: split, width: area.width.saturating_sub(width), height: timeline_rows + 2, ..area })
    } else {
        let below = Rect { y: area.y + facts + 1, height: timeline_rows + 2, ..area }.intersection(area);
        divider(buf, row(below, 0), glyphs, theme.border);
        (Rect { height: facts + 2, ..area }, below)
    };
    draw_facts(scene, pane, detail, left.intersection(area), buf);
    timeline::draw(scene, pane, detail, right.intersection(area), buf);
}

/// Names a part in its upper border and says whether it has the keys.
pub fn part(
    scene: &Scene<'_>,
    name: &'static str,
    number: Option<u64>,
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    if focused {
        title.put(">", theme.pointer);
    }
    title.put(name, if focused { theme.title } else { theme.text });
    if let Some(number) = number {
        title.put(" ", theme.text).put(count(number), theme.quiet);
    }
    label(scene, &title, inset(row(area, 0), 2), buf);
}

fn draw_facts(scene: &Scene<'_>, pane: &RecordPane, detail: &Detail, area: Rect, buf: &mut Buffer) {
    let focused = pane.focus == RecordFocus::Facts;
    part(scene, singular(detail.link.module), None, focused, area, buf);
    if let Some(at) = detail.pulled_at {
        let mut words = Phrase::new();
        words.put(" as of ", scene.theme.quiet).put(ago(at, scene.model.now), scene.theme.quiet);
        words.put(" ", scene.theme.text);
        scene.pen(buf, inset(row(area, 0), 2)).gap(14).at_end(&words);
    }
    let inner = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..inset(area, 1) };
    let mut body = inner;
    if inner.height >= HEADED {
        let head = head(scene, detail);
        for (down, line) in (0..).zip(&head) {
            scene.pen(buf, row(inner, down)).gap(2).phrase(line);
        }
        let mut pen = scene.pen(buf, row(inner, 0));
        pen.gap(2 + head[0].width()).at_end(&last_touch(scene, detail));
        let rows = u16::try_from(head.len()).unwrap_or(0) + 1;
        body = Rect { y: inner.y + rows, height: inner.height - rows, ..inner };
    }
    let lines = lines(scene, detail, body);
    let first = |fact: usize| lines.iter().position(|line| line.fact == Some(fact)).unwrap_or(0);
    let last = lines.iter().rposition(|line| line.fact == Some(pane.fact)).unwrap_or(0);
    let height = usize::from(body.height.max(1));
    let top = if pane.fact_top == 0 { 0 } else { first(pane.fact_top) };
    let top = top.max((last + 1).saturating_sub(height)).min(first(pane.fact));
    for (down, line) in (0..body.height).zip(&lines[top..]) {
        let place = row(body, down);
        let selected = line.fact == Some(pane.fact);
        let starts = first(pane.fact) == top + usize::from(down);
        let mut pen = scene.pen(buf, place);
        scene.pointer(&mut pen, selected && starts);
        pen.gap(1).phrase(&line.words);
        if selected {
            buf.set_style(place, if focused { scene.theme.selected } else { scene.theme.selected_idle });
        }
    }
}

fn head<'a>(scene: &Scene<'a>, detail: &'a Detail) -> Vec<Phrase<'a>> {
    let theme = scene.theme;
    let (mut name, mut about) = (Phrase::new(), Phrase::new());
    name.put(&detail.link.name, theme.title);
    match &detail.head {
        Head::Deal(deal) => {
            let median = scene.median(&deal.stage);
            about.put(scene.amount(deal, 14), theme.money).put("   ", theme.text);
            let (stage, style) = scene.stage(deal);
            about.put(stage, style).put(" ", theme.text);
            let (age, pace) = scene.age(deal, median);
            about.put(age, pace).put("   ", theme.text);
            let (next, due) = scene.next_step(deal, 12);
            about.put(next, due);
            if let Some(slips) = deal.slips {
                about.put("   ", theme.text).put(slip_in_full(slips), theme.warn);
            }
            if deal.pending {
                name.put("  ", theme.text).put(scene.glyphs.ascending, theme.pending);
                name.put(" being sent", theme.pending);
            }
        }
        Head::Contact(contact) => {
            about.put(&contact.title, theme.text);
            if let Some(company) = &contact.company {
                about.put(if contact.title.as_str().is_empty() { "" } else { ", " }, theme.text);
                about.put(&company.name, theme.text);
            }
        }
        Head::Company(company) => {
            about.put(plural(company.people.into(), "person", "people"), theme.text);
            about.put("   ", theme.text);
            about.put(plural(company.open_deals.into(), "open deal", "open deals"), theme.text);
            if company.open_deals > 0 {
                about.put("  ", theme.text).put(scene.money(company.open_sum), theme.money);
            }
        }
        Head::Other => return vec![name],
    }
    vec![name, about]
}

/// When anything happened last with a person or a company.
fn last_touch(scene: &Scene<'_>, detail: &Detail) -> Phrase<'static> {
    let at = match &detail.head {
        Head::Contact(contact) => contact.touched,
        Head::Company(company) => company.touched,
        Head::Deal(_) | Head::Other => return Phrase::new(),
    };
    let mut words = Phrase::new();
    words.put("last touch ", scene.theme.quiet).put(touched(scene, at), scene.theme.text);
    words.put(" ", scene.theme.text);
    words
}

fn lines<'a>(scene: &Scene<'a>, detail: &'a Detail, area: Rect) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let columns = area.width.saturating_sub(3);
    let widest = detail.fields.iter().map(|field| width(field.label.as_str())).max().unwrap_or(0);
    let labels = widest.clamp(8, 20).min(columns / 2);
    let most =
        if detail.link.module == Module::Notes { usize::from(area.height.max(1)) } else { VALUE_LINES };
    let mut lines = Vec::with_capacity(detail.fields.len() + 16);
    for (fact, field) in detail.fields.iter().enumerate() {
        push_field(scene, field, fact, labels, columns, most, &mut lines);
    }
    let mut fact = detail.fields.len();
    for group in &detail.related {
        lines.push(Line { fact: None, words: Phrase::new() });
        let mut words = Phrase::new();
        words.put(group.title, theme.heading).put(" ", theme.text).put(count(group.total), theme.quiet);
        lines.push(Line { fact: None, words });
        for related in &group.rows {
            lines.push(Line { fact: Some(fact), words: related_words(scene, related, columns) });
            fact += 1;
        }
        if group.total > group.rows.len() as u64 {
            let mut words = Phrase::new();
            let shown = group.rows.len() as u64;
            words
                .put(count(shown), theme.quiet)
                .put(" of ", theme.quiet)
                .put(count(group.total), theme.quiet);
            lines.push(Line { fact: None, words });
        }
    }
    lines
}

fn push_field<'a>(
    scene: &Scene<'a>,
    field: &'a FieldText,
    fact: usize,
    labels: u16,
    columns: u16,
    most: usize,
    lines: &mut Vec<Line<'a>>,
) {
    let theme = scene.theme;
    let style = if field.link.is_some() { theme.link } else { theme.text };
    let room = columns.saturating_sub(labels + 1);
    let mut values = field.lines.iter().flat_map(|line| wrapped(line, room)).peekable();
    let mut shown = 0;
    while let Some(value) = values.next() {
        let mut words = Phrase::new();
        if shown == 0 {
            words.cell(labels, Side::Left, &field.label, theme.quiet, scene.glyphs);
        } else {
            words.put(Ink::padded("", labels), theme.text);
        }
        words.put(" ", theme.text).put(value, style);
        shown += 1;
        let more = shown == most && values.peek().is_some();
        if more {
            words.put(" ", theme.text).put(scene.glyphs.ellipsis, theme.quiet);
        }
        lines.push(Line { fact: Some(fact), words });
        if more {
            break;
        }
    }
}

fn related_words<'a>(scene: &Scene<'a>, related: &'a RelatedRow, columns: u16) -> Phrase<'a> {
    let theme = scene.theme;
    let mut words = Phrase::new();
    match &related.deal {
        Some(deal) => {
            let name = columns.saturating_sub(9 + 12 + 7).max(8);
            words.cell(name, Side::Left, &deal.name, theme.link, scene.glyphs);
            words.cell(9, Side::Right, scene.amount(deal, 8), theme.money, scene.glyphs).put(" ", theme.text);
            let (stage, style) = scene.stage(deal);
            words.cell(11, Side::Left, stage, style, scene.glyphs);
            let (age, pace) = scene.age(deal, scene.median(&deal.stage));
            words.cell(6, Side::Right, age, pace, scene.glyphs);
        }
        None => {
            let name = columns / 2;
            words.cell(name, Side::Left, &related.link.name, theme.link, scene.glyphs).put(" ", theme.text);
            words.put(&related.note, theme.quiet);
        }
    }
    words
}

const fn singular(module: Module) -> &'static str {
    match module {
        Module::Pipelines => "Deal",
        Module::Contacts => "Contact",
        Module::Accounts => "Company",
        Module::Products => "Product",
        Module::Tasks => "Task",
        Module::Events => "Meeting",
        Module::Calls => "Call",
        Module::Notes => "Note",
    }
}

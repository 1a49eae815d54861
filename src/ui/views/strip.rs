//! The peek strip: what there is to know of the record under the cursor, in a few lines.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    app::Place,
    domain::{CompanyRow, ContactRow, DealRow, Detail, Entry, EntryKind, Link, NoteRow, RecordId},
    ui::{
        canvas::{Pen, Phrase, dot, inside, row, rule, sides},
        figures::{self, Pace, days_between, full_day, moment, plural},
        scene::Scene,
        text::{Ink, wrapped},
    },
};

/// From this height on the strip has walls and a lower border; below it is a few bare lines.
const WALLED: u16 = 4;

/// Columns of the labels at the left.
const LABEL: u16 = 9;

/// Draws the strip below a box and says whether it has walls of its own.
pub fn below(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> bool {
    let walled = area.height >= WALLED;
    let mut lines = lines(scene, walled, area.width.saturating_sub(4));
    if walled {
        let (glyphs, style) = (scene.glyphs, scene.theme.border);
        sides(buf, area, glyphs, style);
        let last = row(area, area.height - 1);
        rule(buf, last, glyphs.across, style);
        dot(buf, last.x, last.y, glyphs.bottom_left, style);
        dot(buf, last.right() - 1, last.y, glyphs.bottom_right, style);
        let inner = inside(Rect { y: area.y.saturating_sub(1), height: area.height + 1, ..area });
        lines.truncate(inner.height.into());
        for (down, line) in (0..).zip(&lines) {
            scene.pen(buf, row(inner, down)).phrase(line);
        }
    } else {
        for (down, line) in (0..area.height).zip(&lines) {
            scene.pen(buf, row(area, down)).gap(1).phrase(line);
        }
    }
    walled
}

fn lines<'a>(scene: &Scene<'a>, full: bool, columns: u16) -> Vec<Phrase<'a>> {
    let panes = &scene.model.panes;
    match &scene.model.trail.here {
        Place::Board => panes.board.card().map(|deal| deal_lines(scene, deal, full)),
        Place::Deals => panes.deals.selected().map(|deal| deal_lines(scene, deal, full)),
        Place::Contacts => panes.contacts.selected().map(|contact| contact_lines(scene, contact)),
        Place::Companies => panes.companies.selected().map(|company| company_lines(scene, company)),
        Place::Notes => panes.notes.selected().map(|note| note_lines(scene, note, columns)),
        _ => None,
    }
    .unwrap_or_default()
}

/// What the worker told of this record, if it is what is peeked at.
fn detail<'a>(scene: &Scene<'a>, id: &RecordId) -> Option<&'a Detail> {
    let pane = scene.model.panes.peek.as_ref().filter(|pane| pane.link.id == *id)?;
    pane.detail.as_deref()
}

fn deal_lines<'a>(scene: &Scene<'a>, deal: &'a DealRow, full: bool) -> Vec<Phrase<'a>> {
    let theme = scene.theme;
    let detail = detail(scene, &deal.id);
    let mut stage = labelled(scene, "stage", full);
    if full {
        in_stage(scene, deal, &mut stage)
    } else {
        briefly(scene, deal, &mut stage)
    };
    let mut next = labelled(scene, "next", full);
    let (words, style) = scene.next_step(deal, 20);
    next.put(words, style);
    if let Some(step) = &deal.next {
        next.put("  ", theme.text).put(&step.subject, theme.text);
    }
    let mut note = labelled(scene, "note", full);
    let noted = detail.and_then(|detail| last_note(&detail.timeline));
    if let Some(entry) = noted {
        quote(scene, entry, &mut note);
    }
    if !full {
        let second = if noted.is_some() { note } else { self::people(scene, deal) };
        return vec![stage, second];
    }
    let mut first = Phrase::new();
    let people = people(scene, deal);
    first.put(&deal.name, theme.title);
    if !people.is_empty() {
        first.put("   ", theme.text).append(people);
    }
    first.put("   owner ", theme.quiet).put(&deal.owner, theme.text);
    if deal.pending {
        first.put("   ", theme.text).put(scene.glyphs.ascending, theme.pending);
        first.put(" on its way to the server", theme.pending);
    }
    let mut lines = vec![first, stage, money(scene, deal), next];
    if noted.is_some() {
        lines.push(note);
    }
    lines
}

fn in_stage<'a>(scene: &Scene<'a>, deal: &DealRow, to: &mut Phrase<'a>) {
    let (theme, median) = (scene.theme, scene.median(&deal.stage));
    let (stage, style) = scene.stage(deal);
    to.put(stage, style);
    let (Some(since), Some((days, pace))) = (deal.since, scene.pace(deal, median)) else { return };
    let came = since.at.to_zoned_datetime(scene.model.zone.clone()).date();
    let words = if since.observed { " since " } else { " since about " };
    to.put(words, theme.quiet).put(figures::day(came, scene.today), theme.text);
    to.put("  ", theme.text).put(figures::age(days, pace, true), scene.pace_style(pace));
    if let Some(median) = median {
        to.put(", median ", theme.quiet).put(figures::days(median), theme.text);
        let times = f64::from(days) / f64::from(median.max(1));
        match pace {
            Pace::Stuck => to.put(Ink::figure(format!("   ! stuck, {times:.1}x the median")), theme.bad),
            Pace::Slow => to.put(Ink::figure(format!("   ~ slow, {times:.1}x the median")), theme.warn),
            Pace::Usual => to,
        };
    }
}

/// Stage, age, closing date and next step in a line of 80 columns.
fn briefly<'a>(scene: &Scene<'a>, deal: &'a DealRow, to: &mut Phrase<'a>) {
    let (theme, median) = (scene.theme, scene.median(&deal.stage));
    let (age, pace) = scene.age(deal, median);
    let (stage, style) = scene.stage(deal);
    to.put(stage, style).put(" ", theme.text).put(age, pace);
    if let Some(median) = median {
        to.put(" (median ", theme.quiet).put(figures::days(median), theme.text).put(")", theme.quiet);
    }
    if deal.closing.is_some() {
        let (closing, late) = scene.closing(deal);
        to.put("   closes ", theme.quiet).put(closing, late);
        if let Some(slips) = deal.slips {
            to.put(" ", theme.text).put(figures::slip(slips, u16::MAX), theme.warn);
        }
    }
    let (next, due) = scene.next_step(deal, 14);
    to.put("  ", theme.text).put(next, due);
    if let Some(step) = &deal.next {
        to.put(" ", theme.text).put(&step.subject, theme.text);
    }
}

fn money<'a>(scene: &Scene<'a>, deal: &DealRow) -> Phrase<'a> {
    let theme = scene.theme;
    let mut line = labelled(scene, "money", true);
    line.put(scene.amount(deal, u16::MAX), theme.title);
    if let (Some(amount), Some(stage)) = (deal.amount, scene.stage_of(deal)) {
        let percent = stage.probability;
        let weighted = amount * rust_decimal::Decimal::from(percent) / rust_decimal::Decimal::ONE_HUNDRED;
        line.put(" at ", theme.quiet).put(figures::probability(percent), theme.text);
        line.put(", weighted ", theme.quiet).put(scene.money(weighted), theme.text);
    }
    if let Some(date) = deal.closing {
        line.put("   closes ", theme.quiet).put(full_day(date), theme.text);
        match days_between(scene.today, date) {
            ..0 if scene.is_open(deal) => {
                let late = days_between(date, scene.today).unsigned_abs();
                line.put("   ! ", theme.bad).put(plural(late, "day late", "days late"), theme.bad)
            }
            ..0 => &mut line,
            0 => line.put(", today", theme.good),
            1 => line.put(", tomorrow", theme.text),
            days => {
                line.put(", in ", theme.quiet).put(plural(days.unsigned_abs(), "day", "days"), theme.text)
            }
        };
        if let Some(slips) = deal.slips {
            line.put("   ", theme.text).put(figures::slip_in_full(slips), theme.warn);
        }
    }
    line
}

fn people<'a>(scene: &Scene<'a>, deal: &'a DealRow) -> Phrase<'a> {
    let theme = scene.theme;
    let mut line = Phrase::new();
    if let Some(contact) = &deal.contact {
        line.put(&contact.name, theme.text);
    }
    if let Some(company) = &deal.company {
        line.put(if line.is_empty() { "" } else { " @ " }, theme.quiet).put(&company.name, theme.text);
    }
    line
}

/// Whom a deal is with and whose it is.
pub fn people_and_owner(scene: &Scene<'_>, deal: &DealRow, pen: &mut Pen<'_>) {
    let people = people(scene, deal);
    let gap = if people.is_empty() { "" } else { "   " };
    pen.phrase(&people).put(gap, scene.theme.text);
    pen.put("owner ", scene.theme.quiet).put(&deal.owner, scene.theme.text);
}

fn contact_lines<'a>(scene: &Scene<'a>, contact: &'a ContactRow) -> Vec<Phrase<'a>> {
    let theme = scene.theme;
    let mut first = Phrase::new();
    first.put(&contact.name, theme.title);
    beside(scene, [Some(&contact.title), contact.company.as_ref().map(|c| &c.name)], &mut first);
    let mut reach = labelled(scene, "reach", true);
    reach.put(&contact.email, theme.text).put("   ", theme.text).put(&contact.phone, theme.text);
    let mut lines = vec![first, reach, open_deals(scene, contact.open_deals, contact.open_sum)];
    last_entries(scene, &contact.id, &mut lines);
    lines
}

fn company_lines<'a>(scene: &Scene<'a>, company: &'a CompanyRow) -> Vec<Phrase<'a>> {
    let theme = scene.theme;
    let mut first = Phrase::new();
    first.put(&company.name, theme.title);
    beside(scene, [Some(&company.city), None], &mut first);
    first.put("   ", theme.text).put(plural(company.people.into(), "person", "people"), theme.text);
    let mut reach = labelled(scene, "reach", true);
    reach.put(&company.phone, theme.text).put("   ", theme.text).put(&company.website, theme.text);
    let mut lines = vec![first, reach, open_deals(scene, company.open_deals, company.open_sum)];
    last_entries(scene, &company.id, &mut lines);
    lines
}

fn note_lines<'a>(scene: &Scene<'a>, note: &'a NoteRow, columns: u16) -> Vec<Phrase<'a>> {
    let theme = scene.theme;
    let mut first = Phrase::new();
    first.put(moment(note.at, &scene.model.zone, scene.today), theme.quiet);
    first.put("  ", theme.text).put(&note.author, theme.text);
    if let Some(Link { name, .. }) = &note.parent {
        first.put(" on ", theme.quiet).put(name, theme.link);
    }
    let text = wrapped(&note.preview, columns).take(4).map(|line| {
        let mut phrase = Phrase::new();
        phrase.put(line, theme.text);
        phrase
    });
    std::iter::once(first).chain(text).collect()
}

fn beside<'a>(scene: &Scene<'_>, words: [Option<&'a crate::domain::SafeText>; 2], to: &mut Phrase<'a>) {
    for word in words.into_iter().flatten().filter(|word| !word.as_str().is_empty()) {
        to.put("   ", scene.theme.text).put(word, scene.theme.text);
    }
}

fn open_deals<'a>(scene: &Scene<'a>, deals: u32, sum: rust_decimal::Decimal) -> Phrase<'a> {
    let mut line = labelled(scene, "deals", true);
    line.put(plural(deals.into(), "open deal", "open deals"), scene.theme.text);
    if deals > 0 {
        line.put(", ", scene.theme.quiet).put(scene.money(sum), scene.theme.title);
    }
    line
}

fn last_entries<'a>(scene: &Scene<'a>, id: &RecordId, lines: &mut Vec<Phrase<'a>>) {
    let Some(detail) = detail(scene, id) else { return };
    for entry in detail.timeline.iter().take(2) {
        let mut line = labelled(scene, if lines.len() == 3 { "last" } else { "" }, true);
        quote(scene, entry, &mut line);
        lines.push(line);
    }
}

fn last_note(timeline: &[Entry]) -> Option<&Entry> {
    timeline.iter().take(50).find(|entry| entry.kind == EntryKind::Note)
}

fn quote<'a>(scene: &Scene<'a>, entry: &'a Entry, to: &mut Phrase<'a>) {
    let theme = scene.theme;
    let day = entry.at.to_zoned_datetime(scene.model.zone.clone()).date();
    to.put(figures::day(day, scene.today), theme.quiet).put("  ", theme.text);
    to.put(&entry.by, theme.quiet).put("  ", theme.text);
    if !entry.title.as_str().is_empty() {
        to.put(&entry.title, theme.text).put("  ", theme.text);
    }
    for line in entry.lines.iter().filter(|line| !line.as_str().is_empty()).take(4) {
        to.put(line, theme.text).put(" ", theme.text);
    }
}

fn labelled<'a>(scene: &Scene<'_>, label: &'static str, full: bool) -> Phrase<'a> {
    let mut phrase = Phrase::new();
    if full {
        phrase.put(Ink::padded(label, LABEL), scene.theme.quiet);
    }
    phrase
}

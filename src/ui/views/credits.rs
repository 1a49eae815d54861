//! The credits cockpit: what is left, where it went, what is under way, what things cost, and the plan.

use jiff::Timestamp;
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::listing::{label, say};
use crate::{
    app::geometry,
    domain::{Spending, WINDOW_HOURS},
    protocol::{Cockpit, Plan, Step},
    ui::{
        canvas::{Phrase, divider, dot, frame, inset, row},
        figures::{clock, count, lasting, percent},
        scene::Scene,
        text::Ink,
    },
};

/// A line of the cockpit: words, and figures at its end.
struct Line<'a> {
    words: Phrase<'a>,
    figures: Phrase<'a>,
}

impl<'a> Line<'a> {
    fn of(words: Phrase<'a>) -> Self {
        Self { words, figures: Phrase::new() }
    }
}

/// Draws the cockpit: two columns where there is room for them.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let (theme, glyphs, pane) = (scene.theme, scene.glyphs, &scene.model.panes.credits);
    frame(buf, area, glyphs, theme.border);
    let mut title = Phrase::new();
    title.put("Credits", theme.title).put("   rolling 24 h", theme.quiet);
    if let Some(catalog) = &scene.model.account.catalog {
        title.put("   ", theme.text).put(Ink::made_safe(&catalog.org.edition), theme.quiet);
    }
    label(scene, &title, inset(row(area, 0), 2), buf);
    let Some(cockpit) = pane.cockpit.as_deref() else {
        return say(scene, "reading the books", area, buf);
    };
    if geometry::is_wide(scene.size) {
        wide(scene, cockpit, area, buf);
    } else {
        narrow(scene, cockpit, area, buf);
    }
    let mut foot = Phrase::new();
    foot.put("of this program exact, of others what the service says", theme.quiet);
    label(scene, &foot, inset(row(area, area.height.saturating_sub(1)), 2), buf);
}

fn wide(scene: &Scene<'_>, cockpit: &Cockpit, area: Rect, buf: &mut Buffer) {
    let spending = &cockpit.spending;
    let inner = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    let half = area.width / 2;
    let top = 5.min(inner.height);
    let middle = ((inner.height - top) / 2).min(13);
    let heights = [top, middle, inner.height - top - middle];
    let mut y = inner.y;
    for (section, height) in heights.into_iter().enumerate() {
        let left = Rect { x: area.x, y, width: half + 1, height };
        let right = Rect { x: area.x + half, y, width: area.width - half, height };
        if section > 0 {
            divider(buf, row(Rect { y, height, ..area }, 0), scene.glyphs, scene.theme.border);
        }
        for line in y..y + height {
            dot(buf, area.x + half, line, scene.glyphs.down, scene.theme.border);
        }
        let (names, from) = if section == 0 { (["", ""], 0) } else { (TITLES[section - 1], 1) };
        for (name, part) in names.into_iter().zip([left, right]) {
            let mut words = Phrase::new();
            if !name.is_empty() {
                words.put(name, scene.theme.heading);
            }
            label(scene, &words, inset(row(part, 0), 2), buf);
        }
        let body = |part: Rect| {
            inset(Rect { y: part.y + from, height: part.height.saturating_sub(from), ..part }, 2)
        };
        let (left, right) = (body(left), body(right));
        match section {
            0 => {
                put(scene, &figures(scene, spending, left.width), left, buf);
                put(scene, &traffic(scene, spending), right, buf);
            }
            1 => {
                chart(scene, spending, left, buf);
                put(scene, &shares(scene, spending), right, buf);
            }
            _ => {
                put(scene, &what_if(scene, cockpit), left, buf);
                put(scene, &plan(scene, &scene.model.account.plan, true), right, buf);
            }
        }
        y += height;
    }
}

/// Headings of the lower sections.
const TITLES: [[&str; 2]; 2] = [
    ["Last 24 h, credits an hour: # ours, . others", "Where our credits went"],
    ["What if", "How often, and why"],
];

fn narrow(scene: &Scene<'_>, cockpit: &Cockpit, area: Rect, buf: &mut Buffer) {
    let spending = &cockpit.spending;
    let inner = inset(Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area }, 2);
    let head = figures(scene, spending, inner.width).into_iter().chain(traffic(scene, spending));
    let head: Vec<Line<'_>> = head.collect();
    let first = u16::try_from(head.len()).unwrap_or(u16::MAX).min(inner.height);
    put(scene, &head, Rect { height: first, ..inner }, buf);
    let parts = [
        (TITLES[0][1], shares(scene, spending)),
        (TITLES[1][1], plan(scene, &scene.model.account.plan, false)),
        (TITLES[1][0], what_if(scene, cockpit)),
    ];
    let mut left = Rect { y: inner.y + first, height: inner.height - first, ..inner };
    for (at, (title, lines)) in parts.into_iter().enumerate() {
        let share = (left.height / u16::try_from(3 - at).unwrap_or(1)).min(left.height);
        let height = share.min(u16::try_from(lines.len() + 1).unwrap_or(u16::MAX));
        let mut pen = scene.pen(buf, row(Rect { height, ..left }, 0));
        pen.put(title, scene.theme.heading);
        put(scene, &lines, Rect { y: left.y + 1, height: height.saturating_sub(1), ..left }, buf);
        left = Rect { y: left.y + height, height: left.height - height, ..left };
    }
}

/// Writes as many lines as fit.
fn put(scene: &Scene<'_>, lines: &[Line<'_>], area: Rect, buf: &mut Buffer) {
    for (down, line) in (0..area.height).zip(lines) {
        let line_area = row(area, down);
        let room = area.width.saturating_sub(line.figures.width() + 1);
        scene.pen(buf, Rect { width: room, ..line_area }).phrase(&line.words);
        scene.pen(buf, line_area).at_end(&line.figures);
    }
}

fn figures<'a>(scene: &Scene<'_>, spending: &Spending, width: u16) -> Vec<Line<'a>> {
    let (theme, usage) = (scene.theme, spending.usage);
    let left = usage.limit.saturating_sub(usage.used);
    let mut used = Phrase::new();
    used.put("used ", theme.quiet).put(count(usage.used.into()), theme.text);
    let mut rest = Phrase::new();
    if usage.limit == 0 {
        rest.put("allowance unknown", theme.quiet);
    } else {
        used.put(" / ", theme.quiet).put(count(usage.limit.into()), theme.text);
        rest.put("left ", theme.quiet).put(count(left.into()), theme.title).put("  ", theme.text);
        rest.put(percent(left.into(), usage.limit.into()), theme.title);
    }
    let mut bar = Phrase::new();
    let cells = u64::from(width);
    let full = (u64::from(usage.used) * cells).div_ceil(u64::from(usage.limit.max(1))).min(cells);
    for cell in 0..cells {
        let done = cell < full;
        bar.put(
            if done { scene.glyphs.full } else { scene.glyphs.empty },
            if done { theme.bar } else { theme.quiet },
        );
    }
    let mut who = Phrase::new();
    who.put("this run ", theme.quiet).put(count(spending.session.into()), theme.text);
    who.put("   other programs ", theme.quiet).put(count(spending.others().into()), theme.text);
    let mut burn = Phrase::new();
    burn.put("last hour ", theme.quiet).put(count(spending.burn().into()), theme.text);
    burn.put("   runs dry ", theme.quiet);
    match spending.dry_in() {
        Some(hours) => {
            burn.put("! in ", theme.bad).put(count(hours.into()), theme.bad).put(" h", theme.bad);
        }
        None => {
            burn.put("not in 24 h", theme.text);
        }
    }
    let mut back = Phrase::new();
    back.put("back next hour +", theme.quiet).put(count(spending.returning().into()), theme.text);
    vec![
        Line { words: used, figures: rest },
        Line::of(bar),
        Line::of(who),
        Line { words: burn, figures: back },
    ]
}

fn traffic<'a>(scene: &Scene<'_>, spending: &'a Spending) -> Vec<Line<'a>> {
    /// Calls that are listed by themselves.
    const LISTED: usize = 2;
    let (theme, usage) = (scene.theme, spending.usage);
    let mut flying = Phrase::new();
    flying.put("in flight ", theme.quiet).put(count(usage.in_flight.into()), theme.text);
    flying.put(" / ", theme.quiet).put(count(usage.concurrency.into()), theme.text);
    flying.put("   queue ", theme.quiet).put(count(usage.queued.into()), theme.text);
    let mut times = Phrase::new();
    if let (Some(median), Some(slow)) = (spending.median_ms, spending.slow_ms) {
        times
            .put("half in ", theme.quiet)
            .put(count(median.into()), theme.text)
            .put(" ms, 95% in ", theme.quiet);
        times.put(count(slow.into()), theme.text).put(" ms", theme.quiet);
    }
    let mut lines = vec![Line { words: flying, figures: times }];
    for flight in spending.flights.iter().take(LISTED) {
        let mut words = Phrase::new();
        words.put(&flight.words, theme.text);
        let mut figures = Phrase::new();
        figures.put(tenths(flight.since, spending.at), theme.text).put("  ", theme.text);
        figures.put(count(flight.credits.into()), theme.text).put(" cr  ", theme.quiet);
        figures.put(flight.purpose.title(), theme.quiet);
        lines.push(Line { words, figures });
    }
    let mut retries = Phrase::new();
    retries.put("retries ", theme.quiet).put(count(spending.retries.into()), theme.text);
    retries.put("   too many calls (429) ", theme.quiet);
    match spending.refused {
        Some(at) => retries.put("last at ", theme.warn).put(clock(at, &scene.model.zone), theme.warn),
        None => retries.put("never", theme.text),
    };
    lines.push(Line::of(retries));
    lines
}

/// Seconds with a tenth.
fn tenths(since: Timestamp, now: Timestamp) -> Ink<'static> {
    let milliseconds = now.duration_since(since).as_millis().max(0);
    Ink::figure(format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100))
}

fn chart(scene: &Scene<'_>, spending: &Spending, area: Rect, buf: &mut Buffer) {
    /// Columns of the figures on the left.
    const AXIS: u16 = 7;
    let theme = scene.theme;
    if area.height < 3 || area.width < AXIS + WINDOW_HOURS as u16 {
        return;
    }
    let height = area.height - 1;
    let most = spending.hours.iter().map(|hour| hour.all()).max().unwrap_or(0).max(1);
    let step = ((area.width - AXIS) / WINDOW_HOURS as u16).clamp(1, 3);
    let cells = |credits: u32| {
        let cells = (u64::from(credits) * u64::from(height)).div_ceil(u64::from(most));
        u16::try_from(cells).unwrap_or(height)
    };
    for (figure, down) in [(most, 0), (most / 2, height / 2)] {
        let mut words = Phrase::new();
        words.put(count(figure.into()), theme.quiet);
        let place = Rect { width: AXIS - 1, ..row(area, down) };
        scene.pen(buf, place).cell(
            AXIS - 1,
            crate::ui::canvas::Side::Right,
            count(figure.into()),
            theme.quiet,
        );
    }
    for (x, hour) in (0..).map(|at: u16| area.x + AXIS + at * step).zip(&spending.hours) {
        let (ours, all) = (cells(hour.ours), cells(hour.all()));
        for up in 0..all {
            let (glyph, style) = if up < ours { ("#", theme.bar) } else { (".", theme.quiet) };
            dot(buf, x, area.y + height - 1 - up, glyph, style);
        }
    }
    let axis = row(area, height);
    let mut pen = scene.pen(buf, axis);
    pen.gap(AXIS).put("24 h ago", theme.quiet);
    let now = AXIS + step * (WINDOW_HOURS as u16 - 1);
    scene.pen(buf, axis).gap(now.saturating_sub(2)).put("now", theme.quiet);
}

fn shares<'a>(scene: &Scene<'_>, spending: &'a Spending) -> Vec<Line<'a>> {
    let theme = scene.theme;
    if spending.shares.is_empty() {
        let mut words = Phrase::new();
        words.put("nothing was spent in this window", theme.quiet);
        return vec![Line::of(words)];
    }
    let line = |share: &'a crate::domain::Share| {
        let mut words = Phrase::new();
        words.put(share.purpose.title(), theme.text).put("  ", theme.text).put(&share.words, theme.quiet);
        let mut figures = Phrase::new();
        figures.put(count(share.calls.into()), theme.text);
        figures.put(if share.calls == 1 { " call  " } else { " calls  " }, theme.quiet);
        figures.put(count(share.credits.into()), theme.title).put(" cr", theme.quiet);
        Line { words, figures }
    };
    spending.shares.iter().map(line).collect()
}

fn what_if<'a>(scene: &Scene<'_>, cockpit: &'a Cockpit) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let limit = u64::from(cockpit.spending.usage.limit);
    let every = scene.model.panes.credits.every;
    let line = |what: &'a crate::protocol::WhatIf| {
        let mut words = Phrase::new();
        words.put(&what.what, theme.text);
        let credits = what.credits_at(every);
        if what.repeated {
            words.put(" every ", theme.quiet).put(lasting(every), theme.key);
        }
        let over = limit > 0 && credits > limit;
        let style = if over { theme.bad } else { theme.title };
        let mut figures = Phrase::new();
        figures.put(if over { "! " } else { "" }, style).put(count(credits), style);
        figures.put(if what.repeated { " a day" } else { " once" }, theme.quiet);
        Line { words, figures }
    };
    cockpit.what_if.iter().map(line).collect()
}

/// The plan: all steps of holding back below it, or only the present one above it.
fn plan<'a>(scene: &Scene<'_>, plan: &'a Plan, all: bool) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let mut lines = Vec::new();
    if plan.paused {
        let mut words = Phrase::new();
        words.put("! paused by you; p goes on", theme.warn);
        lines.push(Line::of(words));
    }
    if !all {
        lines.extend(steps(scene, plan.step).into_iter().nth(plan.step as usize));
    }
    for part in &plan.lines {
        let (mut words, mut figures) = (Phrase::new(), Phrase::new());
        match part.every {
            Some(every) => {
                words.put(&part.what, theme.text);
                figures.put("every ", theme.quiet).put(lasting(every), theme.text);
            }
            None => {
                words.put(&part.what, theme.quiet);
            }
        }
        lines.push(Line { words, figures });
    }
    if all {
        lines.extend(steps(scene, plan.step));
    }
    lines
}

/// The steps of holding back, with a mark at the present one.
fn steps<'a>(scene: &Scene<'_>, present: Step) -> Vec<Line<'a>> {
    let theme = scene.theme;
    let mut above = None;
    let line = |step: Step| {
        let here = step == present;
        let style: Style = if here { theme.title } else { theme.quiet };
        let (mut words, mut figures) = (Phrase::new(), Phrase::new());
        words.put(if here { "> " } else { "  " }, theme.pointer);
        match above.replace(step.from_percent()) {
            None => {
                words.put("from ", style).put(count(step.from_percent().into()), style).put("% left", style)
            }
            Some(above) => words.put("below ", style).put(count(above.into()), style).put("%", style),
        };
        figures.put(step.words(), style);
        Line { words, figures }
    };
    <Step as strum::IntoEnumIterator>::iter().map(line).collect()
}

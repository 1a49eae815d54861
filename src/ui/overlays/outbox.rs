//! Writes that are not on the server.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{Popup, note::kind, open, top};
use crate::{
    app::overlay::OutboxView,
    protocol::{MoveField, MoveValues, OutboxItem, Stand, Writing},
    ui::{
        canvas::{Phrase, Side, divider, row},
        figures::{ago, count, day, plural},
        scene::Scene,
        text::{Ink, wrap},
    },
};

/// Rows that tell of the write under the cursor, the line above them included.
const DETAILS: u16 = 6;

/// Columns of the state and of the age.
const STATE: u16 = 11;
const AGE: u16 = 8;

/// Draws the outbox over the pane.
pub fn draw(scene: &Scene<'_>, view: &OutboxView, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Outbox", theme.title).put("  not on the server yet", theme.quiet);
    let popup = open(scene, &title, u16::MAX, u16::MAX, area, buf);
    let inner = popup.inner;
    let Some(selected) = view.selected() else {
        let words = if view.read { "everything you wrote is on the server" } else { "reading" };
        scene.pen(buf, row(inner, 0)).put(words, theme.quiet);
        return;
    };
    let details = if inner.height >= DETAILS + 3 { DETAILS } else { 0 };
    let height = inner.height - details;
    let shown = view.rows.iter().enumerate().skip(top(view.cursor, height)).take(height.into());
    for (down, (index, item)) in (0..).zip(shown) {
        let line = popup.line(down);
        entry(scene, item, index == view.cursor, line, buf);
        if index == view.cursor {
            buf.set_style(line, theme.selected);
        }
    }
    if details > 0 {
        let rule = Rect { y: inner.y + height, height: 1, ..popup.outer };
        divider(buf, rule, scene.glyphs, theme.border);
        let place = Rect { y: inner.y + height + 1, height: details - 1, ..inner };
        tell(scene, selected, place, buf);
    }
    foot(scene, view, &popup, buf);
}

fn entry(scene: &Scene<'_>, item: &OutboxItem, selected: bool, line: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, line);
    scene.pointer(&mut pen, selected);
    let (word, style) = state(scene, &item.stand);
    pen.cell(STATE, Side::Left, word, style);
    pen.cell(AGE, Side::Right, ago(item.at, scene.model.now), theme.quiet).gap(1);
    let tries = if item.tries > 0 { Ink::figure(format!("{}x", item.tries)) } else { Ink::default() };
    pen.cell(3, Side::Right, tries, theme.warn).gap(1);
    let name = (pen.room() / 3).min(30);
    pen.cell(name, Side::Left, &item.record.name, theme.title).gap(1);
    pen.phrase(&what(scene, item));
}

/// How far a write is, in a word.
fn state(scene: &Scene<'_>, stand: &Stand) -> (&'static str, Style) {
    let theme = scene.theme;
    match stand {
        Stand::Waiting => ("waits", theme.quiet),
        Stand::Sending => ("sending", theme.pending),
        Stand::Unsure => ("~ unsure", theme.warn),
        Stand::Conflict(_) => ("! conflict", theme.bad),
        Stand::Refused => ("! refused", theme.bad),
    }
}

/// What a write says, in a line.
fn what<'a>(scene: &Scene<'_>, item: &'a OutboxItem) -> Phrase<'a> {
    let theme = scene.theme;
    let mut phrase = Phrase::new();
    match &item.what {
        Writing::Note(text) | Writing::Removal(text) => {
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
            let word = if matches!(item.what, Writing::Note(_)) { "note " } else { "delete note " };
            phrase.put(word, theme.quiet).put(Ink::made_safe(first.trim()), theme.text);
        }
        Writing::Move { before, after } => {
            if before.stage != after.stage {
                phrase.put(value(scene, item, before, MoveField::Stage), theme.quiet);
                phrase.put(" to ", theme.quiet).put(value(scene, item, after, MoveField::Stage), theme.text);
            }
            for (field, word) in [(MoveField::Amount, "amount "), (MoveField::Closing, "closes ")] {
                if after.text(field).is_some() && after.text(field) != before.text(field) {
                    if !phrase.is_empty() {
                        phrase.put(", ", theme.quiet);
                    }
                    phrase.put(word, theme.quiet).put(value(scene, item, after, field), theme.text);
                }
            }
        }
    }
    phrase
}

/// A value as people read it.
pub(super) fn value(
    scene: &Scene<'_>,
    item: &OutboxItem,
    values: &MoveValues,
    field: MoveField,
) -> Ink<'static> {
    match field {
        MoveField::Stage => {
            let deal = item
                .deal
                .as_deref()
                .map(|deal| crate::domain::DealRow { stage: values.stage.clone(), ..deal.clone() });
            deal.map_or_else(|| Ink::made_safe(&values.stage), |deal| scene.stage(&deal).0)
        }
        MoveField::Amount => values.amount.map_or_else(|| "none".into(), |amount| scene.money(amount)),
        MoveField::Closing => values.closing.map_or_else(|| "none".into(), |date| day(date, scene.today)),
    }
}

/// All that is known of the write under the cursor.
fn tell(scene: &Scene<'_>, item: &OutboxItem, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut pen = scene.pen(buf, row(area, 0));
    pen.put(kind(item.record.module), theme.quiet).gap(1).put(&item.record.name, theme.title).gap(2);
    let mut down = 1;
    if let Writing::Note(text) = &item.what {
        let text = Ink::made_safe(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        for line in wrap(text.as_str(), area.width.max(1)).take(2) {
            scene.pen(buf, row(area, down)).put(Ink::made_safe(line), theme.text);
            down += 1;
        }
    } else {
        scene.pen(buf, row(area, down)).phrase(&what(scene, item));
        down += 1;
    }
    let (mark, reason, way_on) = match (&item.stand, &item.trouble) {
        (Stand::Conflict(theirs), _) => {
            let who = if theirs.by.as_str().is_empty() { "someone else" } else { theirs.by.as_str() };
            let words = format!("{who} changed the same field on the server");
            ("! ", crate::domain::SafeText::new(&words), "Enter asks which of the two is to be.".into())
        }
        (stand, Some((what, way_on))) => {
            let mark = if *stand == Stand::Refused { "! " } else { "~ " };
            let way_on = match stand {
                Stand::Refused => {
                    "e edits it and sends it again, r sends it as it is, D throws it away.".into()
                }
                _ => Ink::from(way_on),
            };
            (mark, what.clone(), way_on)
        }
        (_, None) => return,
    };
    let style = if mark == "! " { theme.bad } else { theme.warn };
    for (at, line) in wrap(reason.as_str(), area.width.saturating_sub(2).max(1)).take(2).enumerate() {
        if down + 1 >= area.height {
            break;
        }
        let mut pen = scene.pen(buf, row(area, down));
        pen.put(if at == 0 { mark } else { "  " }, style).put(Ink::made_safe(line), style);
        down += 1;
    }
    scene.pen(buf, row(area, down)).put(way_on, theme.text);
}

fn foot(scene: &Scene<'_>, view: &OutboxView, popup: &Popup, buf: &mut Buffer) {
    let theme = scene.theme;
    let number = |is: fn(&Stand) -> bool| view.rows.iter().filter(|row| is(&row.stand)).count() as u64;
    let refused = number(|stand| *stand == Stand::Refused);
    let conflicts = number(|stand| matches!(stand, Stand::Conflict(_)));
    let mut foot = Phrase::new();
    foot.put(plural(view.rows.len() as u64, "write", "writes"), theme.text);
    if conflicts > 0 {
        foot.put(", ", theme.text).put(plural(conflicts, "conflict", "conflicts"), theme.bad);
    }
    if refused > 0 {
        foot.put(", ", theme.text).put(count(refused), theme.bad).put(" refused", theme.bad);
    }
    popup.foot(scene, &foot, buf);
}

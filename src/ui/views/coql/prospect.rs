//! What is wrong with the statement under the cursor, or what running it would take.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    app::{
        actions::{Action, key_of},
        geometry,
        pane::CoqlPane,
    },
    coql::{Diagnostic, Mode, Plan, Rows, RunOn, Severity, StepPlace, position},
    domain::SafeText,
    protocol::Guard,
    ui::{
        canvas::{Phrase, divider, inset, row},
        figures::{count, plural},
        scene::Scene,
        text::{Ink, wrapped},
        views::listing::label,
    },
};

/// What holds for every run: where, in which language, up to what.
pub fn terms(scene: &Scene<'_>, pane: &CoqlPane) -> Phrase<'static> {
    let (theme, terms) = (scene.theme, &pane.terms);
    let mut words = Phrase::new();
    words.put(key(Action::RunOnNext), theme.key).put(" ", theme.text);
    words.put(place(terms.run_on), theme.text).put("   ", theme.text);
    words.put(key(Action::ToggleStrict), theme.key);
    words.put(if terms.mode == Mode::Strict { " Bigin's language" } else { " wide language" }, theme.text);
    if geometry::is_wide(scene.size) {
        words.put("   stops at ", theme.quiet).append(guard(scene, terms.guard));
    }
    words
}

const fn place(run_on: RunOn) -> &'static str {
    match run_on {
        RunOn::Server => "server",
        RunOn::Mirror => "mirror",
        RunOn::Auto => "mirror, else server",
    }
}

fn guard(scene: &Scene<'_>, guard: Guard) -> Phrase<'static> {
    let mut words = Phrase::new();
    words.put(plural(guard.rows, "row", "rows"), scene.theme.text).put(" or ", scene.theme.quiet);
    words.put(plural(guard.credits, "credit", "credits"), scene.theme.text);
    words
}

/// The key of an action.
pub fn key(action: Action) -> Ink<'static> {
    Ink::figure(key_of(action.row(), None))
}

/// Draws the line between text and answer, and the lines below it.
pub fn draw(scene: &Scene<'_>, pane: &CoqlPane, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let head = row(area, 0);
    divider(buf, head, scene.glyphs, theme.border);
    let head = inset(head, 2);
    let body = inset(Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }, 2);
    let said = pane.reading.said(pane.editor.cursor());
    match (said, &pane.prospect.plan) {
        (Some(said), Some(Ok(plan))) if said.severity == Severity::Warning => {
            cost(scene, pane, plan, head, buf);
            message(scene, said, body, buf);
        }
        (Some(said), _) => wrong(scene, pane, said, (head, body), buf),
        (None, Some(Ok(plan))) => {
            cost(scene, pane, plan, head, buf);
            steps(scene, plan, body, buf);
        }
        (None, Some(Err(said))) => wrong(scene, pane, said, (head, body), buf),
        (None, None) => {
            let mut words = Phrase::new();
            words.put("plan", theme.quiet);
            label(scene, &words, head, buf);
        }
    }
}

fn wrong(
    scene: &Scene<'_>,
    pane: &CoqlPane,
    said: &Diagnostic,
    (head, body): (Rect, Rect),
    buf: &mut Buffer,
) {
    let style = if said.severity == Severity::Error { scene.theme.bad } else { scene.theme.warn };
    let (line, column) = position(&pane.reading.text, said.span.start);
    let mut words = Phrase::new();
    words.put(Ink::figure(format!("! line {line}, column {column}")), style);
    // Where there is no room below, the message stands in the line itself.
    if body.height == 0 {
        words = Phrase::new();
        words.put("! ", style).put(Ink::made_safe(&said.message), style);
    }
    label(scene, &words, head, buf);
    message(scene, said, body, buf);
}

/// The message, and the key that puts it right.
fn message(scene: &Scene<'_>, said: &Diagnostic, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let style = if said.severity == Severity::Error { theme.bad } else { theme.warn };
    let mut fix = Phrase::new();
    if let Some(known) = &said.fix {
        fix.put(" ", theme.text).put(key(Action::FixCoql), theme.key).put(" ", theme.text);
        fix.put(Ink::made_safe(&known.title), theme.text).put(" ", theme.text);
    }
    let text = SafeText::new(&said.message);
    let room = area.width.saturating_sub(if area.height > 1 { 0 } else { fix.width() });
    for (down, line) in (0..area.height).zip(wrapped(&text, room.max(1))) {
        scene.pen(buf, row(area, down)).put(&line, style);
    }
    let last = row(area, area.height.saturating_sub(1));
    let used = Ink::from(&text).width();
    let indent = if area.height > 1 && used <= area.width { 0 } else { used.min(room) };
    scene.pen(buf, last).gap(indent).phrase(&fix);
}

/// Rows, pages, credits and time; and another way that is cheaper.
fn cost(scene: &Scene<'_>, pane: &CoqlPane, plan: &Plan, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let mut words = Phrase::new();
    if pane.prospect.confirm {
        words.put("! over the limit, ", theme.warn).put(key(Action::RunCoql), theme.key);
        words.put(" runs it: ", theme.warn);
    } else {
        words.put("plan  ", theme.quiet);
    }
    if plan.on_mirror() {
        words.put("mirror", theme.good);
        if let Some(at) = pane.prospect.mirror_at {
            let age = u64::try_from(scene.model.now.as_second() - at.as_second()).unwrap_or(0);
            words.put(", ", theme.quiet).put(count(age), theme.text).put(" s old", theme.quiet);
        }
        words.put(": ", theme.quiet).append(rows(scene, plan.cost.rows)).put(", ", theme.quiet);
        words.put("0 credits", theme.text);
    } else if pane.terms.mode == Mode::Strict {
        words.put("server", theme.text).put(": as it is, at most 200 rows, 1 credit", theme.quiet);
    } else {
        words.put("server", theme.text).put(": ", theme.quiet).append(rows(scene, plan.cost.rows));
        if let Some(calls) = plan.cost.credits.number() {
            words.put(", ", theme.quiet).put(plural(calls, "page", "pages"), theme.text);
            words.put(", ", theme.quiet).put(plural(calls, "credit", "credits"), theme.text);
        } else {
            words.put(", 1 credit for 200 of them", theme.quiet);
        }
        if let Some(millis) = plan.cost.millis {
            let time = match millis {
                0..1_000 => format!(", ~{millis} ms"),
                _ => format!(", ~{}.{} s", millis / 1_000, millis % 1_000 / 100),
            };
            words.put(Ink::figure(time), theme.text);
        }
        if plan.counts_first && plan.cost.rows == Rows::Unknown {
            words.put(", counted first for 1 credit", theme.quiet);
        }
    }
    label(scene, &words, area, buf);
    if let Some(other) = plan.alternatives.first().filter(|_| pane.terms.mode == Mode::Wide) {
        let mut way = Phrase::new();
        way.put(" or ", theme.quiet).put(Ink::made_safe(other), theme.good).put(" ", theme.text);
        let room = words.width() + 2;
        let right = Rect { x: area.x + room.min(area.width), width: area.width.saturating_sub(room), ..area };
        scene.pen(buf, right).at_end(&way);
    }
}

/// How many rows, and how that is known.
fn rows(scene: &Scene<'_>, rows: Rows) -> Phrase<'static> {
    let theme = scene.theme;
    let mut words = Phrase::new();
    let sign = match rows {
        Rows::Exactly(_) => "",
        Rows::AtMost(_) => "at most ",
        Rows::About(_) => "about ",
        Rows::Unknown => "rows not counted",
    };
    words.put(sign, theme.quiet);
    if let Some(number) = rows.number() {
        words.put(plural(number, "row", "rows"), theme.text);
    }
    if matches!(rows, Rows::About(_)) {
        words.put(" by the mirror", theme.quiet);
    }
    words
}

/// What is done where.
fn steps(scene: &Scene<'_>, plan: &Plan, area: Rect, buf: &mut Buffer) {
    // That the mirror is read stands in the line above.
    let steps = plan.steps.iter().skip(usize::from(plan.on_mirror()));
    let of = |place: StepPlace| {
        let own = steps.clone().filter(|step| step.place == place);
        own.map(|step| step.words.as_str()).collect::<Vec<_>>().join("; ")
    };
    let places = [("server", StepPlace::Server), ("mirror", StepPlace::Mirror), ("here", StepPlace::Local)];
    let mut lines: Vec<(&'static str, String)> = places
        .into_iter()
        .map(|(name, place)| (name, of(place)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    // What runs here, and what is cheaper, is more than the words of the first call.
    if usize::from(area.height) < lines.len() {
        lines.reverse();
    }
    if let (1, Some(way)) =
        (area.height, plan.alternatives.first().filter(|_| of(StepPlace::Local).is_empty()))
    {
        lines = vec![("or", way.clone())];
    }
    for (down, (name, words)) in (0..area.height).zip(&lines) {
        let mut pen = scene.pen(buf, row(area, down));
        pen.put(*name, scene.theme.quiet).gap(2).put(Ink::made_safe(words), scene.theme.text);
    }
}

//! The status bar: who we are, how fresh the data is, what is under way, what is left.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    protocol::{Progress, SyncState},
    ui::{
        canvas::Phrase,
        figures::{ago, clock, count, percent},
        scene::Scene,
        text::Ink,
    },
};

/// How many words the status bar spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Form {
    /// Figures alone.
    Figures,
    /// Without names.
    Short,
    /// Short words, and profile and org.
    Named,
    /// Whole words.
    Wordy,
    /// Bars too.
    Full,
}

/// Draws the status bar in the longest form that fits.
pub fn draw(scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let asides = asides(scene);
    let room = area.width.saturating_sub(asides.width());
    let longer = [Form::Full, Form::Wordy, Form::Named, Form::Short].into_iter().map(|form| bar(scene, form));
    let fits = longer.into_iter().find(|bar| bar.width() < room);
    let phrase = fits.unwrap_or_else(|| bar(scene, Form::Figures));
    let mut pen = scene.pen(buf, area);
    pen.phrase(&phrase);
    pen.at_end(&asides);
}

fn bar<'a>(scene: &Scene<'a>, form: Form) -> Phrase<'a> {
    let (model, theme) = (scene.model, scene.theme);
    let mut bar = Phrase::new();
    bar.put(" ", theme.text);
    if form >= Form::Named
        && let Some(session) = &model.account.session
    {
        bar.put(Ink::made_safe(&session.profile), theme.title);
        bar.put(" ", theme.text).put(&session.org, theme.text);
        next(scene, &mut bar);
    }
    sync(scene, form, &mut bar);
    next(scene, &mut bar);
    let outbox = model.account.outbox;
    bar.put(if form >= Form::Wordy { "outbox " } else { "out " }, theme.quiet);
    let pending = if outbox.pending > 0 { theme.pending } else { theme.text };
    bar.put(count(outbox.pending.into()), pending);
    if outbox.refused > 0 {
        bar.put(" !", theme.bad).put(count(outbox.refused.into()), theme.bad).put(" refused", theme.bad);
    }
    if outbox.conflicts > 0 {
        bar.put(" !", theme.bad).put(count(outbox.conflicts.into()), theme.bad).put(" conflict", theme.bad);
    }
    next(scene, &mut bar);
    calls(scene, form, &mut bar);
    next(scene, &mut bar);
    credits(scene, form, &mut bar);
    bar
}

fn next(scene: &Scene<'_>, bar: &mut Phrase<'_>) {
    bar.put(" ", scene.theme.text).put(scene.glyphs.down, scene.theme.border).put(" ", scene.theme.text);
}

fn sync<'a>(scene: &Scene<'a>, form: Form, bar: &mut Phrase<'a>) {
    let (model, theme) = (scene.model, scene.theme);
    if let Some(busy) = model.account.busy.as_ref().filter(|busy| busy.until > model.now) {
        let left = busy.until.duration_since(model.now).as_millis();
        let seconds = u64::try_from(left).unwrap_or(0).div_ceil(1_000);
        bar.put("! waiting ", theme.warn).put(count(seconds), theme.warn).put(" s", theme.warn);
        if form != Form::Figures {
            bar.put(": ", theme.warn).put(&busy.why, theme.warn);
        }
        return;
    }
    match &model.account.sync {
        SyncState::Starting(progress) | SyncState::Filling(progress) => work(scene, progress, form, bar),
        SyncState::Pulling => {
            bar.put("syncing", theme.text);
        }
        SyncState::Synced { at } => {
            let words = if form == Form::Figures { "" } else { "synced " };
            bar.put(words, theme.quiet).put(ago(*at, model.now), theme.text);
        }
        SyncState::Offline { since, .. } => {
            bar.put("! offline", theme.bad);
            if let Some(since) = since
                && form != Form::Figures
            {
                bar.put(", synced ", theme.quiet).put(ago(*since, model.now), theme.text);
            }
        }
        SyncState::Waiting { until, .. } => {
            bar.put("! waits until ", theme.warn).put(clock(*until, &model.zone), theme.warn);
        }
        SyncState::SignedOut(_) => {
            bar.put("! signed out", theme.bad);
        }
    }
}

fn work<'a>(scene: &Scene<'a>, progress: &'a Progress, form: Form, bar: &mut Phrase<'a>) {
    let theme = scene.theme;
    if form != Form::Figures || progress.total.is_none() {
        bar.put(&progress.doing, theme.text).put(" ", theme.text);
    }
    match progress.total {
        Some(total) if form == Form::Figures => {
            bar.put(percent(progress.done, total), theme.text);
        }
        Some(total) => {
            bar.put(count(progress.done), theme.text).put("/", theme.quiet).put(count(total), theme.text);
        }
        None if progress.done > 0 => {
            bar.put(count(progress.done), theme.text);
        }
        None => {}
    }
}

fn calls(scene: &Scene<'_>, form: Form, bar: &mut Phrase<'_>) {
    let (theme, usage) = (scene.theme, scene.model.account.usage);
    if form != Form::Figures {
        bar.put("in flight ", theme.quiet);
    }
    bar.put(count(usage.in_flight.into()), theme.text);
    if usage.concurrency > 0 {
        bar.put("/", theme.quiet).put(count(usage.concurrency.into()), theme.text);
    }
    if usage.queued > 0 {
        bar.put(" +", theme.warn).put(count(usage.queued.into()), theme.warn);
    }
    if form == Form::Full && usage.concurrency > 0 {
        let cells = usage.concurrency.min(5);
        let done = (usage.in_flight * cells).div_ceil(usage.concurrency).min(cells);
        gauge(scene, done, cells, theme.bar, bar);
    }
}

fn credits(scene: &Scene<'_>, form: Form, bar: &mut Phrase<'_>) {
    let (theme, usage) = (scene.theme, scene.model.account.usage);
    if form != Form::Figures {
        bar.put("credits ", theme.quiet);
    }
    if usage.limit == 0 {
        bar.put("unknown", theme.quiet);
        return;
    }
    let left = usage.limit.saturating_sub(usage.used);
    let (word, style) = match u64::from(left) * 100 / u64::from(usage.limit) {
        _ if left == 0 => (" ! none left", theme.bad),
        0..15 => (" ! very low", theme.bad),
        15..30 => (" ~ low", theme.warn),
        _ => ("", theme.text),
    };
    let bar_style = if word.is_empty() { theme.bar } else { style };
    bar.put(count(left.into()), style).put("/", theme.quiet).put(count(usage.limit.into()), theme.text);
    bar.put(" ", theme.text).put(percent(left.into(), usage.limit.into()), style);
    if form == Form::Full {
        let cells = (u64::from(left) * 10).div_ceil(u64::from(usage.limit));
        gauge(scene, u32::try_from(cells).unwrap_or(10), 10, bar_style, bar);
    }
    if form != Form::Figures {
        bar.put(word, style);
    }
}

/// A bar of `cells` columns.
fn gauge(scene: &Scene<'_>, done: u32, cells: u32, style: Style, bar: &mut Phrase<'_>) {
    let (open, close) = if scene.model.options.ascii { (" [", "]") } else { (" ", "") };
    bar.put(open, scene.theme.quiet);
    for cell in 0..cells {
        if cell < done {
            bar.put(scene.glyphs.full, style);
        } else {
            bar.put(scene.glyphs.empty, scene.theme.quiet);
        }
    }
    bar.put(close, scene.theme.quiet);
}

/// What stands at the right end: marks, and what is out of the ordinary.
fn asides(scene: &Scene<'_>) -> Phrase<'static> {
    let (model, theme) = (scene.model, scene.theme);
    let mut asides = Phrase::new();
    if let Some((from, to)) = model.range() {
        asides.put("range of ", theme.marked).put(count(to - from + 1), theme.marked).put("  ", theme.marked);
    }
    if let Some(marks) = model.marks().filter(|marks| !marks.is_empty()) {
        asides.put(count(marks.len() as u64), theme.marked).put(" marked ", theme.marked);
        let out_of_sight = model.marks_out_of_sight() as u64;
        if out_of_sight > 0 {
            asides
                .put("(", theme.quiet)
                .put(count(out_of_sight), theme.quiet)
                .put(" out of sight) ", theme.quiet);
        }
    }
    let plan = &model.account.plan;
    let mark = if plan.paused { "sync paused" } else { plan.step.mark() };
    if !mark.is_empty() {
        asides.put(mark, theme.warn).put(" ", theme.warn);
    }
    let unkept = model.account.session.as_ref().is_some_and(|session| session.unkept.is_some());
    if unkept || model.keep_again.is_some() {
        asides.put("! not kept on disk ", theme.warn);
    }
    if model.options.read_only {
        asides.put("read-only ", theme.warn);
    }
    // The machine's clock is wrong, or the demo's was moved.
    let seconds = model.account.ahead.as_secs();
    if seconds.abs() >= 60 {
        let sign = if seconds < 0 { '-' } else { '+' };
        let ahead = match seconds.abs() {
            whole @ 86_400.. => format!("clock {sign}{}d ", whole / 86_400),
            whole @ 3_600.. => format!("clock {sign}{}h ", whole / 3_600),
            whole => format!("clock {sign}{}m ", whole / 60),
        };
        asides.put(Ink::figure(ahead), theme.warn);
    }
    asides
}

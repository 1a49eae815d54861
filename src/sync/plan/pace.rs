//! How often the server is asked for what: as rarely as nobody notices, and more rarely when credits are few.

use std::{collections::BTreeMap, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::MODULES;
use crate::{
    domain::{Module, SafeText, Usage},
    protocol::{PlanLine, Step},
};

/// What is asked for from time to time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Errand {
    /// What changed in a module.
    News(Module),
    /// What was deleted of a module.
    Gone(Module),
    /// Pipelines, fields and users.
    Metadata,
}

impl Errand {
    /// Every errand.
    pub fn all() -> impl Iterator<Item = Self> {
        let news = MODULES.into_iter().map(Self::News);
        // Notes are no module that lists what was deleted.
        let gone = MODULES.into_iter().filter(|module| *module != Module::Notes).map(Self::Gone);
        news.chain(gone).chain([Self::Metadata])
    }

    /// The module that it is about, if about one.
    #[must_use]
    pub const fn module(self) -> Option<Module> {
        match self {
            Self::News(module) | Self::Gone(module) => Some(module),
            Self::Metadata => None,
        }
    }

    /// The key under which the mirror keeps when it was last done.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::News(module) => format!("asked/news/{module}"),
            Self::Gone(module) => format!("asked/gone/{module}"),
            Self::Metadata => "asked/metadata".to_owned(),
        }
    }
}

/// Everything that the pace depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// Now.
    pub now: Timestamp,
    /// Credits.
    pub usage: Usage,
    /// The terminal is in front.
    pub focused: bool,
    /// The module whose records are on the screen.
    pub shown: Option<Module>,
    /// The user wants nothing to be asked for by itself.
    pub paused: bool,
    /// When a person last pressed a key.
    pub touched: Timestamp,
    /// When something last changed on the server.
    pub changed: Timestamp,
    /// The time between two questions for what is on the screen, in the best case.
    pub usual: Duration,
}

/// How often each errand is done, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Rhythm {
    /// How far the program holds back.
    pub step: Step,
    /// Errands with the time between two of each; none of them when asking is off.
    pub every: BTreeMap<Errand, Duration>,
    /// The same for people.
    pub lines: Vec<PlanLine>,
}

/// How far a program holds back with so many credits left.
#[must_use]
pub fn step(usage: &Usage) -> Step {
    if usage.limit == 0 {
        return Step::Usual;
    }
    match u64::from(usage.limit.saturating_sub(usage.used)) * 100 / u64::from(usage.limit) {
        0..5 => Step::Ask,
        5..15 => Step::Off,
        15..30 => Step::Slower,
        _ => Step::Usual,
    }
}

/// The rhythm of a scene.
#[must_use]
pub fn rhythm(scene: &Scene) -> Rhythm {
    let step = step(&scene.usage);
    if scene.paused || matches!(step, Step::Off | Step::Ask) {
        return Rhythm { step, every: BTreeMap::new(), lines: Vec::new() };
    }
    let (factor, why) = factors(scene);
    let shown = scene.shown.unwrap_or(Module::Pipelines);
    let slowest = if step == Step::Slower { Duration::from_mins(5) } else { Duration::ZERO };
    let times = |base: u32, longest: Duration| {
        let wait = scene.usual.saturating_mul(base).saturating_mul(factor);
        wait.min(longest.max(scene.usual)).max(slowest)
    };
    let wait = |errand: Errand| match errand {
        Errand::News(module) if module == shown => times(1, Duration::from_hours(1)),
        Errand::News(module) if is_core(module) => times(8, Duration::from_hours(4)),
        Errand::News(_) => times(15, Duration::from_hours(8)),
        Errand::Gone(module) if module == shown => times(15, Duration::from_hours(4)),
        Errand::Gone(_) => times(30, Duration::from_hours(8)),
        Errand::Metadata => times(120, Duration::from_hours(24)),
    };
    let every = Errand::all().map(|errand| (errand, wait(errand))).collect();
    let lines = lines(&every, shown, why);
    Rhythm { step, every, lines }
}

/// How many times slower than in the best case, and why.
fn factors(scene: &Scene) -> (u32, Vec<String>) {
    /// Beyond this nobody would call it the same.
    const MOST: u32 = 32;
    let (mut factor, mut why) = (1, Vec::new());
    let mut slower = |times: u32, words: &str| {
        if times > 1 {
            factor *= times;
            why.push(format!("{times} times slower: {words}"));
        }
    };
    let since = |then: Timestamp| scene.now.duration_since(then);
    // A limit of nothing is one that is not known.
    let scarcity = 10_000_u32.checked_div(scene.usage.limit).unwrap_or(1);
    slower(scarcity.clamp(1, 4), "the allowance is small");
    match (scene.focused, since(scene.touched)) {
        (false, _) => slower(4, "the terminal is not in front"),
        (true, idle) if idle >= SignedDuration::from_hours(1) => slower(8, "no key for an hour"),
        (true, idle) if idle >= SignedDuration::from_mins(10) => slower(2, "no key for ten minutes"),
        _ => {}
    }
    match since(scene.changed) {
        still if still >= SignedDuration::from_hours(1) => slower(4, "nothing changed for an hour"),
        still if still >= SignedDuration::from_mins(10) => slower(2, "nothing changed for ten minutes"),
        _ => {}
    }
    (factor.min(MOST), why)
}

/// Modules that most screens show.
const fn is_core(module: Module) -> bool {
    matches!(module, Module::Pipelines | Module::Contacts | Module::Accounts)
}

/// The rhythm in words: what is asked for how often.
fn lines(every: &BTreeMap<Errand, Duration>, shown: Module, why: Vec<String>) -> Vec<PlanLine> {
    let line = |what: &str, every: Option<Duration>| PlanLine { what: SafeText::new(what), every };
    let of = |errand: Option<Errand>| every.get(&errand?).copied();
    let name = |module: Module| module.plural().to_lowercase();
    let mut lines = vec![line(&format!("{}, on the screen", name(shown)), of(Some(Errand::News(shown))))];
    for core in [true, false] {
        let others: Vec<Module> =
            MODULES.into_iter().filter(|module| *module != shown && is_core(*module) == core).collect();
        let names = others.iter().map(|module| name(*module)).collect::<Vec<_>>().join(", ");
        lines.push(line(&names, of(others.first().copied().map(Errand::News))));
    }
    let other = MODULES.into_iter().find(|module| *module != shown);
    lines.push(line("what was deleted", of(other.map(Errand::Gone))));
    lines.push(line("pipelines, fields and users", of(Some(Errand::Metadata))));
    lines.extend(why.iter().map(|why| line(why, None)));
    lines
}

/// The errands whose time has come, and when the next one's comes; none while asking is off. What was never done
/// is due.
#[must_use]
pub fn due(
    rhythm: &Rhythm,
    done: &BTreeMap<Errand, Timestamp>,
    now: Timestamp,
) -> (Vec<Errand>, Option<Timestamp>) {
    let mut errands = Vec::new();
    let mut next: Option<Timestamp> = None;
    for (errand, every) in &rhythm.every {
        let every = SignedDuration::try_from(*every).unwrap_or(SignedDuration::MAX);
        let at = done.get(errand).map_or(now, |last| last.saturating_add(every).unwrap_or(Timestamp::MAX));
        if at <= now {
            errands.push(*errand);
        } else {
            next = Some(next.map_or(at, |next| next.min(at)));
        }
    }
    (errands, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        let now = Timestamp::from_second(1_000_000).expect("a time");
        Scene {
            now,
            usage: Usage { used: 100, limit: 52_000, ..Usage::default() },
            focused: true,
            shown: Some(Module::Pipelines),
            paused: false,
            touched: now,
            changed: now,
            usual: Duration::from_mins(1),
        }
    }

    fn every(scene: &Scene, errand: Errand) -> Option<u64> {
        rhythm(scene).every.get(&errand).map(|every| every.as_secs() / 60)
    }

    fn left(percent: u32) -> Usage {
        Usage { used: 52_000 - 520 * percent, limit: 52_000, ..Usage::default() }
    }

    #[test]
    fn what_is_on_the_screen_is_asked_for_most_often() {
        let deals = Errand::News(Module::Pipelines);
        assert_eq!(every(&scene(), deals), Some(1));
        assert_eq!(every(&scene(), Errand::News(Module::Contacts)), Some(8));
        let contacts = Scene { shown: Some(Module::Contacts), ..scene() };
        assert_eq!(every(&contacts, Errand::News(Module::Contacts)), Some(1));
        assert_eq!(every(&contacts, deals), Some(8));
        assert!(rhythm(&scene()).every.values().min() == Some(&Duration::from_mins(1)));
    }

    #[test]
    fn nobody_looking_nothing_changing_and_a_small_allowance_make_it_slower() {
        let deals = Errand::News(Module::Pipelines);
        let ago = |minutes: i64| scene().now - SignedDuration::from_mins(minutes);
        let slower = [
            (Scene { focused: false, ..scene() }, 4),
            (Scene { touched: ago(11), ..scene() }, 2),
            (Scene { touched: ago(70), ..scene() }, 8),
            (Scene { changed: ago(11), ..scene() }, 2),
            (Scene { usage: Usage { limit: 5_000, ..Usage::default() }, ..scene() }, 2),
            (Scene { focused: false, touched: ago(70), changed: ago(70), ..scene() }, 16),
        ];
        for (scene, minutes) in slower {
            assert_eq!(every(&scene, deals), Some(minutes), "{scene:?}");
            assert!(rhythm(&scene).lines.iter().any(|line| line.what.as_str().contains("times slower")));
        }
    }

    #[test]
    fn few_credits_slow_it_down_then_stop_it() {
        let deals = Errand::News(Module::Pipelines);
        let with = |percent| Scene { usage: left(percent), ..scene() };
        assert_eq!((rhythm(&with(30)).step, every(&with(30), deals)), (Step::Usual, Some(1)));
        assert_eq!((rhythm(&with(29)).step, every(&with(29), deals)), (Step::Slower, Some(5)));
        assert_eq!((rhythm(&with(14)).step, every(&with(14), deals)), (Step::Off, None));
        assert_eq!(rhythm(&with(4)).step, Step::Ask);
        assert!(rhythm(&Scene { paused: true, ..scene() }).every.is_empty());
    }

    #[test]
    fn what_was_never_done_is_due_and_the_rest_in_its_time() {
        let (scene, deals) = (scene(), Errand::News(Module::Pipelines));
        let rhythm = rhythm(&scene);
        let (all, next) = due(&rhythm, &BTreeMap::new(), scene.now);
        assert_eq!((all.len(), next), (Errand::all().count(), None));
        let done: BTreeMap<Errand, Timestamp> = Errand::all().map(|errand| (errand, scene.now)).collect();
        let minute = SignedDuration::from_mins(1);
        assert_eq!(due(&rhythm, &done, scene.now), (Vec::new(), Some(scene.now + minute)));
        assert_eq!(due(&rhythm, &done, scene.now + minute).0, [deals]);
    }
}

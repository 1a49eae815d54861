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
    if matches!(step, Step::Off | Step::Ask) {
        return Rhythm { step, every: BTreeMap::new(), lines: Vec::new() };
    }
    let (factor, why) = factors(scene);
    let shown = scene.shown.unwrap_or(Module::Pipelines);
    let slowest = if step == Step::Slower { Duration::from_mins(5) } else { Duration::ZERO };
    let times = |base: u32, longest: Duration| {
        let wait = scene.usual.saturating_mul(base).saturating_mul(factor);
        wait.min(longest.max(scene.usual)).max(slowest)
    };
    let mut every = BTreeMap::new();
    for module in MODULES {
        let wait = match module {
            _ if module == shown => times(1, Duration::from_hours(1)),
            Module::Pipelines | Module::Contacts | Module::Accounts => times(8, Duration::from_hours(4)),
            _ => times(15, Duration::from_hours(8)),
        };
        every.insert(Errand::News(module), wait);
        // Notes are no module that lists what was deleted.
        if module != Module::Notes {
            let wait = if module == shown { times(15, Duration::from_hours(4)) } else { times(30, Duration::from_hours(8)) };
            every.insert(Errand::Gone(module), wait);
        }
    }
    every.insert(Errand::Metadata, times(120, Duration::from_hours(24)));
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
    let limit = scene.usage.limit;
    if limit > 0 {
        slower((10_000 / limit).clamp(1, 4), "the allowance is small");
    }
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

/// The rhythm in words: what is asked for how often.
fn lines(every: &BTreeMap<Errand, Duration>, shown: Module, why: Vec<String>) -> Vec<PlanLine> {
    let line = |what: String, every: Option<Duration>| PlanLine { what: SafeText::new(&what), every };
    let of = |errand: Errand| every.get(&errand).copied();
    let others = |slow: bool| {
        let core = |module: &Module| matches!(module, Module::Pipelines | Module::Contacts | Module::Accounts);
        let names = MODULES.iter().filter(|module| **module != shown && core(module) != slow);
        names.map(|module| module.plural().to_lowercase()).collect::<Vec<_>>().join(", ")
    };
    let first = |slow: bool| {
        let core = |module: &Module| matches!(module, Module::Pipelines | Module::Contacts | Module::Accounts);
        MODULES.iter().find(|module| **module != shown && core(module) != slow).copied()
    };
    let mut lines = vec![line(format!("{}, on the screen", shown.plural().to_lowercase()), of(Errand::News(shown)))];
    for slow in [false, true] {
        lines.push(line(others(slow), first(slow).and_then(|module| of(Errand::News(module)))));
    }
    let gone = MODULES.iter().filter(|module| **module != shown).find_map(|module| of(Errand::Gone(*module)));
    lines.push(line("what was deleted".to_owned(), gone));
    lines.push(line("pipelines, fields and users".to_owned(), of(Errand::Metadata)));
    lines.extend(why.into_iter().map(|why| line(why, None)));
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

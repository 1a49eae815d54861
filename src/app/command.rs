//! The `:` line: action names, and verbs with an argument.

use super::{
    Model,
    actions::{ACTIONS, Action},
    fuzzy,
};
use crate::protocol::{DemoCommand, Fault, Guard};

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// An action of the table.
    Act(Action),
    /// A row by its number, counted from 1.
    Row(u64),
    /// The nth visible thing, counted from 1.
    Pick(usize),
    /// A note on the record under the cursor.
    Note(String),
    /// Another stage for the deal under the cursor.
    Stage(String),
    /// Another pipeline to look at.
    Pipeline(String),
    /// Words that rows must contain.
    Filter(String),
    /// How much a query fetches before it asks.
    Guard(Guard),
    /// A switch of the emulated server.
    Demo(DemoCommand),
}

/// A command with an argument.
struct Verb {
    name: &'static str,
    argument: &'static str,
    help: &'static str,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "go",
        argument: "PLACE",
        help: "Goes to board, deals, contacts, companies, notes, pipelines, coql.",
    },
    Verb { name: "note", argument: "TEXT", help: "Writes a note on the record under the cursor." },
    Verb { name: "stage", argument: "NAME", help: "Moves the deal to a stage." },
    Verb { name: "pipeline", argument: "NAME", help: "Looks at another pipeline or sub-pipeline." },
    Verb { name: "filter", argument: "WORDS", help: "Narrows the list; without words it shows all." },
    Verb {
        name: "guard",
        argument: "ROWS CREDITS",
        help: "Sets at how many rows or credits a query stops and asks.",
    },
    Verb { name: "pick", argument: "NUMBER", help: "Takes the nth stage or row." },
    Verb {
        name: "demo",
        argument: "fault 429 | slow 2000 | lost | dead | clear | +7d",
        help: "Switches of the demo.",
    },
    Verb { name: "won", argument: "", help: "Closes the deal as won." },
    Verb { name: "lost", argument: "", help: "Closes the deal as lost." },
    Verb { name: "credits", argument: "", help: "Shows where API credits go." },
    Verb { name: "outbox", argument: "", help: "Lists what is not on the server yet." },
    Verb { name: "help", argument: "", help: "Lists every key." },
    Verb { name: "q", argument: "", help: "Quits; drafts and writes are kept." },
];

/// Names of places for `:go`.
const PLACES: &[(&str, Action)] = &[
    ("board", Action::GoBoard),
    ("deals", Action::GoDeals),
    ("contacts", Action::GoContacts),
    ("companies", Action::GoCompanies),
    ("notes", Action::GoNotes),
    ("pipelines", Action::GoPipelines),
    ("coql", Action::GoCoql),
    ("credits", Action::GoCredits),
    ("drafts", Action::GoDrafts),
    ("outbox", Action::GoOutbox),
    ("history", Action::GoHistory),
    ("messages", Action::GoMessages),
];

const DEMO: &[(&str, &str)] = &[
    ("fault 429", "the next call is refused for too many calls"),
    ("fault 500", "the next call fails on the server"),
    ("slow 2000", "the next call takes two seconds"),
    ("lost", "the next write is done and its answer lost"),
    ("dead", "nothing is answered any more"),
    ("clear", "all is well again"),
    ("+7d", "a week goes by"),
];

/// Reads a line.
///
/// # Errors
///
/// In words: what is not understood, and what would be.
pub fn parse(model: &Model, line: &str) -> Result<Command, String> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    if let Ok(number) = word.parse() {
        return Ok(Command::Row(number));
    }
    let or_ask = |asks: Action, command: fn(String) -> Command| match rest {
        "" => Command::Act(asks),
        rest => command(rest.to_owned()),
    };
    Ok(match word {
        "go" => Command::Act(place(rest)?),
        "note" => or_ask(Action::NewNote, Command::Note),
        "stage" => or_ask(Action::StagePick, Command::Stage),
        "pipeline" => or_ask(Action::PickPipeline, Command::Pipeline),
        "filter" => Command::Filter(rest.to_owned()),
        "pick" => {
            Command::Pick(rest.parse().map_err(|_| "pick which? a number, such as `pick 3`".to_owned())?)
        }
        "guard" => Command::Guard(guard(rest)?),
        "demo" => Command::Demo(demo(rest)?),
        "won" => Command::Act(Action::Won),
        "lost" => Command::Act(Action::Lost),
        "outbox" => Command::Act(Action::GoOutbox),
        "help" => Command::Act(Action::Help),
        "q" | "q!" | "wq" | "x" | "quit" => Command::Act(Action::Quit),
        name => match Action::named(name).filter(|action| is_command(*action)) {
            Some(action) => Command::Act(action),
            None => return Err(unknown(model, name)),
        },
    })
}

fn guard(words: &str) -> Result<Guard, String> {
    let number = |word: &str| word.replace([',', '_'], "").parse::<u64>().ok().filter(|number| *number > 0);
    let numbers: Option<Vec<u64>> = words.split_whitespace().map(number).collect();
    match numbers.as_deref() {
        Some([rows, credits]) => Ok(Guard { rows: *rows, credits: *credits }),
        _ => Err("at how many rows and credits? two numbers, such as `guard 2000 10`".to_owned()),
    }
}

/// Whether an action is more than a key of a dialog.
fn is_command(action: Action) -> bool {
    !action.row().contexts.only_overlays()
}

fn place(name: &str) -> Result<Action, String> {
    let found = PLACES.iter().find(|(place, _)| !name.is_empty() && place.starts_with(name));
    found.map(|(_, action)| *action).ok_or_else(|| {
        let names: Vec<&str> = PLACES.iter().map(|(name, _)| *name).collect();
        format!("go where? {}", names.join(", "))
    })
}

fn unknown(model: &Model, name: &str) -> String {
    match completions(model, name).first() {
        Some((like, _)) => format!("{name} is no command; did you mean {}?", like.trim()),
        None => format!("{name} is no command; Tab lists them, ? shows every key"),
    }
}

/// Reads what `:demo` is told.
///
/// # Errors
///
/// In words, with all that would be understood.
pub fn demo(text: &str) -> Result<DemoCommand, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let command = match *words.as_slice() {
        ["clear"] => Some(DemoCommand::Clear),
        ["lost"] | ["fault", "lost"] => Some(DemoCommand::Fault(Fault::LostAnswer)),
        ["dead"] | ["fault", "dead"] => Some(DemoCommand::Fault(Fault::Dead)),
        ["slow", millis] | ["fault", "slow", millis] => {
            millis.parse().ok().map(|millis| DemoCommand::Fault(Fault::Slow(millis)))
        }
        ["fault", status] => status
            .parse()
            .ok()
            .filter(|status| (400..=599).contains(status))
            .map(|status| DemoCommand::Fault(Fault::Status(status))),
        [ahead] => ahead.strip_prefix('+').and_then(seconds).map(DemoCommand::Advance),
        _ => None,
    };
    command
        .ok_or_else(|| "demo what? fault 429, slow 2000, lost, dead, clear, or time such as +7d".to_owned())
}

/// `7d`, `12h`, `30m` as seconds; at most ten years.
fn seconds(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" | "" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|seconds| *seconds <= 10 * 366 * 86_400)
}

/// What a line could become: the whole line and what it means, best first.
#[must_use]
pub fn completions(model: &Model, line: &str) -> Vec<(String, String)> {
    match line.split_once(' ') {
        Some((verb, rest)) => {
            let options = arguments(model, verb);
            let ranked = fuzzy::rank(rest, options.iter().map(|(name, _)| name.as_str()));
            ranked
                .into_iter()
                .map(|at| (format!("{verb} {}", options[at].0), options[at].1.clone()))
                .collect()
        }
        None => {
            let verbs = VERBS.iter().map(|verb| {
                let gap = if verb.argument.is_empty() { "" } else { " " };
                (format!("{}{gap}", verb.name), format!("{} {}", verb.argument, verb.help).trim().to_owned())
            });
            let actions = ACTIONS.iter().filter(|row| is_command(row.action));
            let actions = actions.map(|row| (row.name.to_owned(), row.help.to_owned()));
            let all: Vec<(String, String)> = verbs.chain(actions).collect();
            let begins = all.iter().filter(|(name, _)| name.starts_with(line)).cloned();
            let ranked = fuzzy::rank(line, all.iter().map(|(name, _)| name.as_str()));
            let like =
                ranked.into_iter().map(|at| all[at].clone()).filter(|(name, _)| !name.starts_with(line));
            begins.chain(like).collect()
        }
    }
}

fn arguments(model: &Model, verb: &str) -> Vec<(String, String)> {
    let owned = |(name, help): (&str, &str)| (name.to_owned(), help.to_owned());
    match verb {
        "go" => PLACES.iter().map(|(name, action)| owned((name, action.row().help))).collect(),
        "demo" => DEMO.iter().map(|pair| owned(*pair)).collect(),
        "pipeline" => model.pipeline_choices().into_iter().map(|(_, name)| (name, String::new())).collect(),
        "stage" => {
            let sub = model.current_deal().and_then(|deal| model.sub_pipeline(deal));
            let stages = sub.into_iter().flat_map(|sub| &sub.stages);
            stages.map(|stage| (stage.label.clone(), format!("{}%", stage.probability))).collect()
        }
        _ => Vec::new(),
    }
}

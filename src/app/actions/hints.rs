//! What the views tell about actions.

use crokey::KeyCombination;
use strum::IntoEnumIterator;

use super::{ACTIONS, Action, ActionRow, BINDINGS, Binding, Context, Group};
use crate::app::{Model, Place, keys, overlay::PaletteRow};

/// A key in the footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The key as shown.
    pub key: String,
    /// What it does, in a word or two.
    pub label: &'static str,
    /// Whether it can be used now.
    pub usable: bool,
}

/// A heading of the help with its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpGroup {
    /// The heading.
    pub title: &'static str,
    /// Its rows.
    pub rows: Vec<HelpRow>,
}

/// An action in the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRow {
    /// All its keys, as shown.
    pub key: String,
    /// What it is called.
    pub title: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// Why it cannot be used now.
    pub disabled: Option<&'static str>,
}

/// A key that continues an unfinished sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The key.
    pub key: String,
    /// What it does.
    pub label: &'static str,
    /// Why it cannot be used now.
    pub disabled: Option<&'static str>,
}

/// First keys of sequences that more than one key can follow, what they are for, and their place in the footer.
const PREFIXES: &[(char, &str, u8)] =
    &[('g', "go to", 18), ('f', "show only", 42), ('s', "sort", 44), ('y', "copy", 62)];

/// What a prefix key is for; empty if it is none.
#[must_use]
pub fn prefix_title(key: KeyCombination) -> &'static str {
    let typed = keys::typed(key);
    PREFIXES.iter().find(|(c, ..)| typed == Some(*c)).map_or("", |(_, title, _)| title)
}

/// The first key of an action that works in `context`, as shown; empty for none.
#[must_use]
pub fn key_of(row: &ActionRow, context: Option<Context>) -> String {
    let mut bindings = BINDINGS.iter().filter(|binding| binding.row.action == row.action);
    let found = bindings.find(|binding| context.is_none_or(|context| works(binding, context)));
    found.map_or_else(String::new, |binding| keys::show(&binding.keys))
}

/// Whether a key does its action in a context, and is not typed there.
#[must_use]
pub fn works(binding: &Binding, context: Context) -> bool {
    let edits = binding.keys.first().is_some_and(|key| context.edits(*key));
    binding.row.contexts.has(context) && !edits
}

/// The footer: the keys that matter most here, most important first. What cannot be used now stays in its place, so
/// that the line does not move while the cursor does.
#[must_use]
pub fn footer(model: &Model) -> Vec<Hint> {
    let context = Context::of(model);
    let mut ranked: Vec<(u8, Hint)> = Vec::new();
    for row in ACTIONS.iter().filter(|row| row.rank > 0 && row.contexts.has(context)) {
        let key = key_of(row, Some(context));
        let usable = row.action.availability(model).reason().is_none();
        let twin = ranked.iter_mut().find(|(rank, hint)| *rank == row.rank && hint.label == row.label);
        match twin {
            _ if key.is_empty() => {}
            Some((_, hint)) => {
                hint.key = format!("{}/{key}", hint.key);
                hint.usable |= usable;
            }
            None => ranked.push((row.rank, Hint { key, label: row.label, usable })),
        }
    }
    for (c, label, rank) in PREFIXES.iter().filter(|(c, ..)| continues(context, *c)) {
        ranked.push((*rank, Hint { key: c.to_string(), label, usable: true }));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, hint)| hint).collect()
}

fn continues(context: Context, c: char) -> bool {
    let starts = |binding: &&Binding| {
        binding.keys.len() > 1 && binding.keys.first().and_then(|key| keys::typed(*key)) == Some(c)
    };
    BINDINGS.iter().filter(starts).filter(|binding| works(binding, context)).count() > 1
}

/// The help: every key that works in the pane below, then those of dialogs, by heading.
#[must_use]
pub fn help(model: &Model) -> Vec<HelpGroup> {
    let here = Context::below(model);
    let live = |row: &&ActionRow| {
        row.contexts.has(here)
            || row.contexts.only_overlays()
            || (model.trail.here == Place::Coql
                && (row.contexts.has(Context::CoqlResult) || row.contexts.has(Context::CoqlPopup)))
    };
    let groups = Group::iter().map(|group| HelpGroup {
        title: group.title(),
        rows: ACTIONS
            .iter()
            .filter(|row| row.group == group)
            .filter(live)
            .map(|row| help_row(model, row))
            .collect(),
    });
    groups.filter(|group| !group.rows.is_empty()).collect()
}

fn help_row(model: &Model, row: &ActionRow) -> HelpRow {
    let all = BINDINGS.iter().filter(|binding| binding.row.action == row.action);
    let key = match row.action {
        Action::Pick => "1-9".to_owned(),
        _ => all.map(|binding| keys::show(&binding.keys)).collect::<Vec<_>>().join(" "),
    };
    HelpRow { key, title: row.title, help: row.help, disabled: row.action.availability(model).reason() }
}

/// The keys that go on from the unfinished sequence.
#[must_use]
pub fn continuations(model: &Model) -> Vec<Continuation> {
    let Some(prefix) = &model.prefix else { return Vec::new() };
    let context = Context::of(model);
    let mut found: Vec<Continuation> = Vec::new();
    for binding in BINDINGS.iter().filter(|binding| works(binding, context)) {
        if let Some(rest) = binding.keys.strip_prefix(prefix.keys.as_slice())
            && let Some(next) = rest.first()
        {
            found.push(Continuation {
                key: keys::show(&[*next]),
                label: binding.row.label,
                disabled: binding.row.action.availability(model).reason(),
            });
        }
    }
    found
}

/// The actions of the palette, in the order of the table; those of dialogs have no place there.
#[must_use]
pub fn palette(model: &Model) -> Vec<PaletteRow> {
    let commands = ACTIONS.iter().filter(|row| !row.contexts.only_overlays());
    commands
        .map(|row| PaletteRow::Action {
            name: row.name,
            title: row.title,
            key: if row.action == Action::Pick { "1-9".to_owned() } else { key_of(row, None) },
            disabled: row.action.availability(model).reason().map(str::to_owned),
        })
        .collect()
}

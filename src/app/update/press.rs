//! Keys and pasted text.

use crokey::{KeyCombination, OneToThree};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind};

use super::{act, line, note, notice};
use crate::app::{
    Effect, Model, Prefix,
    actions::{Action, BINDINGS, Context, works},
    input::{pasted, pasted_line},
    keys,
    overlay::Overlay,
};

/// What a sequence of keys is.
enum Meaning {
    Action(Action),
    Beginning,
    Nothing,
}

/// A key was pressed.
pub fn key(model: &mut Model, event: KeyEvent, out: &mut Vec<Effect>) {
    if event.kind == KeyEventKind::Release {
        return;
    }
    notice::seen(model);
    let key = keys::of(event);
    let context = Context::of(model);
    if model.prefix.is_none() && context.edits(key) {
        model.interrupted_at = None;
        return line::edit(model, key, out);
    }
    let mut sequence = model.prefix.take().map_or_else(Vec::new, |prefix| prefix.keys);
    let continued = !sequence.is_empty();
    if continued && key == KeyCode::Esc.into() {
        return;
    }
    sequence.push(key);
    match meaning(context, &sequence) {
        Meaning::Action(action) => {
            if action != Action::Cancel {
                model.interrupted_at = None;
            }
            if !matches!(action, Action::Resync | Action::Refresh) {
                model.resync_asked_at = None;
            }
            if !matches!(action, Action::Leave | Action::Quit) {
                model.leave_asked_at = None;
            }
            act::by_key(model, action, key, out);
        }
        Meaning::Beginning => {
            model.prefix = Some(Prefix { keys: sequence, since: model.now, shown: false });
        }
        Meaning::Nothing if continued => {
            let shown = keys::show(&sequence);
            let first = keys::show(&sequence[..1]);
            notice::info(model, &format!("{shown} is no key; {first} alone shows what can follow"));
        }
        Meaning::Nothing => {
            if let Some(c) = keys::typed(key).filter(|_| !context.is_overlay()) {
                notice::info(model, &format!("{c} does nothing here; ? lists every key"));
            }
        }
    }
}

fn meaning(context: Context, sequence: &[KeyCombination]) -> Meaning {
    let found = look_up(context, sequence);
    if !matches!(found, Meaning::Nothing) {
        return found;
    }
    let latin: Vec<KeyCombination> = sequence.iter().map(|key| by_position(*key)).collect();
    if latin == sequence { Meaning::Nothing } else { look_up(context, &latin) }
}

fn look_up(context: Context, sequence: &[KeyCombination]) -> Meaning {
    let mut beginning = false;
    for binding in BINDINGS.iter().filter(|binding| works(binding, context)) {
        if binding.keys == sequence {
            return Meaning::Action(binding.row.action);
        }
        beginning |= binding.keys.starts_with(sequence);
    }
    if beginning { Meaning::Beginning } else { Meaning::Nothing }
}

/// Letters of Russian and Greek keyboards, and the Latin ones in the same place.
const POSITIONS: [(&str, &str); 2] = [
    ("йцукенгшщзфывапролдячсмитьбю", "qwertyuiopasdfghjklzxcvbnm,."),
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
];

/// A letter of another script as the Latin letter on the same key.
fn by_position(key: KeyCombination) -> KeyCombination {
    let OneToThree::One(KeyCode::Char(c)) = key.codes else { return key };
    let lower = c.to_lowercase().next().unwrap_or(c);
    let latin = POSITIONS.iter().find_map(|(from, to)| {
        let at = from.chars().position(|other| other == lower)?;
        to.chars().nth(at)
    });
    let Some(latin) = latin else { return key };
    let typed = if c == lower { latin } else { latin.to_ascii_uppercase() };
    KeyCombination::one_key(KeyCode::Char(typed), key.modifiers).normalized()
}

/// Text was pasted: it is typed where text is typed, and never read as keys.
pub fn paste(model: &mut Model, raw: &str, out: &mut Vec<Effect>) {
    notice::seen(model);
    model.prefix = None;
    match Context::of(model) {
        Context::Note => {
            if let Some(Overlay::Note(editor)) = &mut model.overlay {
                editor.text.insert_str(pasted(raw));
            }
            note::changed(model);
        }
        Context::CoqlEditor => {
            model.panes.coql.editor.area.insert_str(pasted(raw));
            note::changed(model);
        }
        _ => {
            let text = pasted_line(raw);
            match line::open(model) {
                Some(input) => {
                    input.insert(&text);
                    line::changed(model, out);
                }
                None => notice::info(model, "nothing here takes pasted text; n writes a note"),
            }
        }
    }
}

/// Keys that came at once. Letters for an editor go into it at once too: one by one each would cost as much as the
/// text is long.
pub fn keys_at_once(model: &mut Model, events: &[KeyEvent], out: &mut Vec<Effect>) {
    let mut rest = events;
    while let Some((first, more)) = rest.split_first() {
        let is_text = matches!(Context::of(model), Context::Note | Context::CoqlEditor);
        let letter = |event: &KeyEvent| keys::typed(keys::of(*event));
        let text: String = rest.iter().map_while(letter).collect();
        if is_text && model.prefix.is_none() && text.chars().nth(1).is_some() {
            rest = &rest[text.chars().count()..];
            paste(model, &text, out);
        } else {
            rest = more;
            key(model, *first, out);
        }
    }
}

/// Begins a new line of the note.
pub fn new_line(model: &mut Model) {
    if let Some(Overlay::Note(editor)) = &mut model.overlay {
        editor.text.insert_newline();
    }
    note::changed(model);
}

use std::collections::HashSet;

use strum::IntoEnumIterator;

use super::*;
use crate::{
    app::{Options, Size, overlay::PaletteRow},
    protocol::Guard,
};

fn model() -> Model {
    let size = Size { cols: 120, rows: 36 };
    let options =
        Options { ascii: false, peek: true, peek_list: false, read_only: false, guard: Guard::default() };
    Model::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC, size, options)
}

#[test]
fn the_table_stands_in_the_order_of_its_enum() {
    for (place, row) in ACTIONS.iter().enumerate() {
        assert_eq!(row.action as usize, place, "{}", row.name);
        assert_eq!(Action::named(row.name), Some(row.action));
    }
}

#[test]
fn names_are_unique_and_dotted_and_every_row_speaks() {
    let names: HashSet<_> = ACTIONS.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), ACTIONS.len());
    for row in ACTIONS {
        let plain = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '-');
        assert!(row.name.contains('.') && row.name.chars().all(plain), "{}", row.name);
        assert!(!row.title.is_empty() && !row.label.is_empty(), "{}", row.name);
        assert!(row.help.ends_with('.') && row.help.len() > 10, "{}", row.name);
    }
}

#[test]
fn every_action_has_a_key_that_can_be_read_and_pressed_in_each_of_its_contexts() {
    for row in ACTIONS {
        assert!(!row.keys.is_empty(), "{} has no key", row.name);
        for text in row.keys {
            assert!(keys::parse(text).is_some(), "{}: {text}", row.name);
        }
        for context in row.contexts.iter() {
            assert!(!key_of(row, Some(context)).is_empty(), "{} cannot be pressed in {context:?}", row.name);
        }
    }
}

#[test]
fn no_two_keys_clash_and_no_key_is_the_beginning_of_another() {
    for context in Context::iter() {
        let here: Vec<&Binding> = BINDINGS.iter().filter(|b| b.row.contexts.has(context)).collect();
        for (at, one) in here.iter().enumerate() {
            for two in &here[at + 1..] {
                let clash = one.keys.starts_with(&two.keys) || two.keys.starts_with(&one.keys);
                assert!(!clash, "{} and {} in {context:?}", one.row.name, two.row.name);
            }
        }
    }
}

#[test]
fn every_action_outside_of_dialogs_is_in_the_palette_and_every_action_in_the_help() {
    let model = model();
    let names: HashSet<&str> = palette(&model)
        .iter()
        .filter_map(|row| match row {
            PaletteRow::Action { name, key, .. } if !key.is_empty() => Some(*name),
            _ => None,
        })
        .collect();
    for row in ACTIONS {
        assert_eq!(names.contains(row.name), !row.contexts.only_overlays(), "{}", row.name);
    }
    let mut told = HashSet::new();
    for place in Context::iter() {
        let mut model = model.clone();
        model.trail.here = match place {
            Context::Deals => crate::app::Place::Deals,
            Context::Contacts => crate::app::Place::Contacts,
            Context::CoqlEditor => crate::app::Place::Coql,
            Context::Credits => crate::app::Place::Credits,
            Context::Record => crate::app::Place::Record(crate::domain::Link {
                module: crate::domain::Module::Contacts,
                id: "1".parse().expect("digits"),
                name: crate::domain::SafeText::new("Ana"),
            }),
            _ => crate::app::Place::Board,
        };
        told.extend(help(&model).into_iter().flat_map(|group| group.rows).map(|row| row.title));
    }
    for row in ACTIONS {
        assert!(told.contains(row.title), "{} is in no help", row.name);
    }
}

#[test]
fn only_what_control_is_for_lives_on_control_alone() {
    let allowed = [Action::Cancel, Action::Redraw, Action::Suspend, Action::HalfDown, Action::HalfUp];
    for row in ACTIONS.iter().filter(|row| !allowed.contains(&row.action)) {
        assert!(row.keys.iter().any(|key| !key.starts_with("ctrl-")), "{}", row.name);
    }
}

#[test]
fn the_footer_is_ordered_and_keeps_the_place_of_what_cannot_be_used() {
    let hints = footer(&model());
    let position = |label: &str| hints.iter().position(|hint| hint.label == label);
    let moving = hints.iter().find(|hint| hint.label == "move stage");
    assert!(moving.is_some_and(|hint| !hint.usable && hint.key.contains('H')), "there is no deal yet");
    assert!(position("go to").is_some() && position("go to") < position("help"));
    assert!(position("help") < position("cmd"));
    assert!(hints.iter().any(|hint| hint.key == "j/k" && hint.label == "move"));
}

#[test]
fn a_key_that_cannot_be_used_says_why() {
    let mut model = model();
    let reason = |model: &Model, action: Action| action.availability(model).reason();
    assert_eq!(reason(&model, Action::StageNext), Some("choose a deal first"));
    assert_eq!(reason(&model, Action::NewNote), Some("choose a deal, contact or company first"));
    model.options.read_only = true;
    for action in [Action::StageNext, Action::StagePrevious, Action::StagePick, Action::Won, Action::Lost] {
        assert_eq!(reason(&model, action), Some("this session is read-only"));
    }
    assert_eq!(reason(&model, Action::NewNote), Some("this session is read-only"));
    let rows = help(&model).into_iter().flat_map(|group| group.rows);
    assert!(rows.into_iter().any(|row| row.key == "W" && row.disabled == Some("this session is read-only")));
}

#[test]
fn the_strip_after_a_prefix_lists_what_can_follow() {
    let mut model = model();
    let keys = keys::parse("g").expect("a key");
    assert_eq!(prefix_title(keys[0]), "go to");
    model.prefix = Some(crate::app::Prefix { keys, since: model.now, shown: true });
    let strip = continuations(&model);
    assert!(strip.iter().any(|next| next.key == "c" && next.label == "contacts"));
    assert!(strip.iter().any(|next| next.key == "P" && next.label == "pipelines"));
    assert!(!strip.iter().any(|next| next.label == "mine"));
}

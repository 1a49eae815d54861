//! What can be done in the credits cockpit.

use super::desk::Desk;
use crate::{
    app::{Effect, fixture, overlay::Overlay},
    protocol::{Event, ExportState, JobKey, Request},
};

#[test]
fn a_call_is_copied_for_a_shell_without_asking_anyone() {
    let mut desk = Desk::at(fixture::credits());
    desk.press("l").press("j").press("y");
    let Some(Overlay::Calls(view)) = &desk.model.overlay else { unreachable!("the log") };
    let call = view.selected().expect("the second call").curl.clone();
    assert!(view.copied, "it is said");
    let copied = desk.effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert_eq!(copied, Some(call));
    desk.press("G").press("esc");
    assert!(desk.model.overlay.is_none());
    assert_eq!(desk.requests(), [], "the log is here already");
}

#[test]
fn the_books_go_into_a_new_file_that_is_named_after_the_moment() {
    let mut desk = Desk::at(fixture::credits());
    desk.press("x");
    let requests = desk.requests();
    let [Request::ExportLedger { path }] = requests.as_slice() else { unreachable!("{requests:?}") };
    let name = path.display().to_string();
    assert!(name.starts_with("bigin-credits-2") && name.ends_with(".csv"), "{name}");
    let generation = desk.generation(&JobKey::Export);
    let state = ExportState::Written { path: path.clone(), rows: 212, bytes: 9_000 };
    desk.hear(Event::Export { generation, state });
    assert!(desk.said().contains("wrote 212 rows") && desk.said().contains(&name), "{}", desk.said());
}

#[test]
fn a_what_if_goes_through_paces_and_comes_back() {
    let mut desk = Desk::at(fixture::credits());
    let every = |desk: &Desk| desk.model.panes.credits.every.as_secs();
    let first = every(&desk);
    let mut seen = Vec::new();
    loop {
        desk.press("t");
        seen.push(every(&desk));
        if every(&desk) == first {
            break;
        }
    }
    assert_eq!((first, &seen[..4]), (60, &[30, 10, 5, 3_600][..]));
    assert_eq!(desk.requests(), [], "it is only reckoned");
}

//! What the worker is told of what the user looks at, and what is kept of it.

use std::sync::Arc;

use jiff::{SignedDuration, ToSpan, tz::TimeZone};

use super::{answers::failure, desk::Desk};
use crate::{
    app::{Model, Msg, Place, fixture},
    domain::{Module, SafeText},
    protocol::{Attention, Busy, Event, Request, Step, SyncState},
};

/// What was told since the last look.
fn told(desk: &mut Desk) -> Vec<Attention> {
    desk.requests()
        .into_iter()
        .filter_map(|request| match request {
            Request::Attention(attention) => Some(attention),
            _ => None,
        })
        .collect()
}

#[test]
fn another_screen_and_a_key_after_a_while_are_told_and_nothing_else() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("j").press("j").press("g d");
    assert_eq!(told(&mut desk), []);
    desk.press("g c");
    let at_contacts = Attention { focused: true, shown: Some(Module::Contacts), paused: false };
    assert_eq!(told(&mut desk), [at_contacts]);
    desk.wait(61_000).press("j").press("j");
    assert_eq!(told(&mut desk), [at_contacts]);
    desk.send(Msg::Focus(false));
    assert_eq!(told(&mut desk).last(), Some(&Attention { focused: false, ..at_contacts }));
}

#[test]
fn the_sync_is_paused_and_goes_on() {
    let mut desk = Desk::at(fixture::credits());
    desk.press("p");
    assert_eq!(told(&mut desk).last().map(|attention| attention.paused), Some(true));
    desk.press("p");
    assert_eq!(told(&mut desk).last().map(|attention| attention.paused), Some(false));
}

#[test]
fn with_the_last_credits_a_refresh_is_asked_for_twice() {
    let mut desk = Desk::at(fixture::deals());
    desk.model.account.plan.step = Step::Ask;
    desk.press("r");
    assert!(!desk.requests().contains(&Request::Refresh), "a first press says what it costs");
    desk.press("r");
    assert!(desk.requests().contains(&Request::Refresh));
}

#[test]
fn the_next_start_is_where_the_user_was() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("g o");
    let kept = desk.requests().into_iter().rev().find_map(|request| match request {
        Request::KeepScreen(text) => Some(text),
        _ => None,
    });
    let kept = kept.expect("the place is kept");
    let start = |text: &str| {
        let known = fixture::model();
        let mut desk = Desk::at(Model::new(known.now, TimeZone::UTC, known.size, known.options));
        desk.hear(Event::Screen(text.to_owned()));
        desk.hear(Event::Catalog(Arc::new(fixture::catalog())));
        desk
    };
    let again = start(&kept);
    assert_eq!(again.model.trail.here, Place::Companies);
    assert_eq!(again.model.scope, Some(fixture::scope()));
    for odd in ["", "{}", "{\"place\":\"moon\"}", "{\"module\":\"Contacts\"}"] {
        assert_eq!(start(odd).model.trail.here, Place::Board, "{odd}");
    }
    let elsewhere = start("{\"place\":\"deals\",\"pipeline\":\"99\"}").model;
    assert_eq!(elsewhere.trail.here, Place::Deals);
    assert!(elsewhere.scope.is_some_and(|scope| scope.pipeline != fixture::id(99)), "the pipeline is gone");
}

#[test]
fn a_wait_is_counted_down_second_by_second_and_ends() {
    let mut desk = Desk::at(fixture::deals());
    let until = desk.model.now + 2_500.milliseconds();
    desk.hear(Event::Busy(Some(Busy { until, why: SafeText::new("too many calls") })));
    assert_eq!(desk.model.next_due(), Some(until - 2.seconds()));
    desk.wait(1_000);
    assert_eq!(desk.model.next_due(), Some(until - 1.second()));
    desk.wait(1_500);
    assert_eq!((desk.model.account.busy.as_ref(), desk.model.next_due()), (None, None));
}

#[test]
fn a_clock_that_is_put_back_holds_up_no_draft() {
    for hours in [-11, 7 * 24] {
        let mut desk = Desk::at(fixture::board());
        desk.press("n").press("a");
        let left = |desk: &Desk| desk.model.next_due().map(|due| due - desk.model.now);
        let before = left(&desk);
        assert!(before.is_some());
        desk.hear(Event::Clock { ahead: SignedDuration::from_hours(hours) });
        assert_eq!(left(&desk), before, "{hours} hours");
    }
}

#[test]
fn nothing_is_counted_down_while_offline() {
    let mut desk = Desk::at(fixture::deals());
    let busy = Busy { until: desk.model.now + 5.seconds(), why: SafeText::new("no connection") };
    desk.hear(Event::Busy(Some(busy.clone())));
    let failure = failure("Bigin cannot be reached");
    desk.hear(Event::Sync(SyncState::Offline { since: None, failure }));
    assert_eq!(desk.model.account.busy, None);
    desk.hear(Event::Busy(Some(busy)));
    assert_eq!(desk.model.account.busy, None);
}

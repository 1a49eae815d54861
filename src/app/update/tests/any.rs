//! Whatever happens in whatever order, the model stays whole.

use std::{collections::HashMap, sync::Arc};

use proptest::{collection::vec, prelude::*};

use super::{answers::answer, desk::Desk};
use crate::{
    app::{Model, Msg, actions::BINDINGS, fixture, geometry},
    protocol::{Event, Generation, Job, JobKey},
};

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Letter(char),
    Paste(String),
    Resize(u16, u16),
    /// The job with this place in the queue is answered, well or badly.
    Answer(prop::sample::Index, bool),
    /// A job that was answered before is answered again.
    Late(prop::sample::Index),
    Changed,
    Wait(u16),
    Catalog,
    Edited,
}

fn steps() -> impl Strategy<Value = Step> {
    let bound: Vec<&'static str> = BINDINGS.iter().flat_map(|binding| binding.row.keys).copied().collect();
    prop_oneof![
        10 => prop::sample::select(bound).prop_map(Step::Keys),
        3 => prop::sample::select(vec!["j", "k", "h", "l", "enter", "esc", "G", "g c", "g p", "pagedown"]).prop_map(Step::Keys),
        3 => any::<char>().prop_map(Step::Letter),
        1 => "\\PC{0,6}\n?\\PC{0,3}".prop_map(Step::Paste),
        1 => (0u16..200, 0u16..60).prop_map(|(cols, rows)| Step::Resize(cols, rows)),
        8 => (any::<prop::sample::Index>(), prop::bool::weighted(0.85)).prop_map(|(at, good)| Step::Answer(at, good)),
        1 => any::<prop::sample::Index>().prop_map(Step::Late),
        1 => Just(Step::Changed),
        2 => (0u16..1000).prop_map(Step::Wait),
        1 => Just(Step::Catalog),
        1 => Just(Step::Edited),
    ]
}

fn take(desk: &mut Desk, waiting: &mut Vec<Job>) {
    waiting.extend(desk.jobs());
}

fn list_is_whole(model: &mut Model) {
    let here = model.trail.here.clone();
    if let Some((_, height, list)) = model.list_at(&here) {
        let (cursor, total) = (list.cursor(), list.total());
        assert!(cursor < total.max(1), "cursor {cursor} of {total}");
        assert!(height >= 1);
    }
    let (list, card) = (
        geometry::list_rows(model.size, model.options.peek_list).max(1),
        geometry::board_cards(model.size, model.options.peek),
    );
    let panes = &model.panes;
    let mut views =
        vec![(panes.board.column().map(|c| (c.cards.top, c.cards.cursor)), card, crate::app::Place::Board)];
    views.push((Some((panes.deals.top, panes.deals.cursor)), list, crate::app::Place::Deals));
    views.push((Some((panes.contacts.top, panes.contacts.cursor)), list, crate::app::Place::Contacts));
    views.push((Some((panes.notes.top, panes.notes.cursor)), list, crate::app::Place::Notes));
    for (at, height, place) in views {
        if let Some((top, cursor)) = at.filter(|_| place == here) {
            assert!(
                top <= cursor && cursor < top + u64::from(height),
                "{place:?} top {top} cursor {cursor} height {height}"
            );
        }
    }
    assert!(panes.board.focus < panes.board.columns.len().max(1));
    for column in &panes.board.columns {
        assert_eq!(column.cards.total, Some(column.count), "{}", column.stage.value);
        assert!(column.cards.rows.iter().all(|row| row.stage == column.stage.value));
    }
    if let Some(pane) = &panes.record {
        assert!(pane.fact < pane.facts().max(1));
    }
    assert!(model.notices.len() <= 100 && panes.visited.len() <= 20);
    assert!(model.trail.back.len() <= 100);
}

fn generations_grow(before: &HashMap<JobKey, Generation>, after: &HashMap<JobKey, Generation>) {
    for (key, old) in before {
        assert!(after.get(key).is_some_and(|new| new >= old), "{key:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_sequence_of_messages_leaves_the_model_whole(script in vec(steps(), 200)) {
        let mut desk = Desk::at(fixture::board());
        let (mut waiting, mut answered) = (Vec::new(), Vec::new());
        for step in script {
            let before = desk.model.generations.clone();
            match step {
                Step::Keys(sequence) => { desk.press(sequence); }
                Step::Letter(c) => { desk.type_text(&c.to_string()); }
                Step::Paste(text) => { desk.send(Msg::Paste(text)); }
                Step::Resize(cols, rows) => { desk.send(Msg::Resize { cols, rows }); }
                Step::Answer(at, good) if !waiting.is_empty() => {
                    let job: Job = waiting.remove(at.index(waiting.len()));
                    if let Some(event) = answer(&job, good) {
                        desk.hear(event);
                    }
                    answered.push(job);
                }
                Step::Late(at) if !answered.is_empty() => {
                    if let Some(event) = answer(at.get(&answered), true) {
                        desk.hear(event);
                    }
                }
                Step::Answer(..) | Step::Late(_) => {}
                Step::Changed => { desk.hear(Event::Changed); }
                Step::Wait(milliseconds) => { desk.wait(i64::from(milliseconds)); }
                Step::Catalog => { desk.hear(Event::Catalog(Arc::new(fixture::catalog()))); }
                Step::Edited => { desk.send(Msg::Edited(Some("from outside\n".to_owned()))); }
            }
            take(&mut desk, &mut waiting);
            list_is_whole(&mut desk.model);
            generations_grow(&before, &desk.model.generations);
        }
    }

    #[test]
    fn once_all_is_answered_nothing_more_is_asked(script in vec(steps(), 60)) {
        let mut desk = Desk::at(fixture::board());
        for step in script {
            match step {
                Step::Keys(sequence) => { desk.press(sequence); }
                Step::Resize(cols, rows) => { desk.send(Msg::Resize { cols, rows }); }
                Step::Changed => { desk.hear(Event::Changed); }
                _ => {}
            }
        }
        let mut rounds = 0;
        loop {
            desk.wait(500);
            let jobs = desk.jobs();
            if jobs.is_empty() {
                break;
            }
            rounds += 1;
            prop_assert!(rounds < 12, "it goes on asking: {jobs:?}");
            for event in jobs.iter().filter_map(|job| answer(job, true)) {
                if event != Event::Changed {
                    desk.hear(event);
                }
            }
        }
    }
}

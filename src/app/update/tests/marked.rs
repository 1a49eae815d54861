use super::{answers::answer, desk::Desk};
use crate::{
    app::{Effect, Place, fixture, overlay::Overlay},
    protocol::{JobKey, Request, StageChange},
};

fn written(desk: &mut Desk) -> Vec<Vec<StageChange>> {
    let writes = desk.requests().into_iter().filter_map(|request| match request {
        Request::MoveDeals(changes) => Some(changes),
        _ => None,
    });
    writes.collect()
}

fn asked(desk: &Desk) -> (String, Vec<(u64, String)>, String) {
    let Some(Overlay::Confirm(confirm)) = &desk.model.overlay else { unreachable!("a question") };
    (confirm.question.clone(), confirm.groups.clone(), confirm.stay.clone())
}

/// The list of deals with all of them marked.
fn all() -> Desk {
    let mut desk = Desk::at(fixture::deals());
    desk.press("V").jobs();
    desk
}

/// So many deals stand in the stage.
fn standing(desk: &Desk, stage: &str) -> u64 {
    desk.model.panes.deals.rows.iter().filter(|row| row.stage == stage).count() as u64
}

#[test]
fn marked_deals_are_carried_as_one_action_after_a_question() {
    let mut desk = Desk::at(fixture::board());
    desk.press("space").press("space").press("space").press("L");
    let (question, groups, stay) = asked(&desk);
    assert_eq!(question, "Move 3 deals one stage on?");
    assert_eq!((groups, stay.as_str()), (vec![(3, "Proposal → Negotiation".to_owned())], ""));
    assert_eq!(written(&mut desk), Vec::<Vec<StageChange>>::new());
    desk.press("y");
    let writes = written(&mut desk);
    assert_eq!(writes.iter().map(Vec::len).collect::<Vec<_>>(), [3]);
    assert!(writes[0].iter().all(|change| change.from == "Proposal" && change.to == "Negotiation"));
    assert!(writes[0].windows(2).all(|pair| pair[0].write != pair[1].write));
    assert!(!desk.model.has_marks() && desk.model.overlay.is_none());
    assert_eq!(desk.model.moves.len(), 3);
    assert_eq!(desk.model.panes.board.focus, 2, "the cursor was on none of them");
}

#[test]
fn no_changes_nothing_and_keeps_the_marks() {
    let mut desk = all();
    let many = desk.model.marks().map_or(0, crate::app::Marks::len);
    desk.press("L").press("n");
    assert!(desk.model.overlay.is_none() && desk.model.moves.is_empty());
    assert_eq!(desk.model.marks().map_or(0, crate::app::Marks::len), many);
}

#[test]
fn what_cannot_move_is_counted_with_its_reason() {
    let mut desk = all();
    let last = standing(&desk, "Verbal yes");
    let first = standing(&desk, "Qualification");
    desk.press("L");
    assert_eq!(asked(&desk).2, format!("{last} stay: {last} in the last open stage"));
    desk.press("esc").press("H");
    assert_eq!(asked(&desk).2, format!("{first} stay: {first} in the first stage"));
}

#[test]
fn a_deal_of_another_pipeline_stays() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("space").press("space").press("space");
    let other = desk.model.panes.deals.rows[1].clone();
    desk.model.panes.deals.rows[1].pipeline = fixture::id(77);
    desk.press("m").press("1");
    let (question, _, stay) = asked(&desk);
    assert_eq!(question, "Move 2 deals to Qualification?");
    assert_eq!(stay, "1 stays: 1 in a pipeline without Qualification");
    desk.press("y");
    assert!(written(&mut desk)[0].iter().all(|change| change.deal.id != other.id));
}

#[test]
fn one_marked_deal_is_moved_without_a_question() {
    let mut desk = Desk::at(fixture::board());
    desk.press("space").press("L");
    assert_eq!(written(&mut desk).len(), 1);
    assert!(desk.model.overlay.is_none() && !desk.model.has_marks());
}

#[test]
fn a_stage_can_be_named_for_all() {
    let mut desk = all();
    desk.press(":").type_text("stage nego").press("enter");
    let there = standing(&desk, "Negotiation");
    let (question, _, stay) = asked(&desk);
    assert_eq!(question, format!("Move {} deals to Negotiation?", 33 - there));
    assert_eq!(stay, format!("{there} stay: {there} in Negotiation already"));
}

#[test]
fn marked_deals_are_closed_on_one_day_for_one_reason() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("space").press("space").press("X");
    desk.press("down").press("tab").press("tab").press("ctrl-u").type_text("1 oct").press("enter");
    assert_eq!(asked(&desk).0, "Close 2 deals as lost?");
    desk.press("y");
    let changes = written(&mut desk).remove(0);
    assert!(changes.iter().all(|change| change.to == "No budget" && change.amount.is_none()));
    assert!(changes.iter().all(|change| change.closing.is_some_and(|date| date.day() == 1)));
}

#[test]
fn a_share_is_added_to_the_amount_of_each() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("space").press("space").press("c a").type_text("+10%").press("enter");
    assert_eq!(asked(&desk).0, "Change 2 deals?");
    let before: Vec<_> = desk.model.panes.deals.rows[..2].iter().map(|row| row.amount).collect();
    desk.press("y");
    let mut changes = written(&mut desk).remove(0);
    changes.sort_by_key(|change| desk.model.panes.deals.rows.iter().position(|row| row.id == change.deal.id));
    for (change, before) in changes.iter().zip(before) {
        let ten_more = before.expect("an amount") * rust_decimal::Decimal::new(11, 1);
        assert_eq!(change.amount, Some(ten_more));
        assert_eq!((&change.from, change.closing), (&change.to, None));
    }
}

#[test]
fn deals_that_are_not_in_hand_are_looked_up_first() {
    let mut desk = all();
    desk.model.panes.deals.rows.truncate(2);
    desk.press("L");
    assert!(desk.model.overlay.is_none());
    let job = desk.jobs().into_iter().find(|job| job.key == JobKey::Marked).expect("a look-up");
    desk.hear(answer(&job, true).expect("an answer"));
    assert!(asked(&desk).0.starts_with("Move "));
}

#[test]
fn nothing_is_asked_over_a_dialog_that_opened_meanwhile() {
    let mut desk = all();
    desk.model.panes.deals.rows.truncate(2);
    desk.press("L").press("?");
    let job = desk.jobs().into_iter().find(|job| job.key == JobKey::Marked).expect("a look-up");
    desk.hear(answer(&job, true).expect("an answer"));
    assert!(matches!(desk.model.overlay, Some(Overlay::Help(_))));
}

#[test]
fn marked_records_are_copied_a_line_each() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("space").press("space").press("y n");
    let copied = |desk: &mut Desk| match desk.effects.drain(..).next_back() {
        Some(Effect::Copy(text)) => text.to_string(),
        other => unreachable!("{other:?} is no copy"),
    };
    let lines = copied(&mut desk);
    assert_eq!(lines.lines().count(), 2);
    let names: Vec<String> =
        desk.model.panes.contacts.rows[..2].iter().map(|row| row.name.to_string()).collect();
    assert!(names.iter().all(|name| lines.contains(name)), "{lines}");
}

#[test]
fn the_deal_on_the_screen_is_meant_there_whatever_is_marked_elsewhere() {
    let mut desk = all();
    desk.press("enter");
    assert!(matches!(desk.model.trail.here, Place::Record(_)));
    assert!(desk.model.marked_deals().is_empty());
}

#[test]
fn a_change_is_made_once_more_on_another_deal() {
    let mut desk = Desk::at(fixture::deals());
    desk.press(".");
    assert_eq!(desk.said(), "Do it once more: no deal was changed yet");
    desk.press("c a").press("ctrl-u").type_text("+10%").press("enter").press("j");
    let second = desk.model.panes.deals.rows[1].clone();
    desk.press(".");
    let changes = written(&mut desk).concat();
    assert_eq!((changes.len(), &changes[1].deal.id), (2, &second.id));
    let ten_more = second.amount.expect("an amount") * rust_decimal::Decimal::new(11, 1);
    assert_eq!(changes[1].amount, Some(ten_more), "of its own amount");

    desk.press("g g").press("L").press("j").press(".");
    let moved = written(&mut desk).concat();
    let stages: Vec<_> = moved.iter().map(|change| (change.from.as_str(), change.to.as_str())).collect();
    assert_eq!(stages, [("Negotiation", "Verbal yes"), ("Proposal", "Negotiation")]);
    desk.press("space").press("space").press(".");
    assert!(desk.model.overlay.is_none() && desk.said().contains("stay"), "{}", desk.said());
}

#[test]
fn closing_once_more_shows_the_form_again() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("X").press("down").press("enter").press("j").press("j").press(".");
    let Some(Overlay::Deal(form)) = &desk.model.overlay else { unreachable!("the form") };
    assert_eq!((form.cursor, form.deals.len()), (1, 1));
    assert_eq!(written(&mut desk).len(), 1);
}

//! From an action to what it does.

use crokey::KeyCombination;
use jiff::ToSpan;

use super::{
    accept, coql, credits, deal_form, draft, history, marked, marks, motion, note, notice, outbox, palette,
    pipeline, press, quit, stage, step, travel, turn, view, watch, yank,
};
use crate::{
    app::{
        Effect, Model, Place,
        actions::{Action, Availability, Context},
        keys,
        overlay::{CommandLine, EntryView, HelpView, Overlay, Pick},
        pane::CoqlFocus,
    },
    domain::Outcome,
    protocol::{Turn, Undoing},
};

/// Seconds within which a second Ctrl-C leaves.
const TWICE: i64 = 2;

/// Does an action that a key stands for; digits say which one of many.
pub fn by_key(model: &mut Model, action: Action, key: KeyCombination, out: &mut Vec<Effect>) {
    let digit = keys::typed(key).and_then(|c| c.to_digit(10)).and_then(|digit| usize::try_from(digit).ok());
    match (action, digit) {
        (Action::Pick, Some(number)) if Context::of(model) == Context::Stage => {
            stage::pick_number(model, number, out);
        }
        (Action::Pick, Some(number)) => motion::pick(model, number),
        _ => act(model, action, out),
    }
}

/// Does an action, or says why it cannot be done.
pub fn act(model: &mut Model, action: Action, out: &mut Vec<Effect>) {
    if let Availability::No(reason) = action.availability(model) {
        // At a top level Esc has nothing to say.
        if action != Action::OutOf {
            notice::info(model, &format!("{}: {reason}", action.row().title));
        }
        return;
    }
    if let Some(to) = motion::To::of(action) {
        return motion::go(model, to);
    }
    match action {
        Action::Left => motion::sideways(model, false),
        Action::Right => motion::sideways(model, true),
        Action::NextPart => motion::part(model, true),
        Action::PreviousPart => motion::part(model, false),
        Action::Pick => command(model, "pick "),
        Action::Open => open(model, out),
        Action::OutOf => out_of(model, out),
        Action::NextRecord => step::step(model, true, out),
        Action::PreviousRecord => step::step(model, false, out),

        Action::GoBack => drop(travel::back(model)),
        Action::GoForward => travel::forward(model),
        Action::GoBoard => travel::go(model, Place::Board),
        Action::GoDeals => travel::go(model, Place::Deals),
        Action::GoContacts => travel::go(model, Place::Contacts),
        Action::GoCompanies => travel::go(model, Place::Companies),
        Action::GoNotes => travel::go(model, Place::Notes),
        Action::GoCoql => travel::go(model, Place::Coql),
        Action::GoPipelines => travel::go(model, Place::Pipelines),
        Action::GoCredits => travel::go(model, Place::Credits),
        Action::PauseSync => watch::pause(model),
        Action::CallLog => credits::calls(model),
        Action::CopyCall => credits::copy(model, out),
        Action::ExportLedger => credits::export(model, out),
        Action::WhatIfPace => credits::pace(model),
        Action::GoDrafts => travel::drafts(model),
        Action::GoHistory => history::open(model, out),
        Action::GoMessages => travel::messages(model),
        Action::GoOutbox => outbox::open(model, out),
        Action::OutboxOpen => outbox::enter(model),
        Action::OutboxEdit => outbox::edit(model, out),
        Action::OutboxCancel | Action::OutboxSend | Action::OutboxEarlier | Action::OutboxLater => {
            outbox::order(model, action, out)
        }
        Action::ConflictMine => outbox::pick(model, Pick::Mine, out),
        Action::ConflictTheirs => outbox::pick(model, Pick::Theirs, out),
        Action::ConflictEdit => outbox::type_value(model),
        Action::ConflictTyped => outbox::typed(model, out),

        Action::ToggleBoard => travel::toggle_board(model),
        Action::PickPipeline => pipeline::pick(model),
        Action::Peek => view::peek(model),
        Action::Filter => view::open_filter(model),
        Action::FilterMine | Action::FilterNoNext | Action::FilterOverdue | Action::FilterClosed => {
            view::toggle_filter(model, action);
        }
        Action::FilterClear => view::clear_filter(model),
        Action::SortClosing
        | Action::SortName
        | Action::SortAmount
        | Action::SortStage
        | Action::SortModified
        | Action::SortTouched
        | Action::SortReverse => view::sort(model, action),
        Action::Refresh => view::refresh(model, out),
        Action::Resync => view::resync(model, out),

        Action::Mark => marks::toggle(model),
        Action::MarkRange => marks::range(model, out),
        Action::MarkAll => marks::all(model, out),
        Action::Yes => marked::confirmed(model, out),
        Action::MarkNone => marks::clear(model),

        Action::StageNext => stage::carry(model, true, out),
        Action::StagePrevious => stage::carry(model, false, out),
        Action::StagePick => stage::pick(model, out),
        Action::Won => deal_form::close(model, Outcome::Won, out),
        Action::Lost => deal_form::close(model, Outcome::Lost, out),
        Action::ChangeAmount => deal_form::change_here(model, 1, out),
        Action::ChangeClosing => deal_form::change_here(model, 2, out),

        Action::Undo => turn::turn(model, Undoing::Undo, out),
        Action::Repeat => marked::repeat(model, out),
        Action::Redo => turn::turn(model, Undoing::Redo, out),

        Action::NewNote => note::open(model),
        Action::NewNoteExternal => {
            note::open(model);
            note::external(model, out);
        }
        Action::SaveNote => note::save(model, out),
        Action::NewLine => press::new_line(model),
        Action::NextTarget => note::target(model, true),
        Action::PreviousTarget => note::target(model, false),
        Action::External => note::external(model, out),
        Action::ParkNote => note::park(model, out),
        Action::DropDraft => accept::drop_draft(model, out),

        Action::YankName
        | Action::YankId
        | Action::YankMail
        | Action::YankPhone
        | Action::YankRow
        | Action::YankCell
        | Action::YankTable
        | Action::YankLink => yank::yank(model, action, out),
        Action::OpenWeb => {
            let link = model.current().and_then(|link| model.web_link(&link));
            out.extend(link.map(Effect::Open));
        }

        Action::RunCoql => coql::run(model, out),
        Action::ResumeCoql => coql::resume(model, out),
        Action::FixCoql => coql::fix(model),
        Action::RunOnNext => coql::next_place(model),
        Action::ToggleStrict => coql::toggle_strict(model),
        Action::CompleteCoql => coql::popup::complete(model),
        Action::TakeCompletion => coql::popup::take(model),
        Action::CloseCompletions => coql::popup::close(model),
        Action::EditCoql => model.panes.coql.focus = CoqlFocus::Editor,
        Action::LeaveEditor => leave_editor(model, out),
        Action::OlderCoql => coql::history(model, true),
        Action::NewerCoql => coql::history(model, false),
        Action::HistoryCoql => coql::library::history(model, out),
        Action::SavedCoql => coql::library::saved(model, out),
        Action::SaveCoql => coql::library::save(model),
        Action::UseQuery => coql::library::take(model, false, out),
        Action::RunQuery => coql::library::take(model, true, out),
        Action::SaveQueryNow => coql::library::save_now(model, out),
        Action::FrequencyCoql => coql::turn(model, |_, column| Turn::Frequency { column }, out),
        Action::TotalsCoql => coql::turn(model, |_, column| Turn::Totals { column }, out),
        Action::LikeCoql => coql::turn(model, |row, column| Turn::Like { row, column, keep: true }, out),
        Action::UnlikeCoql => coql::turn(model, |row, column| Turn::Like { row, column, keep: false }, out),
        Action::SortUpCoql => coql::sort(model, Some(false)),
        Action::SortDownCoql => coql::sort(model, Some(true)),
        Action::SortNoneCoql => coql::sort(model, None),
        Action::WiderCoql => coql::widen(model, true),
        Action::NarrowerCoql => coql::widen(model, false),
        Action::ExportCoql => coql::export::open(model),
        Action::WriteExport => coql::export::write(model, out),

        Action::Command => command(model, ""),
        Action::Palette => palette::open(model),
        Action::Help => model.overlay = Some(Overlay::Help(HelpView::default())),
        Action::Cancel => cancel(model, out),
        Action::Redraw => out.push(Effect::Redraw),
        Action::Suspend => {
            draft::keep_all(model, out);
            out.push(Effect::Suspend);
        }
        Action::Leave => travel::leave_place(model, out),
        Action::Quit => leave(model, out),

        Action::Accept
        | Action::RunCommand
        | Action::KeepFilter
        | Action::WriteDeal
        | Action::RunWithValues => accept::accept(model, out),
        Action::Close | Action::CloseRead | Action::No => accept::close(model, out),
        Action::HelpFilter => {
            if let Some(Overlay::Help(help)) = &mut model.overlay {
                help.filtering = true;
            }
        }
        Action::Complete => accept::complete(model, true),
        Action::CompleteBack => accept::complete(model, false),
        Action::OlderCommand => accept::recall(model, true),
        Action::NewerCommand => accept::recall(model, false),

        // Movements, done above.
        Action::Down
        | Action::Up
        | Action::First
        | Action::Last
        | Action::PageDown
        | Action::PageUp
        | Action::HalfDown
        | Action::HalfUp => {}
    }
}

/// Into what is under the cursor: the record, or the records of a group.
fn open(model: &mut Model, out: &mut Vec<Effect>) {
    if model.trail.here == Place::Coql && model.panes.coql.results.link().is_none() {
        coql::turn(model, |row, _| Turn::Behind { row }, out);
    } else if let Some(entry) = model.entry().cloned() {
        model.overlay = Some(Overlay::Entry(EntryView { entry, top: 0 }));
    } else {
        travel::enter(model);
    }
}

/// Out of a range, or up one level: in the console, out of a run that goes on, else to the answer that led to this one.
fn out_of(model: &mut Model, out: &mut Vec<Effect>) {
    if marks::leave_range(model) {
        return;
    }
    if model.trail.here == Place::Coql {
        coql::up(model, out);
    } else {
        travel::up(model);
    }
}

/// Stops what runs, else gives the keys to the result; the text stays as it is either way.
fn leave_editor(model: &mut Model, out: &mut Vec<Effect>) {
    if !coql::cancel(model, out) {
        coql::leave(model, out);
    }
}

/// Opens the command line with a beginning.
pub fn command(model: &mut Model, text: &str) {
    let completions = crate::app::command::completions(model, text);
    let input = crate::app::overlay::LineInput::new(text);
    model.overlay = Some(Overlay::Command(CommandLine {
        typed: text.to_owned(),
        input,
        completions,
        ..CommandLine::default()
    }));
}

/// Leaves the program, at the second press where the disk does not have all that was typed.
pub fn leave(model: &mut Model, out: &mut Vec<Effect>) {
    let now = model.now;
    let sure = model.leave_asked_at.take().is_some_and(|at| now <= at + TWICE.seconds());
    if sure || model.keep_again.is_none() {
        return quit(model, out);
    }
    model.leave_asked_at = Some(now);
    draft::keep_again(model, out);
    draft::again(model);
    notice::info(model, "a text is not on disk yet; once more leaves without it, gN lists it");
}

/// Ctrl-C: stops what runs, closes what is open; twice in a row quits.
fn cancel(model: &mut Model, out: &mut Vec<Effect>) {
    let now = model.now;
    if model.interrupted_at.is_some_and(|at| now <= at + TWICE.seconds()) {
        return quit(model, out);
    }
    model.interrupted_at = Some(now);
    if model.overlay.is_some() {
        if !matches!(model.overlay, Some(Overlay::Export(_))) || !coql::export::cancel(model, out) {
            accept::close(model, out);
        }
    } else if !coql::cancel(model, out) && !coql::export::cancel(model, out) {
        notice::info(model, "Ctrl-C once more quits; drafts and writes are kept");
    }
}

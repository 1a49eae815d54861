//! When an action can be used, and why not.

use super::Availability::{self, No, Yes};
use crate::{
    app::{Model, Place, overlay::Overlay, update::step},
    domain::{Head, Outcome},
    protocol::{Answer, DealFilter, ListSpec, Standing},
};

fn when(yes: bool, reason: &'static str) -> Availability {
    if yes { Yes } else { No(reason) }
}

pub(super) fn always(_: &Model) -> Availability {
    Yes
}

pub(super) fn cockpit(model: &Model) -> Availability {
    when(model.panes.credits.cockpit.is_some(), "the books are not read yet")
}

pub(super) fn call(model: &Model) -> Availability {
    let any = matches!(&model.overlay, Some(Overlay::Calls(view)) if view.selected().is_some());
    when(any, "nothing was asked yet")
}

pub(super) fn catalog(model: &Model) -> Availability {
    when(model.account.catalog.is_some(), "the pipelines are not known yet")
}

pub(super) fn list(model: &Model) -> Availability {
    let here = &model.trail.here;
    let in_list =
        matches!(here, Place::Board | Place::Deals | Place::Contacts | Place::Companies | Place::Notes);
    when(in_list, "only on the board and in lists")
}

pub(super) fn sorted_list(model: &Model) -> Availability {
    let sorted = matches!(model.trail.here, Place::Deals | Place::Contacts | Place::Companies);
    when(sorted, "only in the lists of deals, contacts and companies")
}

pub(super) fn people_list(model: &Model) -> Availability {
    let people = matches!(model.trail.here, Place::Contacts | Place::Companies);
    when(people, "only in the lists of contacts and companies")
}

pub(super) fn deal_list(model: &Model) -> Availability {
    when(model.trail.here == Place::Deals, "only in the list of deals")
}

pub(super) fn board_or_deals(model: &Model) -> Availability {
    when(
        matches!(model.trail.here, Place::Board | Place::Deals),
        "only on the board and in the list of deals",
    )
}

pub(super) fn filtered(model: &Model) -> Availability {
    let filtered = model.filter_text().is_some_and(|text| !text.is_empty())
        || model.deal_filter().is_some_and(|filter| filter.mine || filter.no_next_step || filter.overdue);
    match list(model) {
        Yes => when(filtered, "nothing is filtered"),
        no => no,
    }
}

pub(super) fn can_open(model: &Model) -> Availability {
    if model.trail.here == Place::Pipelines {
        return when(!model.panes.pipelines.totals.is_empty(), "there is no pipeline under the cursor");
    }
    if model.trail.here == Place::Coql && has_group(model) {
        return Yes;
    }
    when(model.points_to().is_some() || model.entry().is_some(), "nothing under the cursor leads anywhere")
}

pub(super) fn can_go_up(model: &Model) -> Availability {
    if model.range().is_some() {
        return Yes;
    }
    let pane = &model.panes.coql;
    if model.trail.here == Place::Coql && (pane.run.is_running() || !pane.results.earlier.is_empty()) {
        return Yes;
    }
    when(model.trail.here.up().is_some(), "this is a top level; q quits")
}

pub(super) fn can_go_back(model: &Model) -> Availability {
    when(!model.trail.back.is_empty(), "this is where you began")
}

pub(super) fn can_go_forward(model: &Model) -> Availability {
    when(!model.trail.forward.is_empty(), "there is no step back to take back")
}

pub(super) fn can_step(model: &Model) -> Availability {
    when(step::origin(model).is_some(), "there is no list behind this record")
}

pub(super) fn can_mark(model: &Model) -> Availability {
    match &model.trail.here {
        Place::Record(_) => No("only rows and cards can be marked"),
        // The end of a range may be a row that is not in hand yet.
        _ if model.range().is_some() => Yes,
        _ => has_record(model),
    }
}

pub(super) fn marked(model: &Model) -> Availability {
    when(model.has_marks(), "nothing is marked")
}

pub(super) fn outbox_row(model: &Model) -> Availability {
    let row = matches!(&model.overlay, Some(Overlay::Outbox(view)) if view.selected().is_some());
    when(row, "everything is on the server")
}

pub(super) fn has_record(model: &Model) -> Availability {
    when(model.current().is_some(), "choose a record first")
}

pub(super) fn web(model: &Model) -> Availability {
    if model.account.session.as_ref().is_some_and(|session| session.demo) {
        return No("the demo has no pages on the web");
    }
    match model.current() {
        None => No("choose a record first"),
        Some(link) => when(model.web_link(&link).is_some(), "the address of Bigin on the web is not known"),
    }
}

pub(super) fn has_mail(model: &Model) -> Availability {
    when(model.mail().is_some(), "there is no e-mail address here")
}

pub(super) fn has_phone(model: &Model) -> Availability {
    when(model.phone().is_some(), "there is no phone number here")
}

fn writes(model: &Model) -> Availability {
    when(!model.options.read_only, "this session is read-only")
}

pub(super) fn can_undo(model: &Model) -> Availability {
    let fresh = !model.moves.is_empty() || !model.notes.is_empty();
    match writes(model) {
        Yes => when(model.account.turns.undo || fresh, "nothing was changed here that could be undone"),
        no => no,
    }
}

pub(super) fn can_redo(model: &Model) -> Availability {
    match writes(model) {
        Yes => when(model.account.turns.redo, "nothing was undone that could be done again"),
        no => no,
    }
}

pub(super) fn can_repeat(model: &Model) -> Availability {
    match can_change_stage(model) {
        Yes => when(model.last.is_some(), "no deal was changed yet"),
        no => no,
    }
}

pub(super) fn can_note(model: &Model) -> Availability {
    match writes(model) {
        Yes => when(model.note_target().is_some(), "choose a deal, contact or company first"),
        no => no,
    }
}

pub(super) fn can_change_stage(model: &Model) -> Availability {
    if let no @ No(_) = writes(model) {
        return no;
    }
    if !model.marked_deals().is_empty() {
        return Yes;
    }
    let Some(deal) = model.current_deal() else { return No("choose a deal first") };
    when(model.sub_pipeline(deal).is_some(), "the stages of this deal are not known yet")
}

fn neighbour(model: &Model, forward: bool) -> Availability {
    if let no @ No(_) = can_change_stage(model) {
        return no;
    }
    if !model.marked_deals().is_empty() {
        return Yes;
    }
    let Some((deal, sub)) = model.current_deal().and_then(|deal| Some((deal, model.sub_pipeline(deal)?)))
    else {
        return No("choose a deal first");
    };
    if !sub.stages.iter().any(|stage| stage.value == deal.stage && stage.outcome == Outcome::Open) {
        return No("this deal is closed; m moves it back to a stage");
    }
    if forward {
        when(sub.next_open(&deal.stage).is_some(), "this is the last open stage; W closes the deal as won")
    } else {
        when(sub.previous_open(&deal.stage).is_some(), "this is the first stage")
    }
}

pub(super) fn next_stage(model: &Model) -> Availability {
    neighbour(model, true)
}

pub(super) fn previous_stage(model: &Model) -> Availability {
    neighbour(model, false)
}

fn closes(model: &Model, outcome: Outcome, none: &'static str) -> Availability {
    match can_change_stage(model) {
        Yes if !model.marked_deals().is_empty() => Yes,
        Yes => {
            let sub = model.current_deal().and_then(|deal| model.sub_pipeline(deal));
            when(sub.is_some_and(|sub| sub.first(outcome).is_some()), none)
        }
        no => no,
    }
}

pub(super) fn can_win(model: &Model) -> Availability {
    closes(model, Outcome::Won, "this pipeline has no stage for won deals")
}

pub(super) fn can_lose(model: &Model) -> Availability {
    closes(model, Outcome::Lost, "this pipeline has no stage for lost deals")
}

pub(super) fn console(model: &Model) -> Availability {
    when(model.trail.here == Place::Coql, "only in the COQL console")
}

pub(super) fn answer_rows(model: &Model) -> Availability {
    match console(model) {
        Yes => when(model.panes.coql.results.answer.is_some(), "there is no answer yet"),
        no => no,
    }
}

pub(super) fn answer_sorted(model: &Model) -> Availability {
    match answer_rows(model) {
        Yes => when(model.panes.coql.results.order.is_some(), "the rows are as they came"),
        no => no,
    }
}

pub(super) fn answer_cell(model: &Model) -> Availability {
    let results = &model.panes.coql.results;
    match answer_rows(model) {
        Yes if !results.is_settled() => No("the rows are on their way"),
        Yes => when(results.rows.selected().is_some(), "there is no row under the cursor"),
        no => no,
    }
}

pub(super) fn can_export(model: &Model) -> Availability {
    match answer_rows(model) {
        Yes => not_writing(model),
        no => no,
    }
}

pub(super) fn not_writing(model: &Model) -> Availability {
    when(model.panes.coql.writing.is_none(), "a file is being written; Ctrl-C gives it up")
}

/// Whether the row under the cursor stands for a group of records.
pub(super) fn has_group(model: &Model) -> bool {
    let results = &model.panes.coql.results;
    let grouped = results.answer.as_ref().is_some_and(|answer| answer.grouped);
    grouped && results.is_settled() && results.rows.selected().is_some()
}

pub(super) fn has_row(model: &Model) -> Availability {
    if model.trail.here == Place::Coql { answer_cell(model) } else { has_record(model) }
}

pub(super) fn text_open(model: &Model) -> Availability {
    let open = matches!(model.overlay, Some(Overlay::Note(_))) || model.trail.here == Place::Coql;
    when(open, "only in a note and in the COQL console")
}

pub(super) fn console_ready(model: &Model) -> Availability {
    match console(model) {
        Yes => when(!model.panes.coql.editor.is_blank(), "there is no query to run"),
        no => no,
    }
}

pub(super) fn can_fix(model: &Model) -> Availability {
    match console(model) {
        Yes => when(model.panes.coql.fix().is_some(), "there is nothing that one key puts right"),
        no => no,
    }
}

pub(super) fn completing(model: &Model) -> Availability {
    when(model.panes.coql.popup.is_some(), "only while completions are listed")
}

pub(super) fn can_resume(model: &Model) -> Availability {
    let cut = |answer: &Answer| matches!(answer.standing, Standing::Cut(_));
    let results = &model.panes.coql.results;
    match console(model) {
        Yes if model.panes.coql.run.is_running() => No("the query is still running"),
        Yes => when(results.newest().is_some_and(cut), "nothing is missing of the answer"),
        no => no,
    }
}

impl Model {
    /// The e-mail address of the current contact.
    #[must_use]
    pub fn mail(&self) -> Option<&str> {
        let mail = match (&self.trail.here, self.record()) {
            (Place::Contacts, _) => self.panes.contacts.selected()?.email.as_str(),
            (_, Some(pane)) => match &pane.detail.as_ref()?.head {
                Head::Contact(contact) => contact.email.as_str(),
                _ => return None,
            },
            _ => return None,
        };
        (!mail.is_empty()).then_some(mail)
    }

    /// The phone number of the current contact or company.
    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        let phone = match (&self.trail.here, self.record()) {
            (Place::Contacts, _) => self.panes.contacts.selected()?.phone.as_str(),
            (Place::Companies, _) => self.panes.companies.selected()?.phone.as_str(),
            (_, Some(pane)) => match &pane.detail.as_ref()?.head {
                Head::Contact(contact) => contact.phone.as_str(),
                Head::Company(company) => company.phone.as_str(),
                _ => return None,
            },
            _ => return None,
        };
        (!phone.is_empty()).then_some(phone)
    }

    /// What the text filter of the pane says; none where there is none.
    #[must_use]
    pub fn filter_text(&self) -> Option<&str> {
        match self.trail.here {
            Place::Board | Place::Deals => Some(&self.deal_filter()?.text),
            Place::Contacts => self.panes.contacts.spec.as_ref().map(ListSpec::text),
            Place::Companies => self.panes.companies.spec.as_ref().map(ListSpec::text),
            Place::Notes => self.panes.notes.spec.as_ref().map(ListSpec::text),
            _ => None,
        }
    }

    /// The filter of the deals on the screen.
    #[must_use]
    pub fn deal_filter(&self) -> Option<&DealFilter> {
        match self.trail.here {
            Place::Board => Some(&self.panes.board.filter),
            Place::Deals => match self.panes.deals.spec.as_ref()? {
                ListSpec::Deals { filter, .. } => Some(filter),
                _ => None,
            },
            _ => None,
        }
    }
}

//! What lists show and in which order.

use jiff::ToSpan;

use super::{ask, due, notice, settle};
use crate::{
    app::{
        Effect, LiveFilter, Load, Model, Panes, Place,
        actions::Action,
        overlay::{LineInput, Overlay},
    },
    protocol::{CompanySort, ContactSort, DealFilter, DealSort, JobKey, ListSpec, Request, SortWay, Step},
};

/// Filter and order of the list of deals; the board shares the filter.
pub fn deal_order(panes: &Panes) -> (DealFilter, DealSort, SortWay) {
    match &panes.deals.spec {
        Some(ListSpec::Deals { filter, sort, way, .. }) => (filter.clone(), *sort, *way),
        _ => (
            DealFilter { open_only: true, ..panes.board.filter.clone() },
            DealSort::default(),
            SortWay::default(),
        ),
    }
}

fn set_deals(model: &mut Model, change: impl FnOnce(&mut DealFilter, &mut DealSort, &mut SortWay)) {
    let Some(scope) = model.scope.clone() else { return };
    let (mut filter, mut sort, mut way) = deal_order(&model.panes);
    change(&mut filter, &mut sort, &mut way);
    let board = &mut model.panes.board;
    let on_board = DealFilter { open_only: true, ..filter.clone() };
    if board.filter != on_board {
        board.filter = on_board;
        board.load = Load::Idle;
        for column in &mut board.columns {
            (column.cards.cursor, column.cards.top, column.cards.follow) = (0, 0, None);
            column.cards.outdated = true;
        }
    }
    model.panes.deals.show(ListSpec::Deals { scope, filter, sort, way });
}

/// Turns one of the conditions on or off.
pub fn toggle_filter(model: &mut Model, action: Action) {
    let mut words = "";
    set_deals(model, |filter, _, _| {
        let (flag, on, off) = match action {
            Action::FilterMine => (&mut filter.mine, "only yours", "everyone's"),
            Action::FilterNoNext => {
                (&mut filter.no_next_step, "only without a next step", "with or without a next step")
            }
            Action::FilterOverdue => (&mut filter.overdue, "only overdue", "overdue or not"),
            _ => (&mut filter.open_only, "only open deals", "closed deals too"),
        };
        *flag = !*flag;
        words = if *flag { on } else { off };
    });
    notice::info(model, words);
}

/// Shows everything again.
pub fn clear_filter(model: &mut Model) {
    set_text(model, "");
    if matches!(model.trail.here, Place::Board | Place::Deals) {
        set_deals(model, |filter, _, _| *filter = DealFilter { open_only: true, ..DealFilter::default() });
    }
}

/// Shows only rows with these words.
pub fn set_text(model: &mut Model, words: &str) {
    let words = words.trim().to_owned();
    let panes = &mut model.panes;
    match model.trail.here {
        Place::Board | Place::Deals => set_deals(model, |filter, _, _| filter.text = words),
        Place::Contacts => {
            if let Some(ListSpec::Contacts { sort, way, .. }) = panes.contacts.spec {
                panes.contacts.show(ListSpec::Contacts { text: words, sort, way });
            }
        }
        Place::Companies => {
            if let Some(ListSpec::Companies { sort, way, .. }) = panes.companies.spec {
                panes.companies.show(ListSpec::Companies { text: words, sort, way });
            }
        }
        Place::Notes => panes.notes.show(ListSpec::Notes { text: words }),
        _ => {}
    }
}

/// Opens the `/` line.
pub fn open_filter(model: &mut Model) {
    let before = model.filter_text().unwrap_or_default().to_owned();
    model.overlay = Some(Overlay::Filter(LineInput::new(before.clone())));
    model.live_filter = LiveFilter { before, due: None };
}

/// A letter was typed into the `/` line.
pub fn filter_typed(model: &mut Model) {
    model.live_filter.due = Some(model.now + due::FILTER.milliseconds());
}

/// Applies what the `/` line says.
pub fn apply_filter(model: &mut Model) {
    model.live_filter.due = None;
    if let Some(Overlay::Filter(line)) = &model.overlay {
        let words = line.text.clone();
        set_text(model, &words);
    }
}

/// Brings back the filter that was there before the `/` line.
pub fn restore_filter(model: &mut Model) {
    let LiveFilter { before, .. } = std::mem::take(&mut model.live_filter);
    set_text(model, &before);
}

/// Orders the list; the same order once more is turned round.
pub fn sort(model: &mut Model, action: Action) {
    let panes = &mut model.panes;
    match model.trail.here {
        Place::Deals => set_deals(model, |_, sort, way| {
            let wanted = match action {
                Action::SortName => DealSort::Name,
                Action::SortAmount => DealSort::Amount,
                Action::SortStage => DealSort::Stage,
                Action::SortModified => DealSort::Modified,
                Action::SortReverse => *sort,
                _ => DealSort::Closing,
            };
            let largest_first = matches!(wanted, DealSort::Amount | DealSort::Modified);
            *way = if *sort == wanted { turned(*way) } else { first_way(largest_first) };
            *sort = wanted;
        }),
        Place::Contacts => {
            if let Some(ListSpec::Contacts { text, sort, way }) = panes.contacts.spec.clone() {
                let wanted = match action {
                    Action::SortReverse => sort,
                    Action::SortTouched => ContactSort::Touched,
                    _ => ContactSort::Name,
                };
                let way =
                    if sort == wanted { turned(way) } else { first_way(wanted == ContactSort::Touched) };
                panes.contacts.show(ListSpec::Contacts { text, sort: wanted, way });
            }
        }
        Place::Companies => {
            if let Some(ListSpec::Companies { text, sort, way }) = panes.companies.spec.clone() {
                let wanted = match action {
                    Action::SortReverse => sort,
                    Action::SortTouched => CompanySort::Touched,
                    _ => CompanySort::Name,
                };
                let way =
                    if sort == wanted { turned(way) } else { first_way(wanted == CompanySort::Touched) };
                panes.companies.show(ListSpec::Companies { text, sort: wanted, way });
            }
        }
        _ => {}
    }
}

const fn turned(way: SortWay) -> SortWay {
    match way {
        SortWay::Ascending => SortWay::Descending,
        SortWay::Descending => SortWay::Ascending,
    }
}

const fn first_way(largest_first: bool) -> SortWay {
    if largest_first { SortWay::Descending } else { SortWay::Ascending }
}

/// Shows or hides the record under the cursor beside the list.
pub fn peek(model: &mut Model) {
    let options = &mut model.options;
    let shown = if model.trail.here == Place::Board { &mut options.peek } else { &mut options.peek_list };
    *shown = !*shown;
}

/// Seconds within which a second press means yes.
const TWICE: i64 = 5;

/// Fetches everything again, at the second press.
pub fn resync(model: &mut Model, out: &mut Vec<Effect>) {
    let now = model.now;
    let sure = model.resync_asked_at.take().is_some_and(|at| now <= at + TWICE.seconds());
    if sure {
        ask(model, JobKey::Refresh, Request::Resync, out);
        notice::info(model, "fetching everything again");
    } else {
        model.resync_asked_at = Some(now);
        notice::info(
            model,
            "this reads every record again, about 1 credit for 200 of them; R once more begins",
        );
    }
}

/// Asks the server for what changed, and shows what is here anew.
pub fn refresh(model: &mut Model, out: &mut Vec<Effect>) {
    let now = model.now;
    let sure = model.resync_asked_at.take().is_some_and(|at| now <= at + TWICE.seconds());
    if model.account.plan.step == Step::Ask && !sure {
        model.resync_asked_at = Some(now);
        return notice::info(model, "few credits are left: r once more spends about 15 of them");
    }
    settle::stale(model, out);
    if matches!(model.trail.here, Place::Record(_)) {
        settle::ask_record(model, true, out);
    }
    ask(model, JobKey::Refresh, Request::Refresh, out);
    notice::info(model, "asking Bigin for changes");
}

//! Moving a deal to another stage: carried, or picked from a list.

use super::{ask, deal_form, moves, notice};
use crate::{
    app::{
        Effect, Model,
        overlay::{LineInput, Overlay, StagePicker},
    },
    domain::{DealRow, Outcome, Stage},
    protocol::{JobKey, Request, StageChange, WriteId},
};

impl Model {
    /// A write id that no earlier session used either: ids grow with time.
    pub(in crate::app) fn take_write_id(&mut self) -> WriteId {
        let by_time = u64::try_from(self.now.as_millisecond()).unwrap_or(0);
        let id = self.next_write.max(by_time);
        self.next_write = id + 1;
        id
    }
}

/// Carries the deal one stage on or back.
pub fn carry(model: &mut Model, forward: bool, out: &mut Vec<Effect>) {
    let Some(deal) = model.current_deal().cloned() else { return };
    let Some(sub) = model.sub_pipeline(&deal) else { return };
    let to = if forward { sub.next_open(&deal.stage) } else { sub.previous_open(&deal.stage) };
    if let Some(to) = to.cloned() {
        send(model, &deal, &to.value, None, None, out);
    }
}

/// An amount, where there is one.
pub(super) type Amount = Option<rust_decimal::Decimal>;

/// A closing date, where there is one.
pub(super) type Closing = Option<jiff::civil::Date>;

/// Sends a deal to a stage, with a new amount and closing date where these change too.
pub(super) fn send(
    model: &mut Model,
    deal: &DealRow,
    to: &str,
    amount: Amount,
    closing: Closing,
    out: &mut Vec<Effect>,
) {
    let write = model.take_write_id();
    let change = StageChange {
        write,
        deal: deal.link(),
        from: deal.stage.clone(),
        to: to.to_owned(),
        amount,
        closing,
    };
    model.moves.insert(write, change.clone());
    moves::show(model, &change);
    ask(model, JobKey::Write(write), Request::MoveDeal(change), out);
}

/// Opens the list of stages for the current deal.
pub fn pick(model: &mut Model) {
    if let Some(deal) = model.current_deal().cloned() {
        pick_for(model, deal);
    }
}

/// Opens the list of stages for a deal.
pub fn pick_for(model: &mut Model, deal: DealRow) {
    let Some(stages) = model.sub_pipeline(&deal).map(|sub| sub.stages.clone()) else { return };
    let cursor = stages.iter().position(|stage| stage.value == deal.stage).unwrap_or(0);
    model.overlay = Some(Overlay::Stage(StagePicker { deal, stages, input: LineInput::default(), cursor }));
}

/// A digit in the list of stages.
pub fn pick_number(model: &mut Model, number: usize, out: &mut Vec<Effect>) {
    let Some(Overlay::Stage(picker)) = &model.overlay else { return };
    let Some(stage) = number.checked_sub(1).and_then(|at| picker.stages.get(at)).cloned() else {
        return notice::info(model, "there is no stage with this number");
    };
    let deal = picker.deal.clone();
    model.overlay = None;
    to_stage(model, &deal, &stage, out);
}

/// Takes the stage under the cursor.
pub fn pick_chosen(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Stage(picker)) = &model.overlay else { return };
    let Some(stage) = picker.matches().get(picker.cursor).map(|(_, stage)| (*stage).clone()) else { return };
    let deal = picker.deal.clone();
    model.overlay = None;
    to_stage(model, &deal, &stage, out);
}

/// Moves a deal to any of its stages; closing it asks first.
pub fn to_stage(model: &mut Model, deal: &DealRow, stage: &Stage, out: &mut Vec<Effect>) {
    if stage.value == deal.stage {
        notice::info(model, &format!("{} is in {} already", deal.name, stage.label));
    } else if stage.outcome == Outcome::Open {
        send(model, deal, &stage.value, None, None, out);
    } else {
        deal_form::close_into(model, deal.clone(), stage);
    }
}

/// Moves the current deal to the stage with this name, or one that begins like it.
pub fn by_name(model: &mut Model, name: &str, out: &mut Vec<Effect>) -> Result<(), String> {
    let deal = model.current_deal().cloned().ok_or("choose a deal first")?;
    let stages = model.sub_pipeline(&deal).map(|sub| sub.stages.clone()).unwrap_or_default();
    let stage = named(&stages, name).ok_or_else(|| {
        let labels: Vec<&str> = stages.iter().map(|stage| stage.label.as_str()).collect();
        format!("no stage is called {name}; there are {}", labels.join(", "))
    })?;
    to_stage(model, &deal, stage, out);
    Ok(())
}

/// The stage with this name, or the first that begins like it.
#[must_use]
pub fn named<'a>(stages: &'a [Stage], name: &str) -> Option<&'a Stage> {
    let name = name.trim().to_lowercase();
    let begins = |stage: &&Stage| stage.label.to_lowercase().starts_with(&name);
    let exact = stages.iter().find(|stage| stage.label.to_lowercase() == name);
    exact.or_else(|| stages.iter().find(begins)).filter(|_| !name.is_empty())
}

//! Moving a deal to another stage: carried, or picked from a list.

use super::{
    deal_form,
    marked::{self, Bulk},
    notice,
};
use crate::{
    app::{
        Effect, Model,
        overlay::{LineInput, Overlay, StagePicker},
    },
    domain::{DealRow, Outcome, Stage},
    protocol::{StageChange, WriteId},
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

/// Carries the deal, or all marked ones, one stage on or back.
pub fn carry(model: &mut Model, forward: bool, out: &mut Vec<Effect>) {
    model.last = Some(Bulk::Carry(forward));
    if marked::begin(model, Bulk::Carry(forward), out) {
        return;
    }
    let Some(deal) = model.current_deal().cloned() else { return };
    let Some(sub) = model.sub_pipeline(&deal) else { return };
    let to = if forward { sub.next_open(&deal.stage) } else { sub.previous_open(&deal.stage) };
    if let Some(change) = to.map(|to| change(&deal, &to.value)) {
        marked::send(model, vec![change], out);
    }
}

/// A deal on its way to a stage; the write is named when it is sent.
pub(super) fn change(deal: &DealRow, to: &str) -> StageChange {
    let (from, to) = (deal.stage.clone(), to.to_owned());
    StageChange { write: 0, deal: deal.link(), from, to, amount: None, closing: None }
}

/// Opens the list of stages for the current deal, or for all marked ones.
pub fn pick(model: &mut Model, out: &mut Vec<Effect>) {
    if !marked::begin(model, Bulk::Pick, out)
        && let Some(deal) = model.current_deal().cloned()
    {
        pick_for(model, vec![deal]);
    }
}

/// Opens the list of stages for deals: those of the sub-pipeline that most of them are in.
pub fn pick_for(model: &mut Model, deals: Vec<DealRow>) {
    let stages = marked::most(model, &deals);
    let Some(first) = deals.first().filter(|_| !stages.is_empty()) else { return };
    let cursor = stages.iter().position(|stage| stage.value == first.stage).unwrap_or(0);
    model.overlay = Some(Overlay::Stage(StagePicker { deals, stages, input: LineInput::default(), cursor }));
}

/// A digit in the list of stages.
pub fn pick_number(model: &mut Model, number: usize, out: &mut Vec<Effect>) {
    let Some(Overlay::Stage(picker)) = &model.overlay else { return };
    let Some(stage) = number.checked_sub(1).and_then(|at| picker.stages.get(at)).cloned() else {
        return notice::info(model, "there is no stage with this number");
    };
    take(model, &stage, out);
}

/// Takes the stage under the cursor.
pub fn pick_chosen(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Stage(picker)) = &model.overlay else { return };
    if let Some(stage) = picker.matches().get(picker.cursor).map(|(_, stage)| (*stage).clone()) {
        take(model, &stage, out);
    }
}

fn take(model: &mut Model, stage: &Stage, out: &mut Vec<Effect>) {
    if let Some(Overlay::Stage(picker)) = model.overlay.take() {
        to_stage(model, picker.deals, stage, out);
    }
}

/// Moves deals to any of their stages; closing them asks first, and so does moving several.
pub fn to_stage(model: &mut Model, deals: Vec<DealRow>, stage: &Stage, out: &mut Vec<Effect>) {
    if stage.outcome == Outcome::Open {
        model.last = Some(Bulk::To(stage.label.clone()));
    }
    if let [deal] = deals.as_slice()
        && deal.stage == stage.value
    {
        return notice::info(model, &format!("{} is in {} already", deal.name, stage.label));
    }
    if stage.outcome != Outcome::Open && deals.iter().any(|deal| deal.stage != stage.value) {
        return deal_form::close_into(model, deals, stage);
    }
    let wishes = deals.iter().map(|deal| {
        let there =
            model.sub_pipeline(deal).is_some_and(|sub| sub.stages.iter().any(|it| it.value == stage.value));
        match () {
            () if deal.stage == stage.value => Err(format!("in {} already", stage.label)),
            () if !there => Err(format!("in a pipeline without {}", stage.label)),
            () => Ok(change(deal, &stage.value)),
        }
    });
    let wishes = wishes.collect();
    marked::propose(model, wishes, &|many| format!("Move {many} to {}?", stage.label), out);
}

/// Moves the current deal, or all marked ones, to the stage with this name, or one that begins like it.
pub fn by_name(model: &mut Model, name: &str, out: &mut Vec<Effect>) -> Result<(), String> {
    if marked::begin(model, Bulk::To(name.to_owned()), out) {
        return Ok(());
    }
    let deal = model.current_deal().cloned().ok_or("choose a deal first")?;
    let stages = model.sub_pipeline(&deal).map(|sub| sub.stages.clone()).unwrap_or_default();
    let stage = named(&stages, name).ok_or_else(|| {
        let labels: Vec<&str> = stages.iter().map(|stage| stage.label.as_str()).collect();
        format!("no stage is called {name}; there are {}", labels.join(", "))
    })?;
    to_stage(model, vec![deal], stage, out);
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

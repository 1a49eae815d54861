//! The form over a deal: closing it as won or lost, or changing its amount and closing date.

use jiff::civil::Date;

use super::{
    notice,
    stage::{Amount, send},
};
use crate::{
    app::{
        Effect, Model,
        input::{date, money},
        overlay::{DealForm, LineInput, Overlay},
    },
    domain::{DealRow, Outcome, Stage},
};

/// Opens the form that closes the current deal.
pub fn close(model: &mut Model, outcome: Outcome) {
    let Some(deal) = model.current_deal().cloned() else { return };
    if let Some(stage) = model.sub_pipeline(&deal).and_then(|sub| sub.first(outcome)).cloned() {
        close_into(model, deal, &stage);
    }
}

/// Opens the form that closes a deal, with the cursor on a stage.
pub fn close_into(model: &mut Model, deal: DealRow, stage: &Stage) {
    let Some(sub) = model.sub_pipeline(&deal) else { return };
    let stages: Vec<Stage> =
        sub.stages.iter().filter(|other| other.outcome == stage.outcome).cloned().collect();
    let form = DealForm {
        outcome: stage.outcome,
        cursor: stages.iter().position(|other| other.value == stage.value).unwrap_or(0),
        field: usize::from(stages.len() < 2),
        stages,
        amount: amount_of(&deal),
        closing: LineInput::new(model.today().to_string()),
        error: None,
        deal,
    };
    model.overlay = Some(Overlay::Deal(form));
}

/// Opens the form that changes the current deal, with the keys in the amount (1) or the closing date (2).
pub fn change(model: &mut Model, field: usize) {
    let Some(deal) = model.current_deal().cloned() else { return };
    let form = DealForm {
        outcome: Outcome::Open,
        cursor: 0,
        field,
        stages: Vec::new(),
        amount: amount_of(&deal),
        closing: LineInput::new(deal.closing.map_or_else(String::new, |date| date.to_string())),
        error: None,
        deal,
    };
    model.overlay = Some(Overlay::Deal(form));
}

fn amount_of(deal: &DealRow) -> LineInput {
    LineInput::new(deal.amount.map_or_else(String::new, |amount| amount.normalize().to_string()))
}

/// Writes the deal as the form says, or says what is wrong with it.
pub fn confirmed(model: &mut Model, out: &mut Vec<Effect>) {
    let today = model.today();
    let Some(Overlay::Deal(form)) = &mut model.overlay else { return };
    let (amount, closing) = match typed(form, today) {
        Ok(read) => read,
        Err((field, error)) => {
            (form.field, form.error) = (field, Some(error.to_owned()));
            return;
        }
    };
    let (deal, outcome) = (form.deal.clone(), form.outcome);
    let stage = form.stages.get(form.cursor).map_or_else(|| deal.stage.clone(), |stage| stage.value.clone());
    let amount = amount.filter(|amount| Some(*amount) != deal.amount);
    let closing = closing.filter(|date| Some(*date) != deal.closing);
    model.overlay = None;
    let word = match outcome {
        Outcome::Won => "won",
        Outcome::Lost => "lost",
        Outcome::Open if amount.is_none() && closing.is_none() => {
            return notice::info(model, &format!("{} stays as it was", deal.name));
        }
        Outcome::Open => "changed",
    };
    notice::done(model, &format!("{}: {word}", deal.name));
    send(model, &deal, &stage, amount, closing, out);
}

/// What the lines say. A deal that is closed has a date; one that is only changed keeps what is left empty.
fn typed(form: &DealForm, today: Date) -> Result<(Amount, Option<Date>), (usize, &'static str)> {
    let amount = match form.amount.text.trim() {
        "" => None,
        text => Some(money::parse(text, form.deal.amount).map_err(|error| (1, error))?),
    };
    let closing = match form.closing.text.trim() {
        "" if form.outcome == Outcome::Open => None,
        text => Some(date::parse(text, today).map_err(|error| (2, error))?),
    };
    Ok((amount, closing))
}

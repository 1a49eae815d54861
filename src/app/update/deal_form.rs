//! The form over deals: closing them as won or lost, or changing their amount and closing date.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{
    marked::{self, Bulk, Wish},
    notice, stage,
};
use crate::{
    app::{
        Effect, Model,
        input::{date, money},
        overlay::{DealForm, LineInput, Overlay},
    },
    domain::{DealRow, Outcome, Stage},
    protocol::StageChange,
};

/// Opens the form that closes the current deal, or all marked ones.
pub fn close(model: &mut Model, outcome: Outcome, out: &mut Vec<Effect>) {
    if marked::begin(model, Bulk::Close(outcome), out) {
        return;
    }
    let Some(deal) = model.current_deal().cloned() else { return };
    if let Some(stage) = model.sub_pipeline(&deal).and_then(|sub| sub.first(outcome)).cloned() {
        close_into(model, vec![deal], &stage);
    }
}

/// Opens the form that closes deals, with the cursor on a stage.
pub fn close_into(model: &mut Model, deals: Vec<DealRow>, stage: &Stage) {
    let all = marked::most(model, &deals);
    let stages: Vec<Stage> = all.into_iter().filter(|other| other.outcome == stage.outcome).collect();
    let form = DealForm {
        outcome: stage.outcome,
        cursor: stages.iter().position(|other| other.value == stage.value).unwrap_or(0),
        field: usize::from(stages.len() < 2),
        stages,
        amount: amount_of(&deals),
        closing: LineInput::new(model.today().to_string()),
        error: None,
        deals,
    };
    model.overlay = Some(Overlay::Deal(form));
}

/// Opens the form that changes the current deal, or all marked ones.
pub fn change_here(model: &mut Model, field: usize, out: &mut Vec<Effect>) {
    if !marked::begin(model, Bulk::Change(field), out)
        && let Some(deal) = model.current_deal().cloned()
    {
        change(model, vec![deal], field);
    }
}

/// Opens the form that changes deals, with the keys in the amount (1) or the closing date (2).
pub fn change(model: &mut Model, deals: Vec<DealRow>, field: usize) {
    let closing = only(&deals).and_then(|deal| deal.closing);
    let form = DealForm {
        outcome: Outcome::Open,
        cursor: 0,
        field,
        stages: Vec::new(),
        amount: amount_of(&deals),
        closing: LineInput::new(closing.map_or_else(String::new, |date| date.to_string())),
        error: None,
        deals,
    };
    model.overlay = Some(Overlay::Deal(form));
}

/// The deal, where there is one only.
fn only(deals: &[DealRow]) -> Option<&DealRow> {
    deals.first().filter(|_| deals.len() == 1)
}

fn amount_of(deals: &[DealRow]) -> LineInput {
    let amount = only(deals).and_then(|deal| deal.amount);
    LineInput::new(amount.map_or_else(String::new, |amount| amount.normalize().to_string()))
}

/// Changes deals as a form said before; closing them shows the form again.
pub fn once_more(model: &mut Model, form: DealForm, out: &mut Vec<Effect>) {
    let closes = form.outcome != Outcome::Open;
    model.overlay = Some(Overlay::Deal(DealForm { error: None, ..form }));
    if !closes {
        confirmed(model, out);
    }
}

/// Writes the deals as the form says, or says what is wrong with it. Several are asked about first.
pub fn confirmed(model: &mut Model, out: &mut Vec<Effect>) {
    let today = model.today();
    let Some(Overlay::Deal(form)) = &mut model.overlay else { return };
    let read: Vec<Typed> = form.deals.iter().map(|deal| typed(form, deal, today)).collect();
    if let Some(Err((field, error))) = read.first()
        && read.iter().all(Result::is_err)
    {
        (form.field, form.error) = (*field, Some((*error).to_owned()));
        return;
    }
    let Some(Overlay::Deal(form)) = model.overlay.take() else { return };
    model.last = Some(Bulk::Form(Box::new(DealForm { deals: Vec::new(), ..form.clone() })));
    let wishes: Vec<Wish> =
        form.deals.iter().zip(read).map(|(deal, read)| wish(model, &form, deal, read)).collect();
    let word = match form.outcome {
        Outcome::Won => "won",
        Outcome::Lost => "lost",
        Outcome::Open => "changed",
    };
    if let Some(deal) = only(&form.deals) {
        match wishes.into_iter().next() {
            Some(Ok(change)) => {
                notice::done(model, &format!("{}: {word}", deal.name));
                marked::send(model, vec![change], out);
            }
            _ => notice::info(model, &format!("{} stays as it was", deal.name)),
        }
        return;
    }
    let question = |many: &str| match form.outcome {
        Outcome::Open => format!("Change {many}?"),
        _ => format!("Close {many} as {word}?"),
    };
    marked::propose(model, wishes, &question, out);
}

/// What the form makes of a deal.
fn wish(model: &Model, form: &DealForm, deal: &DealRow, read: Typed) -> Wish {
    let (amount, closing) = read.map_err(|(_, error)| error.to_owned())?;
    let (amount, closing) = (
        amount.filter(|amount| Some(*amount) != deal.amount),
        closing.filter(|date| Some(*date) != deal.closing),
    );
    let stage = match form.stages.get(form.cursor) {
        None => &deal.stage,
        Some(stage) => {
            let sub = model.sub_pipeline(deal).ok_or("in a pipeline that is not known here")?;
            let same = sub.stages.iter().find(|other| other.value == stage.value);
            // Where there is nothing to choose, each pipeline has its own stage for it.
            let own = same.or_else(|| sub.first(form.outcome).filter(|_| form.stages.len() < 2));
            &own.ok_or_else(|| format!("in a pipeline without {}", stage.label))?.value
        }
    };
    let closed_so = form.outcome != Outcome::Open && form.deals.len() > 1;
    if *stage == deal.stage && (closed_so || (amount.is_none() && closing.is_none())) {
        return Err("as it should be already".to_owned());
    }
    Ok(StageChange { amount, closing, ..stage::change(deal, stage) })
}

/// What the lines say of a deal, or which of them is wrong, and why.
type Typed = Result<(Option<Decimal>, Option<Date>), (usize, &'static str)>;

/// What the lines say. A deal that is closed has a date; one that is only changed keeps what is left empty.
fn typed(form: &DealForm, deal: &DealRow, today: Date) -> Typed {
    let amount = match form.amount.text.trim() {
        "" => None,
        text => Some(money::parse(text, deal.amount).map_err(|error| (1, error))?),
    };
    let closing = match form.closing.text.trim() {
        "" if form.outcome == Outcome::Open => None,
        text => Some(date::parse(text, today).map_err(|error| (2, error))?),
    };
    Ok((amount, closing))
}

//! Values of `:name` parameters, asked for before a run.

use super::run;
use crate::{
    app::{
        Effect, Model,
        overlay::{LineInput, Overlay, ParameterForm},
    },
    protocol::described,
};

/// Asks for the values that the statement under the cursor needs; false if it needs none.
pub fn ask(model: &mut Model) -> bool {
    let pane = &model.panes.coql;
    let Some(statement) = pane.reading.statement(pane.editor.cursor()) else { return false };
    let names = pane.reading.parameters(statement);
    if names.is_empty() {
        return false;
    }
    let described = described(&pane.reading.text);
    let fields = names.into_iter().map(|name| {
        let known = pane.terms.parameters.get(&name).map(|values| values.join("; "));
        let own = described.iter().find(|own| own.name == name);
        let value = known.or_else(|| own.and_then(|own| own.default.clone())).unwrap_or_default();
        let words = own.map(|own| own.words.clone()).unwrap_or_default();
        (name, LineInput::new(value), words)
    });
    model.overlay = Some(Overlay::Parameters(ParameterForm { fields: fields.collect(), cursor: 0 }));
    true
}

/// Goes to the next or previous value, round and round.
pub fn next(form: &mut ParameterForm, forward: bool) {
    let len = form.fields.len().max(1);
    form.cursor = (form.cursor + if forward { 1 } else { len - 1 }) % len;
}

/// Runs the statement with the values.
pub fn accept(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Parameters(form)) = model.overlay.take() else { return };
    for (name, value, _) in form.fields {
        let values = value.text.split(';').map(str::trim).filter(|value| !value.is_empty());
        model.panes.coql.terms.parameters.insert(name, values.map(str::to_owned).collect());
    }
    model.panes.coql.reading.stale = true;
    super::reading::read(model);
    super::prospect::again(model);
    run::checked(model, out);
}

//! Choosing what board and list of deals look at.

use super::{notice, travel};
use crate::app::{
    Model, fuzzy,
    overlay::{Overlay, PipelinePicker},
};

/// Opens the list of pipelines.
pub fn pick(model: &mut Model) {
    let choices = model.pipeline_choices();
    let cursor = choices.iter().position(|(scope, _)| model.scope.as_ref() == Some(scope)).unwrap_or(0);
    model.overlay = Some(Overlay::Pipeline(PipelinePicker { choices, cursor, ..PipelinePicker::default() }));
}

/// Takes the choice under the cursor.
pub fn accept(model: &mut Model) {
    let Some(Overlay::Pipeline(picker)) = &model.overlay else { return };
    let Some(scope) = picker.matches().get(picker.cursor).map(|(scope, _)| scope.clone()) else {
        return notice::info(model, "nothing matches");
    };
    model.overlay = None;
    travel::look_at(model, scope);
}

/// Looks at the pipeline with this name, or the one that is most like it.
///
/// # Errors
///
/// In words, with the names there are.
pub fn by_name(model: &mut Model, name: &str) -> Result<(), String> {
    let mut choices = model.pipeline_choices();
    let same = choices.iter().position(|(_, other)| other.to_lowercase() == name.to_lowercase());
    let like = fuzzy::rank(name, choices.iter().map(|(_, name)| name.as_str())).first().copied();
    let at = same.or(like).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(_, name)| name.as_str()).collect();
        format!("no pipeline is called {name}; there are {}", names.join(", "))
    })?;
    travel::look_at(model, choices.swap_remove(at).0);
    Ok(())
}

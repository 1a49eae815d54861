//! Where the user was: kept whenever it changes, and where the next start begins.

use serde_json::{Value, json};

use super::ask;
use crate::{
    app::{Effect, Model, Place, Trail},
    domain::{Link, SafeText},
    protocol::{JobKey, Request, Scope},
};

/// Names of the places that have no content of their own.
const NAMES: [(&str, Place); 8] = [
    ("board", Place::Board),
    ("deals", Place::Deals),
    ("contacts", Place::Contacts),
    ("companies", Place::Companies),
    ("notes", Place::Notes),
    ("pipelines", Place::Pipelines),
    ("coql", Place::Coql),
    ("credits", Place::Credits),
];

/// Keeps where the user is, if that is another place than was kept last.
pub fn keep(model: &mut Model, out: &mut Vec<Effect>) {
    if model.account.catalog.is_none() {
        return;
    }
    let text = written(model);
    if model.watched.kept.as_ref() == Some(&text) {
        return;
    }
    // Where every first start begins is not worth a word.
    let first = model.watched.kept.is_none() && model.trail.here == Place::Board;
    model.watched.kept = Some(text.clone());
    if !first {
        ask(model, JobKey::Screen, Request::KeepScreen(text), out);
    }
}

/// Goes where the user was, unless they went somewhere already.
pub fn come_back(model: &mut Model, text: String) {
    let moved = model.trail.here != Place::Board || !model.trail.back.is_empty();
    let Some((place, scope)) = read(&text).filter(|_| !moved) else { return };
    model.trail = Trail::new(place);
    model.scope = scope.or(model.scope.take());
    model.watched.kept = Some(text);
}

impl Model {
    /// Where the user is, as a text.
    pub(in crate::app) fn written_place(&self) -> String {
        written(self)
    }
}

fn written(model: &Model) -> String {
    let mut text = match &model.trail.here {
        Place::Record(Link { module, id, name }) => {
            json!({ "module": module.api_name(), "id": id.as_str(), "name": name.as_str() })
        }
        here => json!({ "place": NAMES.iter().find(|(_, place)| place == here).map(|(name, _)| name) }),
    };
    if let Some(scope) = &model.scope {
        text["pipeline"] = json!(scope.pipeline.as_str());
        text["sub_pipeline"] = json!(scope.sub_pipeline);
    }
    text.to_string()
}

/// What was written; none if it makes no sense to this version.
fn read(text: &str) -> Option<(Place, Option<Scope>)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let word = |key: &str| value.get(key).and_then(Value::as_str);
    let scope = word("pipeline").and_then(|id| {
        let sub_pipeline = word("sub_pipeline").map(str::to_owned);
        Some(Scope { pipeline: id.parse().ok()?, sub_pipeline })
    });
    let place = match word("place") {
        Some(name) => NAMES.iter().find(|(known, _)| *known == name)?.1.clone(),
        None => Place::Record(Link {
            module: word("module")?.parse().ok()?,
            id: word("id")?.parse().ok()?,
            name: SafeText::new(word("name")?),
        }),
    };
    Some((place, scope))
}

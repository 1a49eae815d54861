//! Telling the worker what the user looks at: how often the server is asked depends on it.

use jiff::ToSpan;

use super::{ask, notice};
use crate::{
    app::{Effect, Model, Place},
    domain::Module,
    protocol::{Attention, JobKey, Request},
};

/// Seconds after which a key is worth a word, though nothing else changed.
const AGAIN: i64 = 60;

/// A key was pressed.
pub fn touch(model: &mut Model) {
    model.watched.touched = true;
}

/// Stops the sync, or goes on with it.
pub fn pause(model: &mut Model) {
    model.watched.paused = !model.watched.paused;
    let words =
        if model.watched.paused { "the sync is paused; r still asks the server" } else { "the sync goes on" };
    notice::info(model, words);
}

/// Tells what is looked at, when that is another thing than before, or when a key came after a while.
pub fn tell(model: &mut Model, out: &mut Vec<Effect>) {
    if model.account.catalog.is_none() {
        return;
    }
    let attention = model.attention();
    let touched = std::mem::take(&mut model.watched.touched);
    let old_news = match model.watched.told {
        Some((told, at)) => {
            told == attention && !(touched && attention.focused && at + AGAIN.seconds() <= model.now)
        }
        // The worker takes for granted that someone looks at the board.
        None => attention == Attention { focused: true, shown: Some(Module::Pipelines), paused: false },
    };
    if !old_news {
        model.watched.told = Some((attention, model.now));
        ask(model, JobKey::Attention, Request::Attention(attention), out);
    } else if model.watched.told.is_none() {
        model.watched.told = Some((attention, model.now));
    }
}

impl Model {
    /// What the user looks at.
    #[must_use]
    pub fn attention(&self) -> Attention {
        Attention { focused: self.focused, shown: shown(&self.trail.here), paused: self.watched.paused }
    }
}

/// The module whose records a place shows.
fn shown(place: &Place) -> Option<Module> {
    Some(match place {
        Place::Board | Place::Deals | Place::Pipelines => Module::Pipelines,
        Place::Contacts => Module::Contacts,
        Place::Companies => Module::Accounts,
        Place::Notes => Module::Notes,
        Place::Record(link) => link.module,
        Place::Coql | Place::Credits => return None,
    })
}

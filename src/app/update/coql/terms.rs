//! Where statements run, in which language, and up to what.

use super::prospect;
use crate::{
    app::{Model, update::notice},
    coql::{Mode, RunOn},
    protocol::Guard,
};

/// Goes on from the mirror or else the server, to the server, to the mirror.
pub fn next_place(model: &mut Model) {
    let terms = &mut model.panes.coql.terms;
    terms.run_on = match terms.run_on {
        RunOn::Auto => RunOn::Server,
        RunOn::Server => RunOn::Mirror,
        RunOn::Mirror => RunOn::Auto,
    };
    let words = match terms.run_on {
        RunOn::Auto => "queries run on the mirror where it is whole, else on the server",
        RunOn::Server => "queries run on the server",
        RunOn::Mirror => "queries run on the mirror and cost nothing",
    };
    prospect::again(model);
    notice::info(model, words);
}

/// Holds queries to Bigin's documented language, or to the wide one again.
pub fn toggle_strict(model: &mut Model) {
    let pane = &mut model.panes.coql;
    pane.terms.mode = if pane.terms.mode == Mode::Strict { Mode::Wide } else { Mode::Strict };
    pane.reading.stale = true;
    pane.prospect.statement = None;
    let words = match pane.terms.mode {
        Mode::Strict => "queries are held to Bigin's own language and sent as they are",
        Mode::Wide => "queries may use the wide language again",
    };
    notice::info(model, words);
}

/// Sets how much is fetched before the user is asked.
pub fn guard(model: &mut Model, guard: Guard) {
    model.panes.coql.terms.guard = guard;
    model.panes.coql.prospect.confirm = false;
    let Guard { rows, credits } = guard;
    notice::done(model, &format!("queries stop at {rows} rows or {credits} credits and ask"));
}

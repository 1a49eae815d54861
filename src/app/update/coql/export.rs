//! Writing the answer to a file.

use std::path::PathBuf;

use strum::IntoEnumIterator as _;

use crate::{
    app::{
        Effect, Model,
        overlay::{ExportDialog, LineInput, Overlay},
        pane::Writing,
        update::{ask, notice},
    },
    protocol::{ExportFormat, ExportState, Failure, JobKey, Request},
};

/// Opens the dialog with a name that says what and when.
pub fn open(model: &mut Model) {
    let format = ExportFormat::default();
    let day = model.today();
    let text = format!("bigin-{day}.{}", format.ending());
    model.overlay = Some(Overlay::Export(ExportDialog { format, path: LineInput::new(text), exists: false }));
}

/// Takes the next or the previous format; a name that ends like the old one ends like the new one.
pub fn choose(dialog: &mut ExportDialog, steps: i64) {
    let all: Vec<ExportFormat> = ExportFormat::iter().collect();
    let at = all.iter().position(|format| *format == dialog.format).unwrap_or(0);
    let last = all.len().saturating_sub(1);
    let next = at.saturating_add_signed(isize::try_from(steps).unwrap_or(0)).min(last);
    let stem = dialog.path.text.strip_suffix(&format!(".{}", dialog.format.ending())).map(str::to_owned);
    dialog.format = all[next];
    dialog.exists = false;
    if let Some(stem) = stem {
        dialog.path.set(format!("{stem}.{}", dialog.format.ending()));
    }
}

/// Begins to write. A file that is there is replaced only by a second press.
pub fn write(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Export(dialog)) = &model.overlay else { return };
    let (format, name, replace) = (dialog.format, dialog.path.text.trim().to_owned(), dialog.exists);
    if name.is_empty() {
        return notice::info(model, "a file needs a name");
    }
    let pane = &mut model.panes.coql;
    let Some(rows) = pane.results.excerpt() else { return };
    let total = pane.results.leaving();
    let path = PathBuf::from(name);
    pane.writing = Some(Writing { path: path.clone(), done: 0, total });
    ask(model, JobKey::Export, Request::Export { rows, format, path, replace }, out);
}

/// Gives up the file that is being written; false if there is none.
pub fn cancel(model: &mut Model, out: &mut Vec<Effect>) -> bool {
    let Some(writing) = model.panes.coql.writing.take() else { return false };
    *model.generations.entry(JobKey::Export).or_default() += 1;
    out.push(Effect::Cancel(JobKey::Export));
    notice::info(model, &format!("{} was not written", writing.path.display()));
    true
}

/// How the file stands.
pub fn heard(model: &mut Model, state: ExportState) {
    let pane = &mut model.panes.coql;
    let open = matches!(model.overlay, Some(Overlay::Export(_)));
    match state {
        ExportState::Writing { done, total } => {
            if let Some(writing) = &mut pane.writing {
                (writing.done, writing.total) = (done, total);
            }
        }
        ExportState::Written { path, rows, bytes } => {
            pane.writing = None;
            if open {
                model.overlay = None;
            }
            let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
            notice::done(model, &format!("wrote {rows}, {bytes} bytes, to {}", path.display()));
        }
        ExportState::Exists { path } => {
            pane.writing = None;
            if let Some(Overlay::Export(dialog)) = &mut model.overlay {
                dialog.exists = true;
            } else {
                notice::info(model, &format!("{} is there already and was left alone", path.display()));
            }
        }
    }
}

/// There is no file.
pub fn failed(model: &mut Model, failure: &Failure) {
    model.panes.coql.writing = None;
    notice::failed(model, failure);
}

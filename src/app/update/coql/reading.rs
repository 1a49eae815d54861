//! Reading the text as it is typed, and putting right what is wrong with it.

use crate::{
    app::{Model, input::area, pane::Language, update::note},
    coql::Fix,
};

/// Reads the text if it has changed. What could be written at the cursor is another thing then.
pub fn read(model: &mut Model) {
    let now = model.now;
    let pane = &mut model.panes.coql;
    if let Some(catalog) = model.account.catalog.as_ref().filter(|_| pane.reading.language.is_none()) {
        pane.reading.language = Some(Box::new(Language::of(catalog, now)));
        pane.reading.stale = true;
    }
    let (text, terms) = (pane.editor.text(), &pane.terms);
    if pane.reading.read(text, terms.mode, &terms.parameters, now) {
        pane.popup = None;
    }
}

/// Makes the change that puts right what is said of the place under the cursor.
pub fn fix(model: &mut Model) {
    let pane = &mut model.panes.coql;
    let at = pane.editor.cursor();
    let Some(fix) = pane.fix() else { return };
    let text = fix.apply(&pane.reading.text);
    pane.editor.set(&text);
    area::place(&mut pane.editor.area, moved(&fix, at));
    note::changed(model);
}

/// Where the byte `at` is after the change; behind a part that was written anew.
fn moved(fix: &Fix, at: usize) -> usize {
    let mut moved = at;
    for edit in &fix.edits {
        if edit.span.end <= at {
            moved = moved + edit.text.len() - edit.span.len();
        } else if edit.span.start < at {
            moved = moved + edit.span.start + edit.text.len() - at;
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coql::Edit;

    #[test]
    fn the_cursor_stays_with_what_it_was_on() {
        let edit = |span: std::ops::Range<usize>, text: &str| Edit { span, text: text.to_owned() };
        let fix = Fix::all("", vec![edit(4..8, "longer word"), edit(20..20, "(")]);
        assert_eq!(moved(&fix, 2), 2);
        assert_eq!(moved(&fix, 6), 15, "inside of the word: behind it");
        assert_eq!(moved(&fix, 8), 15);
        assert_eq!(moved(&fix, 30), 38);
    }
}

//! Copying.

use super::{
    ask,
    marked::{self, Bulk},
    notice,
};
use crate::{
    app::{CLIPBOARD, Effect, Model, Place, actions::Action, input::copied},
    domain::{CompanyRow, ContactRow, DealRow, Head, Link, NoteRow, SafeText, defused_flat},
    protocol::{AnswerCopy, JobKey, Request, Rows},
};

/// Copies what the action says, of every marked record where some are marked.
pub fn yank(model: &mut Model, action: Action, out: &mut Vec<Effect>) {
    if action == Action::YankTable {
        return table(model, out);
    }
    if model.has_marks() {
        let lines = match action {
            Action::YankName => Some(of_marks(model, |link| Some(link.name.to_string()))),
            Action::YankId => Some(of_marks(model, |link| Some(link.id.to_string()))),
            Action::YankLink => Some(of_marks(model, |link| model.web_link(link))),
            _ => None,
        };
        match lines {
            Some(lines) => return copy(model, lines, out),
            None if model.trail.here.lists().is_some() => {
                return marked::look_up(model, Bulk::Yank(action), out);
            }
            // A cell or a row of an answer is the one under the cursor; `y t` takes the marked rows.
            None => {}
        }
    }
    let text = match action {
        Action::YankName => model.current().map(|link| link.name.to_string()),
        Action::YankId => model.current().map(|link| link.id.to_string()),
        Action::YankMail => model.mail().map(str::to_owned),
        Action::YankPhone => model.phone().map(str::to_owned),
        Action::YankCell => cell(model),
        Action::YankLink => model.current().and_then(|link| model.web_link(&link)),
        _ => row(model),
    };
    copy(model, text, out);
}

fn copy(model: &mut Model, text: Option<String>, out: &mut Vec<Effect>) {
    match text {
        Some(text) => out.push(Effect::Copy(copied(&text))),
        None => notice::info(model, "there is nothing to copy"),
    }
}

/// Words of every marked record, one a line.
fn of_marks(model: &Model, words: impl Fn(&Link) -> Option<String>) -> Option<String> {
    let lines: Vec<String> = model.marks()?.iter().filter_map(words).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Copies what the action says of records that were marked, one a line.
pub fn rows(model: &mut Model, action: Action, rows: &Rows, out: &mut Vec<Effect>) {
    let lines: Vec<String> = match (action, rows) {
        (Action::YankMail, Rows::Contacts(rows)) => filled(rows.iter().map(|row| &row.email)),
        (Action::YankPhone, Rows::Contacts(rows)) => filled(rows.iter().map(|row| &row.phone)),
        (Action::YankPhone, Rows::Companies(rows)) => filled(rows.iter().map(|row| &row.phone)),
        (_, Rows::Deals(rows)) => rows.iter().map(|row| line(&deal(row))).collect(),
        (_, Rows::Contacts(rows)) => rows.iter().map(|row| line(&contact(row))).collect(),
        (_, Rows::Companies(rows)) => rows.iter().map(|row| line(&company(row))).collect(),
        (_, Rows::Notes(rows)) => rows.iter().map(|row| line(&note(row))).collect(),
    };
    copy(model, (!lines.is_empty()).then(|| lines.join("\n")), out);
}

fn filled<'a>(texts: impl Iterator<Item = &'a SafeText>) -> Vec<String> {
    texts.filter(|text| !text.as_str().is_empty()).map(ToString::to_string).collect()
}

fn line(cells: &[String]) -> String {
    cells.iter().map(|cell| defused_flat(cell)).collect::<Vec<_>>().join("\t")
}

/// The value under the cursor of the console.
fn cell(model: &Model) -> Option<String> {
    let results = &model.panes.coql.results;
    results.rows.selected()?.cells.get(results.column).map(ToString::to_string)
}

/// Asks for the marked rows of the answer, or all of them.
fn table(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(rows) = model.panes.coql.results.excerpt() else { return };
    ask(model, JobKey::Copy, Request::CoqlCopy { rows, most: CLIPBOARD }, out);
}

/// They have come.
pub fn copied_rows(model: &Model, copy: &AnswerCopy, out: &mut Vec<Effect>) {
    let AnswerCopy { text, rows, total } = copy;
    let marked = if model.panes.coql.results.marks.is_empty() { "" } else { "marked " };
    let what = match (rows, total) {
        (1, 1) => format!("1 {marked}row"),
        (rows, total) if rows == total => format!("all {rows} {marked}rows"),
        _ => format!("only {rows} of {total} {marked}rows, x writes all of them to a file"),
    };
    out.push(Effect::CopyOf(what, copied(text)));
}

/// The columns of the record under the cursor, separated by tabs.
fn row(model: &Model) -> Option<String> {
    let panes = &model.panes;
    let cells = match &model.trail.here {
        Place::Board => deal(panes.board.card()?),
        Place::Deals => deal(panes.deals.selected()?),
        Place::Contacts => contact(panes.contacts.selected()?),
        Place::Companies => company(panes.companies.selected()?),
        Place::Notes => note(panes.notes.selected()?),
        Place::Coql => panes.coql.results.rows.selected()?.cells.iter().map(ToString::to_string).collect(),
        Place::Record(_) => match &model.record()?.detail.as_ref()?.head {
            Head::Deal(row) => deal(row),
            Head::Contact(row) => contact(row),
            Head::Company(row) => company(row),
            Head::Other => vec![model.current()?.id.to_string(), model.current()?.name.to_string()],
        },
        Place::Pipelines | Place::Credits => return None,
    };
    Some(line(&cells))
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn name(link: Option<&Link>) -> String {
    or_empty(link.map(|link| &link.name))
}

fn deal(row: &DealRow) -> Vec<String> {
    vec![
        row.id.to_string(),
        row.name.to_string(),
        or_empty(row.amount),
        row.stage.clone(),
        or_empty(row.closing),
        name(row.company.as_ref()),
        name(row.contact.as_ref()),
        row.owner.to_string(),
    ]
}

fn contact(row: &ContactRow) -> Vec<String> {
    let texts = [&row.title, &row.email, &row.phone].map(ToString::to_string);
    [vec![row.id.to_string(), row.name.to_string(), name(row.company.as_ref())], texts.to_vec()].concat()
}

fn company(row: &CompanyRow) -> Vec<String> {
    let texts = [&row.name, &row.phone, &row.website, &row.city].map(ToString::to_string);
    [vec![row.id.to_string()], texts.to_vec()].concat()
}

fn note(row: &NoteRow) -> Vec<String> {
    let texts = [&row.author, &row.title, &row.preview].map(ToString::to_string);
    [vec![row.id.to_string(), row.at.to_string(), name(row.parent.as_ref())], texts.to_vec()].concat()
}

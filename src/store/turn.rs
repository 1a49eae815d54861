//! Undoing and redoing what the user did: writes like any other, from what is there now.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::{
    Store, StoreError,
    keep::{Action, Change, Clears, MoveImage, NewWrite, OutboxRow, WriteBody, changed_fields, same_note},
};
use crate::{
    domain::{Link, SafeText},
    protocol::{Undoing, WriteId},
};

/// Lines of a record's history among which the one is looked for that stands in the way.
const LOOKED_AT: u32 = 100;

/// What became of an order to turn the last action.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What was turned, in words; none where nothing could be.
    pub words: Option<SafeText>,
    /// Writes that had not left and are taken back.
    pub withdrawn: Vec<OutboxRow>,
    /// Records that were written or taken back.
    pub records: Vec<Link>,
    /// Why records stay as they are, in words.
    pub kept: Vec<SafeText>,
    /// Nothing could be turned yet: it is worth another try.
    pub later: bool,
}

/// What one record of an action takes.
enum Way {
    /// Its write has not left: it is taken back.
    Withdraw(i64),
    /// It is written.
    Write(WriteBody),
    /// It stays as it is, for this reason.
    Keep(String),
    /// It is just being sent: it can be turned when that is over.
    Later(&'static str),
}

impl Store {
    /// Turns the action that is undone or redone next. A record whose fields are no longer as the action left
    /// them stays as it is; an action of which nothing can be turned is passed over. None where there is
    /// nothing to turn. New writes are named from `write` on.
    ///
    /// # Errors
    /// When either file refuses; nothing is changed then.
    pub fn turn(
        &mut self,
        turn: Undoing,
        mut write: WriteId,
        now: Timestamp,
    ) -> Result<Option<Outcome>, StoreError> {
        let Some(action) = self.keep.next_action(turn)? else { return Ok(None) };
        let mut outcome = Outcome {
            words: None,
            withdrawn: Vec::new(),
            records: Vec::new(),
            kept: Vec::new(),
            later: false,
        };
        let (mut unsent, mut writes, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for (record, body) in &action.steps {
            // What the server refused never happened.
            if self.keep.is_refused(action.no, record)? {
                continue;
            }
            match self.way(turn, &action, record, body)? {
                Way::Withdraw(no) => unsent.push(no),
                Way::Write(body) => {
                    let based_on = self.mirror.modified(record)?;
                    writes.push(NewWrite { write, record: record.clone(), body, based_on });
                    write += 1;
                }
                Way::Keep(reason) => {
                    outcome.kept.push(SafeText::new(&format!("{}: {reason}", record.name)));
                    continue;
                }
                Way::Later(reason) => {
                    outcome.later = true;
                    outcome.kept.push(SafeText::new(&format!("{}: {reason}", record.name)));
                    continue;
                }
            }
            outcome.records.push(record.clone());
            done.push((record, body));
        }
        if done.is_empty() {
            if !outcome.later {
                self.keep.pass_over(action.no)?;
            }
            return Ok(Some(outcome));
        }
        outcome.withdrawn = self.keep.turn(action.no, turn, &unsent, &writes, now)?;
        outcome.words = Some(self.told(turn, &done));
        Ok(Some(outcome))
    }

    /// What to do with one record of an action.
    fn way(
        &self,
        turn: Undoing,
        action: &Action,
        record: &Link,
        body: &WriteBody,
    ) -> Result<Way, StoreError> {
        let unsent = self.keep.unsent_of(action.no, record)?;
        match (body, turn) {
            (WriteBody::Note { .. } | WriteBody::Removal { .. }, _) if unsent.is_some() => {
                Ok(unsent.map_or(Way::Later("it is on its way"), Way::Withdraw))
            }
            (WriteBody::Note { .. } | WriteBody::Removal { .. }, _)
                if self.keep.is_under_way(action.no, record)? =>
            {
                Ok(Way::Later("the note is just on its way"))
            }
            (WriteBody::Note { text } | WriteBody::Removal { text, .. }, Undoing::Undo) => {
                let Some(note) = self.keep.note_of(action.no, record)? else {
                    return Ok(Way::Keep("the note is not known any more; delete it in Bigin".to_owned()));
                };
                match self.mirror.note_text(&note)? {
                    Some(there) if !same_note(&there, text) => {
                        Ok(Way::Keep("somebody edited the note since; it stays".to_owned()))
                    }
                    _ => Ok(Way::Write(WriteBody::Removal { note, text: text.clone() })),
                }
            }
            (WriteBody::Note { text } | WriteBody::Removal { text, .. }, Undoing::Redo) => {
                Ok(Way::Write(WriteBody::Note { text: text.clone() }))
            }
            (WriteBody::Move { before, after }, _) => {
                let (from, to) = match turn {
                    Undoing::Undo => (after, before),
                    Undoing::Redo => (before, after),
                };
                let Some(now) = self.mirror.image(record)? else {
                    return Ok(Way::Keep("the deal is not here any more".to_owned()));
                };
                if let Some(reason) = self.moved_since(record, body, from, &now)? {
                    return Ok(Way::Keep(reason));
                }
                if let Some(no) = unsent {
                    return Ok(Way::Withdraw(no));
                }
                let body = WriteBody::Move { after: back(before, after, to, &now), before: now };
                Ok(match changed_fields(&body).first() {
                    Some(_) => Way::Write(body),
                    None => Way::Keep("it is so already".to_owned()),
                })
            }
        }
    }

    /// Why a deal cannot be turned: a field of the action is no longer as it was left, who changed it and when.
    fn moved_since(
        &self,
        record: &Link,
        body: &WriteBody,
        from: &MoveImage,
        now: &MoveImage,
    ) -> Result<Option<String>, StoreError> {
        let same = |field: &str| match field {
            "Stage" => now.stage == from.stage,
            "Amount" => now.amount == from.amount,
            _ => now.closing == from.closing,
        };
        let Some((field, ..)) = changed_fields(body).into_iter().find(|(field, ..)| !same(field)) else {
            return Ok(None);
        };
        let history = self.keep.history(record, LOOKED_AT)?;
        let Some(change) = history.iter().find(|change| change.field == field) else {
            return Ok(Some(format!("{} is another by now", field.replace('_', " "))));
        };
        let line = self.mirror.in_words(change);
        let by = if line.by.as_str().is_empty() { "somebody" } else { line.by.as_str() };
        let when = self.mirror.when(line.at);
        Ok(Some(format!("{by} changed {} to {} on {when}", line.label, line.after)))
    }

    /// What was turned, in words: `Northwind renewal  Proposal → Qualification`.
    fn told(&self, turn: Undoing, done: &[(&Link, &WriteBody)]) -> SafeText {
        let mut words = match done {
            [(record, _)] => record.name.to_string(),
            all => format!("{} records", all.len()),
        };
        let first = done.first().and_then(|(record, body)| {
            let (field, before, after) = changed_fields(body).into_iter().next()?;
            let (before, after) = if turn == Undoing::Undo { (after, before) } else { (before, after) };
            let (record, field) = ((*record).clone(), field.to_owned());
            let change =
                Change { record, field, before, after, at: Timestamp::UNIX_EPOCH, person: None, here: true };
            Some(self.mirror.in_words(&change))
        });
        // Writing to a String cannot fail.
        let _ = match first {
            Some(line) if done.len() == 1 => write!(words, "  {} → {}", line.before, line.after),
            Some(line) => write!(words, " to {}", line.after),
            None => write!(words, "  note"),
        };
        SafeText::new(&words)
    }
}

/// What a deal becomes when the fields that changed from `before` to `after` get the values of `to`: a field that
/// was empty there is emptied.
fn back(before: &MoveImage, after: &MoveImage, to: &MoveImage, now: &MoveImage) -> MoveImage {
    let stage = if before.stage == after.stage { &now.stage } else { &to.stage };
    let amount = after.amount != before.amount && (after.amount.is_some() || after.clears.amount);
    let closing = after.closing != before.closing && (after.closing.is_some() || after.clears.closing);
    MoveImage {
        stage: stage.clone(),
        amount: to.amount.filter(|_| amount),
        closing: to.closing.clone().filter(|_| closing),
        clears: Clears { amount: amount && to.amount.is_none(), closing: closing && to.closing.is_none() },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        domain::Module,
        store::{Place, mirror},
        tables::Record,
    };

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn now() -> Timestamp {
        at("2026-09-24T10:00:00Z")
    }

    fn record(number: u64, changes: Value) -> Record {
        let base = json!({
            "id": number.to_string(), "Deal_Name": format!("Deal {number}"), "Sub_Pipeline": "Standard",
            "Stage": "Proposal", "Amount": 48_000, "Closing_Date": "2026-09-25",
            "Created_Time": "2026-06-11T09:00:00Z", "Modified_Time": "2026-09-04T12:00:00Z",
        });
        let mut record = base.as_object().expect("object").clone();
        record.extend(changes.as_object().expect("object").clone());
        record
    }

    fn link(number: u64) -> Link {
        let (id, name) = (number.to_string().parse().expect("id"), SafeText::new(&format!("Deal {number}")));
        Link { module: Module::Pipelines, id, name }
    }

    fn store(deals: u64) -> Store {
        let mut store = Store::open(&Place::Memory, &Place::Memory).expect("open");
        store.mirror.set_catalog(mirror::example(), now()).expect("catalog");
        let page: Vec<Record> = (1..=deals).map(|number| record(number, json!({}))).collect();
        store.mirror.apply(Module::Pipelines, &page, None, now()).expect("page");
        store
    }

    /// The user moves deals, as one action, and the server takes it.
    fn moved(store: &mut Store, deals: std::ops::RangeInclusive<u64>) {
        let before = store.mirror.image(&link(1)).expect("image").expect("the deal");
        let after =
            MoveImage { stage: "Negotiation".to_owned(), amount: None, closing: None, clears: Clears::NONE };
        let body = WriteBody::Move { before, after };
        let new =
            |number| NewWrite { write: number, record: link(number), body: body.clone(), based_on: None };
        let rows = store.keep.act(&deals.clone().map(new).collect::<Vec<_>>(), now()).expect("act");
        store.keep.begin(&rows).expect("begin");
        store.keep.confirm(&[(&rows, None)], now()).expect("confirm");
        for number in deals {
            let fields = json!({"Stage": "Negotiation", "Modified_Time": "2026-09-24T10:00:00Z"});
            let fields = fields.as_object().expect("object").clone();
            store.mirror.amend(Module::Pipelines, &number.to_string(), &fields, now()).expect("amend");
        }
    }

    fn stages(store: &mut Store) -> Vec<(String, String)> {
        let outbox = store.keep.outbox().expect("outbox");
        let stage = |row: OutboxRow| match row.body {
            WriteBody::Move { after, .. } => (row.record.name.to_string(), after.stage),
            WriteBody::Note { text } => (row.record.name.to_string(), text),
            WriteBody::Removal { note, .. } => (row.record.name.to_string(), format!("without {note}")),
        };
        outbox.into_iter().map(stage).collect()
    }

    fn change(store: &mut Store, number: u64, fields: Value) {
        store.take_in(Module::Pipelines, &[record(number, fields)], None, now()).expect("news");
    }

    fn by_ben(stage: &str) -> Value {
        json!({"Stage": stage, "Modified_Time": "2026-09-24T11:30:00Z", "Modified_By": {"id": "901", "name": "Ben Okafor"}})
    }

    #[test]
    fn several_records_are_undone_at_once() {
        let mut store = store(3);
        moved(&mut store, 1..=3);
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert_eq!(outcome.words.expect("done").as_str(), "3 records to Proposal");
        let back = |number| (format!("Deal {number}"), "Proposal".to_owned());
        assert_eq!(stages(&mut store), [1, 2, 3].map(back));
    }

    #[test]
    fn a_record_that_someone_else_changed_stays_and_the_others_are_undone() {
        let mut store = store(2);
        moved(&mut store, 1..=2);
        change(&mut store, 1, by_ben("Qualification"));
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert_eq!(outcome.words.expect("done").as_str(), "Deal 2  Negotiation → Proposal");
        let reason = "Deal 1: Ben Okafor changed Stage to Qualification on 24 Sep 11:30";
        assert_eq!(outcome.kept.iter().map(SafeText::as_str).collect::<Vec<_>>(), [reason]);
        assert_eq!(stages(&mut store), [("Deal 2".to_owned(), "Proposal".to_owned())]);
    }

    #[test]
    fn an_action_of_which_nothing_can_be_undone_gives_way_to_the_one_before() {
        let mut store = store(2);
        moved(&mut store, 2..=2);
        moved(&mut store, 1..=1);
        change(&mut store, 1, by_ben("Qualification"));
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert_eq!((outcome.words, outcome.kept.len()), (None, 1));
        assert_eq!(stages(&mut store), []);
        let outcome = store.turn(Undoing::Undo, 51, now()).expect("turn").expect("the one before");
        assert_eq!(outcome.records, [link(2)]);
    }

    #[test]
    fn other_fields_that_changed_since_do_not_stand_in_the_way() {
        let mut store = store(1);
        moved(&mut store, 1..=1);
        let fields = json!({"Stage": "Negotiation", "Amount": 1, "Modified_Time": "2026-09-24T11:30:00Z"});
        change(&mut store, 1, fields);
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert!(outcome.kept.is_empty());
        let rows = store.keep.outbox().expect("outbox");
        let WriteBody::Move { before, after } = &rows[0].body else { unreachable!("a move") };
        assert_eq!((before.amount, after.amount), (Some(1.into()), None), "their amount stays");
    }

    #[test]
    fn a_field_that_was_empty_is_emptied_again_and_filled_again() {
        let mut store = store(1);
        let before = store.mirror.image(&link(1)).expect("image").expect("the deal");
        let empty = json!({"Amount": null, "Modified_Time": "2026-09-04T13:00:00Z"});
        change(&mut store, 1, empty);
        let (stage, amount) = (before.stage.clone(), Some(900.into()));
        let body = WriteBody::Move {
            before: MoveImage { amount: None, ..before },
            after: MoveImage { stage, amount, closing: None, clears: Clears::NONE },
        };
        store.keep.write(1, &link(1), &body, now(), None).expect("write");
        let rows: Vec<i64> = store.keep.outbox().expect("outbox").iter().map(|row| row.no).collect();
        store.keep.begin(&rows).expect("begin");
        store.keep.confirm(&[(&rows, None)], now()).expect("confirm");
        change(&mut store, 1, json!({"Amount": 900, "Modified_Time": "2026-09-24T10:00:00Z"}));

        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert!(outcome.kept.is_empty());
        let after = |store: &Store| match store.keep.outbox().expect("outbox").remove(0).body {
            WriteBody::Move { after, .. } => after,
            other => unreachable!("{other:?} is no move"),
        };
        let cleared = after(&store);
        assert_eq!((cleared.amount, cleared.clears), (None, Clears { amount: true, closing: false }));
        let outbox = store.keep.outbox().expect("outbox");
        store.mirror.show_pending(&outbox, now()).expect("shown");
        assert_eq!(store.mirror.image(&link(1)).expect("image").expect("the deal").amount, None);
        let taken_back = store.turn(Undoing::Redo, 60, now()).expect("turn").expect("an action");
        assert_eq!((taken_back.withdrawn.len(), store.keep.outbox().expect("outbox").len()), (1, 0));
    }

    /// The user writes a note, and the server takes it as the note 77.
    fn noted(store: &mut Store, text: &str) {
        let body = WriteBody::Note { text: text.to_owned() };
        let no = store.keep.write(1, &link(1), &body, now(), None).expect("write");
        store.keep.begin(&[no]).expect("begin");
        store.keep.confirm(&[(&[no], Some("77"))], now()).expect("confirm");
    }

    fn note_there(store: &mut Store, text: &str) {
        let note = json!({"id": "77", "Note_Content": text, "Parent_Id": {"id": "1"}});
        let note = note.as_object().expect("object").clone();
        store.mirror.apply(Module::Notes, &[note], None, now()).expect("note");
    }

    #[test]
    fn a_note_that_bigin_has_goes_and_comes_back_as_a_new_one() {
        let mut store = store(1);
        noted(&mut store, "net-45 is fine");
        note_there(&mut store, "net-45 is fine\r\n");
        store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert_eq!(stages(&mut store), [("Deal 1".to_owned(), "without 77".to_owned())]);
        let taken_back = store.turn(Undoing::Redo, 60, now()).expect("turn").expect("an action");
        assert_eq!(taken_back.withdrawn.len(), 1, "it has not left yet");
        assert_eq!(store.keep.draft_of(&link(1)).expect("draft"), None);

        store.turn(Undoing::Undo, 70, now()).expect("turn").expect("an action");
        let rows: Vec<i64> = store.keep.outbox().expect("outbox").iter().map(|row| row.no).collect();
        store.keep.begin(&rows).expect("begin");
        store.keep.confirm(&[(&rows, None)], now()).expect("confirm");
        store.turn(Undoing::Redo, 80, now()).expect("turn").expect("an action");
        assert_eq!(stages(&mut store), [("Deal 1".to_owned(), "net-45 is fine".to_owned())]);
    }

    #[test]
    fn a_note_that_somebody_edited_stays() {
        let mut store = store(1);
        noted(&mut store, "net-45 is fine");
        note_there(&mut store, "net-60, says Ben");
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert_eq!(
            (outcome.words, outcome.kept[0].as_str()),
            (None, "Deal 1: somebody edited the note since; it stays")
        );
        assert_eq!(stages(&mut store), []);
    }

    #[test]
    fn a_note_on_its_way_is_undone_when_it_is_there() {
        let mut store = store(1);
        let body = WriteBody::Note { text: "net-45 is fine".to_owned() };
        let no = store.keep.write(1, &link(1), &body, now(), None).expect("write");
        store.keep.begin(&[no]).expect("begin");
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert!(outcome.later && outcome.words.is_none());
        store.keep.confirm(&[(&[no], Some("77"))], now()).expect("confirm");
        assert!(store.turn(Undoing::Undo, 60, now()).expect("turn").expect("an action").words.is_some());
    }

    #[test]
    fn a_note_that_has_not_left_becomes_a_draft_again() {
        let mut store = store(1);
        let body = WriteBody::Note { text: "net-45 is fine".to_owned() };
        store.keep.write(1, &link(1), &body, now(), None).expect("write");
        let outcome = store.turn(Undoing::Undo, 50, now()).expect("turn").expect("an action");
        assert_eq!(outcome.words.expect("done").as_str(), "Deal 1  note");
        assert_eq!(store.keep.draft_of(&link(1)).expect("draft").as_deref(), Some("net-45 is fine"));
        store.turn(Undoing::Redo, 60, now()).expect("turn").expect("an action");
        assert_eq!(stages(&mut store), [("Deal 1".to_owned(), "net-45 is fine".to_owned())]);
        assert_eq!(store.keep.draft_of(&link(1)).expect("draft"), None);
    }
}

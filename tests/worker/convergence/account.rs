//! What was done to the fields of the deals and to the notes, and what must have come of it.

use std::collections::{BTreeMap, BTreeSet};

use bigin::protocol::{MoveField, MoveValues};

/// A value as text; none for an empty field.
pub type Text = Option<String>;

/// What happened to a field, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Turn {
    /// The user changed it, looking at the value `seen`.
    Mine { seen: Text, value: Text },
    /// Something else changed it on the server.
    Theirs(Text),
}

/// What became of a note that the user wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    /// The program said that it is on disk.
    Promised,
    /// The program crashed before it said so.
    Perhaps,
}

/// The books of a story.
#[derive(Debug, Default)]
pub struct Account {
    fields: BTreeMap<(usize, &'static str), Vec<Turn>>,
    /// Deals of which a write was refused: what came back to the user is not on the server.
    refused: BTreeSet<usize>,
    notes: BTreeMap<String, (usize, Note)>,
}

impl Account {
    pub fn mine(&mut self, deal: usize, field: MoveField, seen: Text, value: Text) {
        if seen != value {
            self.turns(deal, field).push(Turn::Mine { seen, value });
        }
    }

    pub fn theirs(&mut self, deal: usize, field: MoveField, value: Text) {
        self.turns(deal, field).push(Turn::Theirs(value));
    }

    /// A conflict between the user's `value` and theirs was answered with the user's: that is what was done last on
    /// top of theirs, and what the user did after it comes on top of that.
    pub fn insisted(&mut self, deal: usize, field: MoveField, theirs: Text, value: Text) {
        let turns = self.turns(deal, field);
        let mine = turns.iter().rposition(|turn| turn.is_mine(&value));
        let seen = turns.iter().rposition(|turn| *turn == Turn::Theirs(theirs.clone()));
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (at, turn) in turns.drain(..).enumerate() {
            match turn {
                Turn::Theirs(_) if seen.is_some_and(|seen| at <= seen) => before.push(turn),
                Turn::Mine { .. } if mine.is_some_and(|mine| at <= mine) => {}
                turn => after.push(turn),
            }
        }
        before.push(Turn::Mine { seen: theirs, value });
        turns.extend(before.into_iter().chain(after));
    }

    /// The same, answered with theirs: what led to the user's value is void.
    pub fn gave_in(&mut self, deal: usize, field: MoveField, value: &Text) {
        let turns = self.turns(deal, field);
        let end = turns.iter().rposition(|turn| turn.is_mine(value)).map_or(0, |at| at + 1);
        let mut at = 0;
        turns.retain(|turn| {
            at += 1;
            at > end || matches!(turn, Turn::Theirs(_))
        });
    }

    pub fn refused(&mut self, deal: usize) {
        self.refused.insert(deal);
    }

    pub fn promised(&mut self, deal: usize, note: &str) {
        self.notes.insert(note.to_owned(), (deal, Note::Promised));
    }

    pub fn perhaps(&mut self, deal: usize, note: &str) {
        self.notes.insert(note.to_owned(), (deal, Note::Perhaps));
    }

    /// A note on the deal was undone or done again: the last one may be there or not from now on.
    pub fn turned_note(&mut self, deal: usize) {
        let last =
            self.notes.iter_mut().filter(|(_, (of, _))| *of == deal).max_by_key(|(text, (_, note))| {
                // Texts end with a number that rises.
                (
                    *note == Note::Promised,
                    text.rsplit(' ').next().and_then(|number| number.parse::<u32>().ok()),
                )
            });
        if let Some((_, (_, note))) = last {
            *note = Note::Perhaps;
        }
    }

    fn turns(&mut self, deal: usize, field: MoveField) -> &mut Vec<Turn> {
        self.fields.entry((deal, field.label())).or_default()
    }

    /// Holds the values that a deal has in the end against what happened to it.
    pub fn check_deal(&self, deal: usize, at_first: &MoveValues, there: &MoveValues) {
        for field in [MoveField::Stage, MoveField::Amount, MoveField::Closing] {
            let turns = self.fields.get(&(deal, field.label())).map_or(&[][..], Vec::as_slice);
            let (first, found) = (at_first.text(field), there.text(field));
            let fits = if self.refused.contains(&deal) {
                found == first || turns.iter().any(|turn| *turn.value() == found)
            } else {
                fits(turns, &first, &found)
            };
            assert!(fits, "{} of deal {deal} is {found:?}, was {first:?} at first: {turns:?}", field.label());
        }
    }

    /// Holds how often each text is on the server, and which came back to the user, against what was promised.
    pub fn check_notes(
        &self,
        there: &BTreeMap<String, usize>,
        back: &dyn Fn(&str) -> bool,
        gone: &BTreeSet<usize>,
    ) {
        for (text, (deal, note)) in &self.notes {
            let times = there.get(text).copied().unwrap_or(0);
            assert!(times <= 1, "{text} is there {times} times");
            if *note == Note::Promised && !gone.contains(deal) {
                assert!(
                    (times == 1) != back(text),
                    "{text} on deal {deal} is there {times} times; back: {}",
                    back(text)
                );
            }
        }
    }
}

impl Turn {
    fn is_mine(&self, wanted: &Text) -> bool {
        matches!(self, Self::Mine { value, .. } if value == wanted)
    }

    const fn value(&self) -> &Text {
        match self {
            Self::Mine { value, .. } | Self::Theirs(value) => value,
        }
    }
}

/// Whether a field may have ended with `found`.
fn fits(turns: &[Turn], first: &Text, found: &Text) -> bool {
    let their_last = turns.iter().rposition(|turn| matches!(turn, Turn::Theirs(_)));
    let theirs = their_last.map_or(first, |at| turns[at].value());
    let after = &turns[their_last.map_or(0, |at| at + 1)..];
    // What the user did since, each time looking at what was there.
    let mut value = theirs;
    let mut unseen = false;
    for turn in after {
        if let Turn::Mine { seen, value: new } = turn {
            unseen = seen != theirs && (unseen || seen != value);
            value = new;
        }
    }
    // They may have chosen the very value that the user went on from, which nobody can tell from no change at all.
    let from_the_same = |turn: &Turn| matches!(turn, Turn::Mine { seen, .. } if seen == theirs);
    if turns[..their_last.unwrap_or(0)].iter().any(from_the_same) {
        let mine = turns.iter().rev().find(|turn| matches!(turn, Turn::Mine { .. }));
        return found == theirs || mine.is_some_and(|turn| turn.value() == found);
    }
    // A change that the user had not seen is never written over without a word.
    found == if unseen && their_last.is_some() { theirs } else { value }
}

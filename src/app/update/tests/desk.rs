//! A model with someone at the keys.

use jiff::ToSpan;

use crate::{
    app::{Effect, Model, Msg, NoticeKind, keys, update},
    protocol::{Event, Job, JobKey, Request},
};

/// A model, and what it wanted done since the last look.
pub struct Desk {
    pub model: Model,
    pub effects: Vec<Effect>,
}

impl Desk {
    pub fn at(model: Model) -> Self {
        Self { model, effects: Vec::new() }
    }

    pub fn send(&mut self, msg: Msg) -> &mut Self {
        let effects = update(&mut self.model, msg);
        self.effects.extend(effects);
        self
    }

    /// Presses keys, written as in the action table.
    pub fn press(&mut self, sequence: &str) -> &mut Self {
        for key in keys::parse(sequence).expect("keys") {
            self.send(Msg::Key(key.into()));
        }
        self
    }

    /// Types text letter by letter.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = crossterm::event::KeyCode::Char(c);
            self.send(Msg::Key(key.into()));
        }
        self
    }

    pub fn hear(&mut self, event: Event) -> &mut Self {
        self.send(Msg::Worker(event))
    }

    /// Time goes by, and everything due in it happens.
    pub fn wait(&mut self, milliseconds: i64) -> &mut Self {
        let end = self.model.now + milliseconds.milliseconds();
        while let Some(due) = self.model.next_due().filter(|due| *due <= end) {
            assert!(due >= self.model.now || self.model.next_due() == Some(due));
            self.model.now = due.max(self.model.now);
            self.send(Msg::Due);
            assert!(self.model.next_due() != Some(due), "a deadline that does not go away");
        }
        self.model.now = end;
        self
    }

    /// What was asked of the worker since the last look.
    pub fn jobs(&mut self) -> Vec<Job> {
        let asked = self.effects.iter().filter_map(|effect| match effect {
            Effect::Ask(job) => Some(job.clone()),
            _ => None,
        });
        let asked = asked.collect();
        self.effects.clear();
        asked
    }

    pub fn requests(&mut self) -> Vec<Request> {
        self.jobs().into_iter().map(|job| job.request).collect()
    }

    /// The newest generation of a job.
    pub fn generation(&self, key: &JobKey) -> u64 {
        self.model.generations.get(key).copied().unwrap_or(0)
    }

    pub fn said(&self) -> &str {
        self.model.notice().map_or("", |notice| notice.text.as_str())
    }

    pub fn failed(&self) -> bool {
        self.model.notice().is_some_and(|notice| notice.kind == NoticeKind::Failure)
    }
}

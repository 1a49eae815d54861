//! What was changed here since an answer came, over the answer.

use std::{borrow::Cow, collections::HashMap};

use serde_json::Value;

use super::{Console, answer::Shown};

/// Values of fields by the ids of their records.
#[derive(Debug, Default)]
pub(super) struct Changes(HashMap<String, Vec<(String, Value)>>);

impl Console {
    /// What was changed here of the records of an answer, so that the server did not know it yet. A journal that
    /// cannot be read changes nothing.
    pub(super) async fn changes(&self, shown: &Shown) -> Changes {
        let Some((module, since)) = shown.module.zip(Some(shown.since)) else { return Changes::default() };
        let read = self.desk.read(move |store| store.keep.changed_here(module, since)).await;
        let mut changes: HashMap<String, Vec<(String, Value)>> = HashMap::new();
        for (record, field, value) in read.unwrap_or_default() {
            changes.entry(record).or_default().push((field, value));
        }
        Changes(changes)
    }
}

impl Changes {
    /// The values of a record's row in the columns of these fields, as they are now.
    pub(super) fn over<'a>(
        &self,
        id: Option<&str>,
        fields: impl Iterator<Item = Option<&'a str>>,
        values: &'a [Value],
    ) -> Cow<'a, [Value]> {
        let Some(changed) = id.and_then(|id| self.0.get(id)) else { return Cow::Borrowed(values) };
        let mut values = values.to_vec();
        for (value, field) in values.iter_mut().zip(fields) {
            if let Some((_, new)) = changed.iter().find(|(name, _)| Some(name.as_str()) == field) {
                value.clone_from(new);
            }
        }
        Cow::Owned(values)
    }
}

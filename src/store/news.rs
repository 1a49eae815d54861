//! Records that changed on the server: into the journal, then into the mirror.

use jiff::Timestamp;

use super::{
    Store, StoreError,
    mirror::{Applied, Mark},
};
use crate::{
    domain::{FieldChange, Link, Module},
    tables::Record,
};

impl Store {
    /// Takes in a page of changed records, and writes down what changed in those that were here. The journal
    /// comes first: after a crash between the two the page comes again, and what it repeats is no news.
    ///
    /// # Errors
    /// As [`super::Mirror::apply`], or when the keep's disk refuses; the mirror is then as before.
    pub fn take_in(
        &mut self,
        module: Module,
        records: &[Record],
        mark: Option<Mark<'_>>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let mut newer = Vec::with_capacity(records.len());
        for record in records {
            newer.push(self.mirror.knows_newer(module, record)?);
        }
        if newer.contains(&true) {
            // The page was on its way while the user's own change was confirmed.
            let kept = records.iter().zip(newer).filter(|(_, newer)| !newer);
            let kept: Vec<Record> = kept.map(|(record, _)| record.clone()).collect();
            return self.take_in(module, &kept, mark, now);
        }
        let changes = self.mirror.differences(module, records, now)?;
        self.keep.note_seen(&changes, now)?;
        self.mirror.apply(module, records, mark, now)
    }

    /// What changed on a record, newest first, `limit` lines at most.
    ///
    /// # Errors
    /// When the keep cannot be read.
    pub fn history(&self, record: &Link, limit: u32) -> Result<Vec<FieldChange>, StoreError> {
        let changes = self.keep.history(record, limit)?;
        let mut lines: Vec<FieldChange> = changes.iter().map(|change| self.mirror.in_words(change)).collect();
        let stages: Vec<usize> = (0..changes.len()).filter(|at| changes[*at].field == "Stage").collect();
        for pair in stages.windows(2) {
            let (later, earlier) = (&changes[pair[0]], &changes[pair[1]]);
            if later.before == earlier.after {
                let hours = later.at.duration_since(earlier.at).as_hours();
                lines[pair[0]].stood = u32::try_from(hours / 24).ok();
            }
        }
        Ok(lines)
    }

    /// Lets a mirror that was filled anew know since when deals stand in their stages, where the journal saw
    /// them come.
    ///
    /// # Errors
    /// When either file refuses.
    pub fn recall(&mut self) -> Result<(), StoreError> {
        let arrivals = self.keep.arrivals()?;
        self.mirror.recall(&arrivals)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        domain::SafeText,
        store::{Place, mirror},
    };

    fn store() -> Store {
        let mut store = Store::open(&Place::Memory, &Place::Memory).expect("open");
        store.mirror.set_catalog(mirror::example(), at("2026-09-01T00:00:00Z")).expect("catalog");
        store
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn deal(changes: Value) -> Record {
        let base = json!({
            "id": "77", "Deal_Name": "Quayside refit", "Sub_Pipeline": "Standard", "Stage": "Proposal",
            "Amount": 48_000, "Closing_Date": "2026-09-25", "Owner": {"id": "900", "name": "Mira Solt"},
            "Contact_Name": {"id": "5", "name": "Ana"}, "Created_Time": "2026-06-11T09:00:00Z",
            "Modified_Time": "2026-09-04T12:00:00Z",
        });
        let mut record = base.as_object().expect("object").clone();
        record.extend(changes.as_object().expect("object").clone());
        record
    }

    fn history(store: &Store) -> Vec<String> {
        let link =
            Link { module: Module::Pipelines, id: "77".parse().expect("id"), name: SafeText::default() };
        let changes = store.keep.history(&link, 10).expect("history");
        let line = |change: &crate::store::keep::Change| {
            let person = change.person.as_deref().unwrap_or("me");
            format!("{} {} {} -> {} by {person}", change.at, change.field, change.before, change.after)
        };
        changes.iter().map(line).collect()
    }

    #[test]
    fn a_page_of_changes_leaves_a_line_for_each_field_that_differs() {
        let mut store = store();
        let now = at("2026-09-24T10:00:00Z");
        store.take_in(Module::Pipelines, &[deal(json!({}))], None, now).expect("first");
        assert_eq!(history(&store), Vec::<String>::new(), "nothing was known before");
        let later = json!({
            "Stage": "Negotiation", "Amount": 48_000.0, "Contact_Name": {"id": "5", "name": "Ana Ruiz"},
            "Modified_Time": "2026-09-24T12:00:00+03:00", "Modified_By": {"id": "901", "name": "Ben Okafor"},
        });
        store.take_in(Module::Pipelines, &[deal(later.clone())], None, now).expect("second");
        let line = "2026-09-24T09:00:00Z Stage \"Proposal\" -> \"Negotiation\" by Ben Okafor";
        assert_eq!(history(&store), [line]);
        store.take_in(Module::Pipelines, &[deal(later)], None, now).expect("the same again");
        assert_eq!(history(&store).len(), 1);
    }

    #[test]
    fn a_page_that_is_older_than_what_was_confirmed_since_changes_nothing() {
        let mut store = store();
        let now = at("2026-09-24T10:00:00Z");
        let confirmed = json!({"Stage": "Negotiation", "Modified_Time": "2026-09-24T09:00:00Z"});
        store.take_in(Module::Pipelines, &[deal(confirmed)], None, now).expect("confirmed");
        store.take_in(Module::Pipelines, &[deal(json!({}))], None, now).expect("an older page");
        let link =
            Link { module: Module::Pipelines, id: "77".parse().expect("id"), name: SafeText::default() };
        let told = store.mirror.told(&link).expect("read").expect("the deal");
        assert_eq!(told.get("Stage"), Some(&json!("Negotiation")));
    }

    #[test]
    fn a_fill_writes_no_journal() {
        let mut store = store();
        let now = at("2026-09-24T10:00:00Z");
        store.mirror.apply(Module::Pipelines, &[deal(json!({}))], None, now).expect("page");
        assert_eq!(history(&store), Vec::<String>::new());
        let mine = json!({
            "Closing_Date": "2026-10-02", "Modified_Time": "2026-09-24T09:00:00Z",
            "Modified_By": {"id": "900", "name": "Mira Solt"},
        });
        store.take_in(Module::Pipelines, &[deal(mine)], None, now).expect("news");
        let line = "2026-09-24T09:00:00Z Closing_Date \"2026-09-25\" -> \"2026-10-02\" by me";
        assert_eq!(history(&store), [line]);
    }

    fn shown(store: &Store) -> crate::domain::DealRow {
        let moment = store.mirror.moment(at("2026-10-01T00:00:00Z"));
        let id = "77".parse().expect("id");
        let mut detail =
            store.mirror.detail(Module::Pipelines, &id, &moment).expect("detail").expect("there");
        store.keep.add_slips(detail.deals_mut()).expect("slips");
        detail.deals_mut().next().expect("the deal").clone()
    }

    #[test]
    fn a_mirror_that_is_filled_anew_knows_the_stage_ages_that_the_journal_saw() {
        let mut store = store();
        let now = at("2026-09-24T10:00:00Z");
        store.take_in(Module::Pipelines, &[deal(json!({}))], None, now).expect("first");
        assert!(shown(&store).since.is_some_and(|since| !since.observed), "an estimate");
        let moved = json!({"Stage": "Negotiation", "Modified_Time": "2026-09-20T09:00:00Z"});
        store.take_in(Module::Pipelines, &[deal(moved)], None, now).expect("second");
        let seen = shown(&store).since.expect("since");
        assert_eq!((seen.at, seen.observed), (at("2026-09-20T09:00:00Z"), true));

        store.mirror.rebuild().expect("rebuild");
        let later = json!({"Stage": "Negotiation", "Amount": 1, "Modified_Time": "2026-09-23T09:00:00Z"});
        store.mirror.apply(Module::Pipelines, &[deal(later)], None, now).expect("fill");
        assert!(shown(&store).since.is_some_and(|since| !since.observed), "the mirror forgot");
        store.recall().expect("recall");
        assert_eq!(shown(&store).since, Some(seen));

        let further = json!({"Stage": "Proposal", "Modified_Time": "2026-09-24T09:00:00Z"});
        store.mirror.apply(Module::Pipelines, &[deal(further)], None, now).expect("unseen");
        store.recall().expect("recall");
        assert_ne!(shown(&store).since, Some(seen), "it stands in another stage by now");
    }

    #[test]
    fn slips_count_only_moves_to_a_later_day() {
        let mut store = store();
        let now = at("2026-09-24T10:00:00Z");
        for (number, date) in (1..).zip(["2026-07-31", "2026-08-29", "2026-08-20", "2026-09-25"]) {
            let time = format!("2026-09-0{number}T09:00:00Z");
            let page = [deal(json!({"Closing_Date": date, "Modified_Time": time}))];
            store.take_in(Module::Pipelines, &page, None, now).expect("page");
        }
        assert_eq!(shown(&store).slips, Some(crate::domain::Slips { times: 2, days: 29 + 36 }));
    }
}

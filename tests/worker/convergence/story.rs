//! The steps, done for real.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use bigin::{
    api::Client,
    domain::{DealRow, Head, Link, Module, RecordId, SafeText, Schemas},
    protocol::{
        DraftKey, Event, JobKey, MoveField, MoveValues, NewNote, OutboxItem, OutboxOrder, Request,
        StageChange, Stand, Undoing, Writing,
    },
    sandbox,
    store::{Keep, Mirror, Place, keep::WriteBody},
    tables,
};
use serde_json::{Map, Value, json};

use super::{DEALS, Fault, Line, Step, Theirs, account::Account};
use crate::{
    office::{Office, link},
    undo::{colleague, turn},
};

/// A deal of the story.
struct Deal {
    row: DealRow,
    stages: Vec<String>,
}

pub struct Story {
    office: Office,
    folder: tempfile::TempDir,
    colleague: Client,
    deals: Vec<Deal>,
    account: Account,
    /// Deals that someone deleted.
    gone: BTreeSet<usize>,
    /// The line is not good.
    faulty: bool,
    /// What is wrong with it.
    rules: Value,
    /// An answer may have been lost.
    spoiled: bool,
    /// What was spent by calls that an end of the program cut off is in no books.
    crashed: bool,
    /// Names writes, and makes values that come once.
    serial: u32,
}

fn of_row(row: &DealRow) -> MoveValues {
    MoveValues { stage: row.stage.clone(), amount: row.amount, closing: row.closing, ..MoveValues::default() }
}

impl Story {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut office = Office::prepare(sandbox::Options { deals: 30, ..sandbox::Options::default() }).await;
        office.keep_in(folder.path());
        office.pace.hold = Duration::from_millis(5);
        office.pace.retry = Duration::from_millis(1);
        office.start_mortal();
        office.synced().await;
        let subs = office.catalog().await.pipelines[0].sub_pipelines.clone();
        let rows = office.deals().await.into_iter();
        let deals: Vec<Deal> = rows
            .filter_map(|row| {
                let sub = subs.iter().find(|sub| sub.name == row.sub_pipeline)?;
                sub.next_open(&row.stage)?;
                let stages = sub.stages.iter().map(|stage| stage.value.clone()).collect();
                Some(Deal { row, stages })
            })
            .take(DEALS)
            .collect();
        assert_eq!(deals.len(), DEALS);
        let (colleague, _) = colleague(&office).await;
        Self {
            office,
            folder,
            colleague,
            deals,
            account: Account::default(),
            gone: BTreeSet::new(),
            faulty: false,
            rules: json!([]),
            spoiled: false,
            crashed: false,
            serial: 0,
        }
    }

    pub async fn step(&mut self, step: Step) {
        self.serial += 1;
        match step {
            Step::Note(deal) => {
                let (write, text) = self.write_note(deal).await;
                self.taken(write).await;
                self.account.promised(deal, &text);
            }
            Step::NoteAndCrash(deal) => {
                let (_, text) = self.write_note(deal).await;
                self.account.perhaps(deal, &text);
                self.crash().await;
            }
            Step::Carry(deal, stage) => {
                let stages = &self.deals[deal].stages;
                let stage = stages[stage % stages.len()].clone();
                self.change(deal, MoveField::Stage, |values| values.stage = stage).await;
            }
            Step::Wrong(deal) => {
                self.account.refused(deal);
                let stage = "Moon landing".to_owned();
                self.change(deal, MoveField::Stage, |values| values.stage = stage).await;
            }
            Step::Amount(deal) => {
                let amount = self.serial.into();
                self.change(deal, MoveField::Amount, |values| values.amount = Some(amount)).await;
            }
            Step::Closing(deal) => {
                let date = self.date();
                self.change(deal, MoveField::Closing, |values| values.closing = Some(date)).await;
            }
            Step::Undo => self.turn(Undoing::Undo).await,
            Step::Redo => self.turn(Undoing::Redo).await,
            Step::Theirs(deal, what) => self.theirs(deal, what).await,
            Step::Elsewhere(deal) => {
                let amount = self.serial;
                let field = ("Amount", json!(amount));
                if self.upsert(&self.office.other, deal, field).await {
                    self.account.theirs(deal, MoveField::Amount, Some(amount.to_string()));
                }
            }
            Step::Delete(deal) => {
                if self.gone.len() + 1 < DEALS && self.gone.insert(deal) {
                    let id = self.deals[deal].row.id.clone();
                    self.colleague.delete(Module::Pipelines, &[id]).await.expect("deleted");
                }
            }
            Step::Create => {
                let row = &self.deals[0].row;
                let new = json!({"Deal_Name": format!("new {}", self.serial), "Stage": self.deals[0].stages[0],
                    "Sub_Pipeline": row.sub_pipeline});
                let new = new.as_object().expect("an object").clone();
                self.colleague.insert(Module::Pipelines, vec![new]).await.expect("created");
            }
            Step::Pull => self.office.pull().await,
            Step::Drain(mine) => {
                if !self.faulty {
                    self.drain(mine).await;
                }
            }
            Step::Fault(line, fault) => {
                self.faulty = true;
                self.spoiled = true;
                self.rules = rules(line, fault);
                self.office.faults(self.rules.clone()).await;
            }
            Step::Clear => self.clear().await,
            Step::Later(seconds) => self.office.advance(seconds).await,
            Step::Crash => self.crash().await,
            Step::Restart => {
                self.crashed = true;
                self.office.stop().await;
                self.start().await;
            }
        }
    }

    /// A closing date that no other step gives.
    fn date(&self) -> jiff::civil::Date {
        let first = jiff::civil::date(2027, 1, 1);
        first.checked_add(jiff::Span::new().days(i64::from(self.serial))).expect("a date")
    }

    /// Writes a note; where one is a draft again, it goes on from that as the editor does.
    async fn write_note(&self, deal: usize) -> (u64, String) {
        let (write, line) = (u64::from(self.serial), format!("note {}", self.serial));
        let parent = link(&self.deals[deal].row);
        self.office.send(JobKey::Keep, Request::Drafts);
        let drafts = self.office.event("drafts", |event| match event {
            Event::Drafts(drafts) => Some(drafts),
            _ => None,
        });
        let key = DraftKey::Note(parent.clone());
        let draft = drafts.await.into_iter().find(|row| row.draft == key);
        let text = draft.map_or_else(|| line.clone(), |row| format!("{}\n{line}", row.text));
        self.office.send(JobKey::Write(write), Request::AddNote(NewNote { write, parent, text }));
        (write, line)
    }

    async fn taken(&self, wanted: u64) {
        self.office
            .event("the write on disk", |event| (event == Event::Taken { write: wanted }).then_some(()))
            .await;
    }

    /// The deal as it is shown; none where it is gone.
    async fn shown(&self, deal: usize) -> Option<DealRow> {
        let (module, id) = (Module::Pipelines, self.deals[deal].row.id.clone());
        let asked = self.office.send(JobKey::Detail, Request::Detail { module, id, fresh: false });
        let detail = self.office.event("the deal", |event| match event {
            Event::Detail { generation, detail, .. } if generation == asked => Some(detail),
            _ => None,
        });
        match detail.await.map(|detail| detail.head) {
            Some(Head::Deal(row)) => Some(row),
            _ => None,
        }
    }

    /// The user changes one field of a deal, looking at what is shown.
    async fn change(&mut self, deal: usize, field: MoveField, make: impl FnOnce(&mut MoveValues)) {
        let Some(row) = self.shown(deal).await else { return };
        let seen = of_row(&row);
        let mut values = seen.clone();
        make(&mut values);
        if values == seen {
            return;
        }
        let write = u64::from(self.serial);
        let change = StageChange {
            write,
            deal: link(&row),
            from: seen.stage.clone(),
            to: values.stage.clone(),
            amount: values.amount.filter(|_| field == MoveField::Amount),
            closing: values.closing.filter(|_| field == MoveField::Closing),
        };
        self.office.send(JobKey::Write(write), Request::MoveDeals(vec![change]));
        self.taken(write).await;
        let seen = self.based_on(deal).unwrap_or(seen);
        self.account.mine(deal, field, seen.text(field), values.text(field));
    }

    /// What the last change of a deal is based on: what was shown at the moment of the key.
    fn based_on(&self, deal: usize) -> Option<MoveValues> {
        let keep = rusqlite::Connection::open(self.folder.path().join("keep.sqlite")).expect("the keep");
        let sql = "SELECT body FROM outbox WHERE kind = 'move' AND record = ?1 ORDER BY no DESC LIMIT 1";
        let id = self.deals[deal].row.id.as_str();
        let body: String = keep.query_row(sql, [id], |row| row.get(0)).ok()?;
        match serde_json::from_str(&body).expect("a body") {
            WriteBody::Move { before, .. } => Some(MoveValues {
                stage: before.stage.clone(),
                amount: before.amount,
                closing: before.closing_date(),
                ..MoveValues::default()
            }),
            _ => None,
        }
    }

    async fn turn(&mut self, which: Undoing) {
        let mut before = Vec::new();
        for deal in 0..DEALS {
            before.push(self.shown(deal).await);
        }
        let Ok(turned) = turn(&self.office, 10_000 + u64::from(self.serial), which).await else { return };
        if turned.words.as_str().ends_with("note") {
            let of = |deal: &Deal| turned.records.iter().any(|record| record.id == deal.row.id);
            self.deals.iter().position(of).into_iter().for_each(|deal| self.account.turned_note(deal));
        }
        for (deal, before) in before.into_iter().enumerate() {
            let (Some(before), Some(after)) = (before, self.shown(deal).await) else { continue };
            let (before, after) = (of_row(&before), of_row(&after));
            for field in [MoveField::Stage, MoveField::Amount, MoveField::Closing] {
                self.account.mine(deal, field, before.text(field), after.text(field));
            }
        }
    }

    async fn theirs(&mut self, deal: usize, what: Theirs) {
        let (field, value, text) = match what {
            Theirs::Stage(stage) => {
                let stages = &self.deals[deal].stages;
                let stage = &stages[stage % stages.len()];
                (Some(MoveField::Stage), ("Stage", json!(stage)), stage.clone())
            }
            Theirs::Amount => {
                (Some(MoveField::Amount), ("Amount", json!(self.serial)), self.serial.to_string())
            }
            Theirs::Closing => {
                let date = self.date().to_string();
                (Some(MoveField::Closing), ("Closing_Date", json!(date)), date)
            }
            Theirs::Name => (None, ("Deal_Name", json!(format!("name {}", self.serial))), String::new()),
        };
        let done = self.upsert(&self.colleague, deal, value).await;
        if let Some(field) = field.filter(|_| done) {
            self.account.theirs(deal, field, Some(text));
        }
    }

    /// Changes a deal over a way of its own, which no fault is on.
    async fn upsert(&self, client: &Client, deal: usize, (field, value): (&str, Value)) -> bool {
        if self.gone.contains(&deal) {
            return false;
        }
        let id = self.deals[deal].row.id.as_str();
        let fields = Map::from_iter([("id".to_owned(), json!(id)), (field.to_owned(), value)]);
        // Times are whole seconds: two changes in the same second cannot be told apart, so this one has a second
        // for itself.
        self.office.faults(json!([{"match": {"method": "PUT"}, "do": "status", "status": 429}])).await;
        self.office.advance(2).await;
        let written = client.upsert(Module::Pipelines, vec![fields], &[]).await.expect("upserted");
        assert!(written[0].done().is_some(), "{written:?}");
        self.office.advance(2).await;
        self.office.faults(self.rules.clone()).await;
        true
    }

    async fn clear(&mut self) {
        self.faulty = false;
        self.rules = json!([]);
        self.office.faults(self.rules.clone()).await;
    }

    async fn start(&mut self) {
        // Each run signs in anew, which the accounts server allows ten times in ten minutes.
        self.office.advance(90).await;
        self.office.start_mortal();
        // Its files are open: a worker that crashes before would open them beside the next one.
        self.shown(0).await;
    }

    async fn crash(&mut self) {
        self.crashed = true;
        self.office.crash().await;
        self.start().await;
    }

    /// Waits until nothing is left that can be sent; answers what waits for the user.
    async fn drain(&mut self, mine: bool) {
        let mut hurried = false;
        for round in 0.. {
            let items = self.office.outbox().await;
            let open: Vec<&OutboxItem> = items.iter().filter(|item| item.stand != Stand::Refused).collect();
            let Some(first) = open.first() else { return };
            assert!(round < 40, "the outbox does not get empty: {items:#?}");
            let mut decided = false;
            for item in &open {
                decided |= self.decide(item, mine).await;
            }
            if !decided {
                if !std::mem::replace(&mut hurried, true) {
                    self.office.order(OutboxOrder::Send(first.no));
                }
                self.office
                    .event("the outbox", |event| matches!(event, Event::Outbox(_)).then_some(()))
                    .await;
            }
        }
    }

    /// Answers a conflict as the screen does: fields that clash get one of the two values.
    async fn decide(&mut self, item: &OutboxItem, mine: bool) -> bool {
        let (Stand::Conflict(theirs), Writing::Move { before, after }) = (&item.stand, &item.what) else {
            return false;
        };
        let deal =
            self.deals.iter().position(|deal| deal.row.id == item.record.id).expect("a deal of the story");
        let mut values = after.clone();
        for field in theirs.clashes(before, after) {
            let (mine_is, theirs_is) = (after.text(field), theirs.values.text(field));
            if mine {
                self.account.insisted(deal, field, theirs_is, mine_is);
            } else {
                values.take(field, &theirs.values);
                self.account.gave_in(deal, field, &mine_is);
            }
        }
        self.office.order(OutboxOrder::Settle { no: item.no, values });
        self.office.event("the answer's end", |event| matches!(event, Event::Outbox(_)).then_some(())).await;
        true
    }

    /// Ends the story, and looks at both sides.
    pub async fn end(mut self) {
        self.clear().await;
        self.drain(true).await;
        // A round that was under way is not the one that was asked for.
        for _ in 0..3 {
            self.office.pull().await;
        }
        self.check_ledger().await;
        self.office.stop().await;
        let truth = self.office.truth().await;
        let mirror =
            Mirror::open(&Place::File(self.folder.path().join("mirror.sqlite"))).expect("the mirror");
        check_mirror(&mirror, self.folder.path(), &truth);
        self.check_deals(&mirror, &truth);
        self.check_notes(&truth);
    }

    /// The program counts what the service counts of its calls, and those that got lost on top.
    async fn check_ledger(&self) {
        let others = [&self.office.other, &self.colleague].map(|client| client.limits().usage().used);
        let there = self.office.ledger().await["used"].as_u64().expect("credits");
        let there = there - u64::from(others.iter().sum::<u32>());
        self.office.send(JobKey::Credits, Request::Credits);
        let here = self.office.event("the books", |event| match event {
            Event::Credits { cockpit, .. } => Some(u64::from(cockpit.spending.usage.used)),
            _ => None,
        });
        let here = here.await;
        assert!(here >= there || self.crashed, "{here} credits here, {there} there");
        assert!(here == there || self.crashed || self.spoiled, "{here} credits here, {there} there");
    }

    fn check_deals(&self, mirror: &Mirror, truth: &Value) {
        for (at, deal) in self.deals.iter().enumerate() {
            let there = records(truth, Module::Pipelines).find(|record| record["id"] == deal.row.id.as_str());
            let shown =
                mirror.deal(&link(&deal.row), &mirror.moment(jiff::Timestamp::now())).expect("the mirror");
            assert_eq!(
                (there.is_none(), shown.is_none()),
                (self.gone.contains(&at), self.gone.contains(&at))
            );
            let (Some(there), Some(shown)) = (there, shown) else { continue };
            let there = MoveValues {
                stage: there["Stage"].as_str().expect("a stage").to_owned(),
                amount: Some(there["Amount"].to_string())
                    .filter(|text| text != "null")
                    .map(|text| text.parse().expect("a number")),
                closing: there["Closing_Date"].as_str().map(|text| text.parse().expect("a date")),
                ..MoveValues::default()
            };
            assert_eq!((of_row(&shown), shown.pending), (there.clone(), false), "deal {at} as it is shown");
            self.account.check_deal(at, &of_row(&deal.row), &there);
        }
    }

    fn check_notes(&self, truth: &Value) {
        let mut there: BTreeMap<String, usize> = BTreeMap::new();
        for note in records(truth, Module::Notes) {
            for line in note["Note_Content"].as_str().unwrap_or_default().lines() {
                *there.entry(line.to_owned()).or_default() += 1;
            }
        }
        let keep = Keep::open(&Place::File(self.folder.path().join("keep.sqlite"))).expect("the keep");
        let drafts: Vec<String> =
            keep.drafts().expect("drafts").into_iter().map(|draft| draft.text).collect();
        let back = |text: &str| drafts.iter().any(|draft| draft.lines().any(|line| line == text));
        self.account.check_notes(&there, &back, &self.gone);
        let left: Vec<_> = keep.outbox().expect("the outbox");
        assert!(left.is_empty(), "{left:#?}");
    }
}

fn records(truth: &Value, module: Module) -> impl Iterator<Item = &Value> {
    truth[module.api_name()].as_array().into_iter().flatten()
}

/// The mirror holds every record of the server as the server has it, and no other.
pub fn check_mirror(mirror: &Mirror, folder: &std::path::Path, truth: &Value) {
    let catalog = mirror.catalog().expect("a catalog");
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let known: BTreeSet<&str> = bigin::sync::plan::MODULES
        .into_iter()
        .flat_map(|module| records(truth, module))
        .filter_map(|record| record["id"].as_str())
        .collect();
    let file = rusqlite::Connection::open(folder.join("mirror.sqlite")).expect("the file");
    for module in bigin::sync::plan::MODULES {
        let here: BTreeSet<String> = {
            let sql = match module {
                Module::Notes => "SELECT row FROM note".to_owned(),
                _ => format!("SELECT CAST(\"$row\" AS INTEGER) FROM \"{}\"", module.api_name()),
            };
            let mut select = file.prepare(&sql).expect(&sql);
            let rows = select.query_map([], |row| row.get::<_, i64>(0)).expect("rows");
            rows.map(|row| row.expect("a row").to_string()).collect()
        };
        let ids = records(truth, module).map(|record| record["id"].as_str().expect("an id").to_owned());
        let there: BTreeSet<String> = ids.collect();
        let odd: Vec<&String> = here.symmetric_difference(&there).collect();
        assert!(odd.is_empty(), "{module}: {} here, {} there: {odd:?}", here.len(), there.len());
        let Some(schema) = schemas.get(module.api_name()).filter(|_| module != Module::Notes) else {
            continue;
        };
        for record in records(truth, module) {
            let id: RecordId = record["id"].as_str().expect("an id").parse().expect("an id");
            let told = mirror.told(&Link { module, id, name: SafeText::default() }).expect("the mirror");
            let told = told.expect("the record");
            // No delta tells of the last activity: it moves without `Modified_Time`.
            for field in schema.fields.iter().filter(|field| field.api_name != "Last_Activity_Time") {
                let name = &field.api_name;
                if let (Some(told), Some(there)) = (told.get(name), record.get(name)) {
                    // What pointed to a record that is gone points nowhere, and what points to one that has a new
                    // name names it so; no delta tells of either.
                    let id = told.get("id").and_then(Value::as_str);
                    let gone = there.is_null() && id.is_some_and(|id| !known.contains(id));
                    let renamed = id.is_some() && there.get("id").and_then(Value::as_str) == id;
                    assert!(
                        gone || renamed || tables::same(field.shape(), told, there),
                        "{module} {}: {name} is {told} here and {there} there",
                        record["id"]
                    );
                }
            }
        }
    }
}

/// What goes wrong on the line of the worker.
fn rules(line: Line, fault: Fault) -> Value {
    let writes = [("PUT", "/bigin/v2/Pipelines*"), ("POST", "/bigin/v2/*Notes")];
    let reads = [("GET", "/bigin/v2/*")];
    let calls: Vec<(&str, &str)> = match line {
        Line::Writes => writes.to_vec(),
        Line::Reads => reads.to_vec(),
        Line::Both => writes.into_iter().chain(reads).collect(),
    };
    let kinds: &[(&str, f64)] = match fault {
        Fault::TooMany | Fault::Unavailable => &[("status", 1.0)],
        Fault::ApplyThenClose => &[("apply_then_close", 1.0)],
        Fault::Reset => &[("close_before_read", 1.0)],
        Fault::CloseAfterRead => &[("close_after_read", 1.0)],
        Fault::CloseMidBody => &[("close_mid_body", 1.0)],
        Fault::Slow => &[("delay", 1.0)],
        Fault::Mixed => &[
            ("apply_then_close", 0.2),
            ("close_before_read", 0.15),
            ("close_mid_body", 0.15),
            ("status", 0.1),
        ],
    };
    let status = if fault == Fault::TooMany { 429 } else { 503 };
    let rules = calls.iter().flat_map(|(method, path)| {
        kinds.iter().map(move |(kind, probability)| {
            json!({"match": {"method": method, "path": path}, "do": kind, "status": status, "at_byte": 7,
                "delay_ms": 15, "probability": probability})
        })
    });
    rules.collect()
}

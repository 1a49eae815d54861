//! Tasks, meetings and phone calls: what was done, and what comes next.

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::{Id, storage::PARENT_MODULE},
    Ground,
    about::About,
    companies::Company,
    contacts::Contact,
    days::{Calendar, DAY},
    deals::Deal,
    insert::{Audit, Ref, Table},
    words::{fill, pick},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Task,
    Event,
    Call,
}

/// An activity that is not written yet.
pub(super) struct Activity {
    kind: Kind,
    about: About,
    /// When it is or was due.
    at: i64,
    created: i64,
    open: bool,
}

/// Decides who has which activities and when, in the order in which they were made. Planned deals have the
/// open ones; records learn of the last thing that was done.
pub(super) fn spread(
    ground: &Ground<'_>,
    rng: &mut Rng,
    companies: &mut [Company],
    contacts: &mut [Contact],
    deals: &mut [Deal],
) -> Vec<Activity> {
    let plan = ground.plan;
    let mut planned: Vec<usize> = (0..deals.len()).filter(|place| deals[*place].planned).collect();
    rng.shuffle(&mut planned);
    let kinds = [(Kind::Task, plan.tasks), (Kind::Event, plan.events), (Kind::Call, plan.calls)];
    let mut activities = Vec::with_capacity(plan.activities());
    for (kind, count) in kinds {
        for index in 0..count {
            let open = index * 100 / count.max(1) < 42;
            let deal = match (open, planned.is_empty()) {
                _ if deals.is_empty() || rng.u8(0..10) == 0 => None,
                (true, false) => Some(planned[activities.len() % planned.len()]),
                _ => Some(rng.usize(..deals.len())),
            };
            activities.push(activity(ground, rng, (companies, contacts, deals), kind, deal, open));
        }
    }
    activities.sort_by_key(|activity| activity.created);
    activities
}

fn activity(
    ground: &Ground<'_>,
    rng: &mut Rng,
    (companies, contacts, deals): (&mut [Company], &mut [Contact], &mut [Deal]),
    kind: Kind,
    deal: Option<usize>,
    open: bool,
) -> Activity {
    let now = ground.calendar.now;
    let about = match deal {
        Some(place) => About::deal(deals, place),
        None => About::company(companies, rng.usize(..companies.len())),
    };
    let company = about.company.map(|place| &mut companies[place]);
    let began = deal.map(|place| deals[place].created).or(company.as_ref().map(|company| company.created));
    let began = began.unwrap_or(now);
    let at = match open {
        // Most of what is open lies ahead; some of it is late.
        true if rng.u8(0..100) < 78 => {
            let days = pick(rng, &[1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 9, 12, 15, 21, 30]);
            ground.calendar.future(rng, days)
        }
        true => {
            let days = rng.i64(1..15);
            ground.calendar.past(rng, days)
        }
        false => {
            let end = deal.map_or(now, |place| now.min(deals[place].moved + 10 * DAY));
            ground.calendar.between(rng, began.max(now - 400 * DAY), end - 3600)
        }
    };
    let at = Calendar::quarter(at);
    let lead = rng.i64(1..9);
    let created = ground.calendar.between(rng, (at - lead * DAY).max(began), at.min(now - 120)).min(now - 60);
    let done = if open { created } else { at };
    let marks = [
        deal.map(|place| &mut deals[place].last_activity),
        about.contact.map(|place| &mut contacts[place].last_activity),
        company.map(|company| &mut company.last_activity),
    ];
    marks.into_iter().flatten().for_each(|mark| *mark = (*mark).max(done.min(now)));
    Activity { kind, about, at, created, open }
}

/// Writes the activities down.
pub(super) fn write(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    (companies, contacts, deals): (&[Company], &[Contact], &[Deal]),
    activities: &[Activity],
    mut ids: [impl Iterator<Item = Id>; 3],
) -> rusqlite::Result<()> {
    let mut tables = ["Tasks", "Events", "Calls"].map(|module| Table::new(conn, module));
    for activity in activities {
        let place = activity.kind as usize;
        let Some(id) = ids[place].next() else { continue };
        let about = activity.about;
        let company = about.company.map(|place| &companies[place]);
        let owner = &ground.sellers[about.owner];
        let word = ["task", "event", "call"][place];
        let [company_slot, first] = about.slots(companies, contacts, "the office");
        let product = pick(rng, &["the Duo", "the Trio", "Care Plus", "the Atrium"]);
        let slots = [company_slot, first, ("owner", owner.first_name.as_str()), ("product", product)];
        let (related, module) = match (about.deal, company) {
            (None, Some(company)) => (company.id, "Accounts"),
            (deal, _) => (deals[deal.unwrap_or_default()].id, "Pipelines"),
        };
        let row = Row {
            activity,
            id,
            subject: fill(ground.words.activity(rng, word), &slots),
            contact: about.contact.map(|place| Ref(contacts[place].id)),
            related: Ref(related),
            module,
            modified: if activity.open { activity.created } else { activity.at.max(activity.created) },
            owner: owner.id,
        };
        match activity.kind {
            Kind::Task => row.task(ground, rng, &mut tables[place])?,
            Kind::Event => {
                let venue = company.map(Company::address_line).unwrap_or_default();
                row.event(ground, rng, &mut tables[place], &venue)?;
            }
            Kind::Call => row.call(ground, rng, &mut tables[place])?,
        }
        ground.progress.step();
    }
    Ok(())
}

struct Row<'a> {
    activity: &'a Activity,
    id: Id,
    subject: String,
    contact: Option<Ref>,
    related: Ref,
    module: &'static str,
    modified: i64,
    owner: Id,
}

impl Row<'_> {
    fn audit(&self) -> Audit {
        let Self { activity, modified, owner, .. } = self;
        Audit { owner: *owner, created: activity.created, modified: *modified, activity: Some(*modified) }
    }

    fn task(&self, ground: &Ground<'_>, rng: &mut Rng, table: &mut Table<'_>) -> rusqlite::Result<()> {
        let open = self.activity.open;
        let status = match open {
            true => {
                pick(rng, &["Not Started", "Not Started", "In Progress", "Waiting for input", "Deferred"])
            }
            false => "Completed",
        };
        let priority = pick(rng, &["Normal", "Normal", "Normal", "High", "High", "Highest", "Low"]);
        let due = ground.calendar.day(ground.calendar.days_until(self.activity.at));
        let alarm = (open && rng.u8(0..5) == 0)
            .then(|| format!("{{\"ALARM\":\"ACTION=EMAIL;TRIGGER=DATE-TIME:{due}T09:00:00+00:00\"}}"));
        table.insert(
            self.id,
            &self.audit(),
            [
                ("Subject", &self.subject),
                ("Due_Date", &due),
                ("Status", &status),
                ("Priority", &priority),
                ("Contact_Name", &self.contact),
                ("Related_To", &self.related),
                (PARENT_MODULE, &self.module),
                ("Remind_At", &alarm),
                ("Closed_Time", &(!open).then_some(self.modified)),
                ("Billable", &(rng.u8(0..12) == 0)),
                ("Effort_Hours", &(rng.u8(0..4) == 0).then(|| f64::from(rng.u8(1..9)) / 2.0)),
                ("Tag", &ground.tags.some(rng, "Tasks", 12)),
            ],
        )
    }

    fn event(
        &self,
        ground: &Ground<'_>,
        rng: &mut Rng,
        table: &mut Table<'_>,
        venue: &str,
    ) -> rusqlite::Result<()> {
        let start = self.activity.at;
        let end = start + pick(rng, &[1800, 3600, 3600, 5400, 7200]);
        let outcome = (!self.activity.open && rng.u8(0..3) > 0)
            .then(|| pick(rng, &["Went well", "Went well", "Needs follow-up", "No show", "Rescheduled"]));
        let guests = match &self.contact {
            Some(contact) => format!("[{{\"type\":\"contact\",\"participant\":\"{}\"}}]", contact.0),
            None => format!("[{{\"type\":\"user\",\"participant\":\"{}\"}}]", self.owner),
        };
        let reminder = "[{\"unit\":15,\"period\":\"minutes\"}]";
        let online = rng.u8(0..3) == 0;
        table.insert(
            self.id,
            &self.audit(),
            [
                ("Event_Title", &self.subject),
                ("Start_DateTime", &start),
                ("End_DateTime", &end),
                ("All_day", &false),
                ("Venue", &(if online { "Video call" } else { venue })),
                ("Participants", &guests),
                ("Contact_Name", &self.contact),
                ("Related_To", &self.related),
                (PARENT_MODULE, &self.module),
                ("Remind_At", &self.activity.open.then_some(reminder)),
                (
                    "Travel_Cost",
                    &(!online && rng.u8(0..4) == 0).then(|| f64::from(rng.u16(800..9000)) / 100.0),
                ),
                ("Outcome", &outcome),
                ("Tag", &ground.tags.some(rng, "Events", 10)),
            ],
        )
    }

    fn call(&self, ground: &Ground<'_>, rng: &mut Rng, table: &mut Table<'_>) -> rusqlite::Result<()> {
        let open = self.activity.open;
        let kind = match (open, rng.u8(0..10)) {
            (true, _) | (_, ..7) => "Outbound",
            (_, 7..9) => "Inbound",
            _ => "Missed",
        };
        let seconds = (!open && kind != "Missed").then(|| rng.i64(40..1500));
        let duration = seconds.map(|seconds| format!("{:02}:{:02}", seconds / 60, seconds % 60));
        let status = match (open, kind) {
            (true, _) if self.activity.at < ground.calendar.now => "Overdue",
            (true, _) => "Scheduled",
            (_, "Missed") => "Missed",
            _ => "Completed",
        };
        let result = (!open && kind != "Missed").then(|| {
            pick(rng, &["Interested", "Interested", "Requested info", "No response", "Not interested"])
        });
        let purpose = pick(rng, &["Prospecting", "Negotiation", "Demo", "Support", "Administrative"]);
        let follow = (result == Some("Requested info"))
            .then(|| ground.calendar.day(ground.calendar.days_until(self.activity.at) + 3));
        table.insert(
            self.id,
            &self.audit(),
            [
                ("Subject", &self.subject),
                ("Call_Type", &kind),
                ("Call_Start_Time", &self.activity.at),
                ("Call_Duration", &duration),
                ("Call_Duration_in_seconds", &seconds),
                ("Call_Purpose", &purpose),
                ("Call_Result", &result),
                ("Call_Status", &status),
                ("CTI_Entry", &false),
                ("Contact_Name", &self.contact),
                ("Related_To", &self.related),
                (PARENT_MODULE, &self.module),
                ("Follow_Up_On", &follow),
                ("Tag", &ground.tags.some(rng, "Calls", 12)),
            ],
        )
    }
}

//! Tasks, meetings and phone calls.

use super::super::{
    Kind,
    spec::{Spec, boolean, currency, date, datetime, field, lookup, phone, picklist, text},
};

pub(in super::super) const TASKS: &[Spec] = &[
    text("Subject", "Subject", 300).mandatory(),
    date("Due_Date", "Due Date"),
    picklist(
        "Status",
        "Status",
        &["Not Started", "Deferred", "In Progress", "Completed", "Waiting for input"],
    )
    .default("Not Started"),
    picklist("Priority", "Priority", &["High", "Highest", "Normal", "Low", "Lowest"]).default("Normal"),
    lookup("Contact_Name", "Contact Name", "Contacts"),
    field("Related_To", "Related To", Kind::Related, 120),
    field("Remind_At", "Reminder", Kind::Alarm, 120),
    field("Recurring_Activity", "Repeat", Kind::Recurrence, 120),
    datetime("Closed_Time", "Closed Time").read_only(),
    field("Description", "Description", Kind::TextArea, 32_000),
    boolean("Billable", "Billable", "false").custom(),
    field("Effort_Hours", "Effort Hours", Kind::Double, 16).custom(),
];

pub(in super::super) const EVENTS: &[Spec] = &[
    text("Event_Title", "Title", 255).mandatory(),
    datetime("Start_DateTime", "From").mandatory(),
    datetime("End_DateTime", "To").mandatory(),
    boolean("All_day", "All day", "false"),
    text("Venue", "Venue", 255),
    field("Participants", "Participants", Kind::Participants, 2_000),
    lookup("Contact_Name", "Contact Name", "Contacts"),
    field("Related_To", "Related To", Kind::Related, 120),
    field("Remind_At", "Reminder", Kind::Reminders, 120),
    field("Recurring_Activity", "Repeat", Kind::Recurrence, 120),
    field("Description", "Description", Kind::TextArea, 32_000),
    currency("Travel_Cost", "Travel Cost").custom(),
    picklist("Outcome", "Outcome", &["Went well", "Needs follow-up", "No show", "Rescheduled"]).custom(),
];

pub(in super::super) const CALLS: &[Spec] = &[
    text("Subject", "Subject", 255).mandatory(),
    picklist("Call_Type", "Call Type", &["Outbound", "Inbound", "Missed"]).mandatory(),
    datetime("Call_Start_Time", "Call Start Time").mandatory(),
    text("Call_Duration", "Call Duration", 30),
    field("Call_Duration_in_seconds", "Call Duration (in seconds)", Kind::Integer, 9).read_only(),
    picklist(
        "Call_Purpose",
        "Call Purpose",
        &["Prospecting", "Administrative", "Negotiation", "Demo", "Support"],
    ),
    text("Call_Agenda", "Call Agenda", 255),
    picklist(
        "Call_Result",
        "Call Result",
        &["Interested", "Not interested", "No response", "Requested info"],
    ),
    phone("Dialled_Number", "Dialled Number", 50),
    phone("Caller_ID", "Caller ID", 50),
    picklist("Call_Status", "Call Status", &["Scheduled", "Completed", "Overdue", "Cancelled", "Missed"]),
    boolean("CTI_Entry", "CTI Entry", "false").read_only(),
    picklist("Reminder", "Reminder", &["5 minutes before", "15 minutes before", "1 hour before"]),
    field("Voice_Recording__s", "Voice Recording", Kind::Website, 255).read_only(),
    lookup("Contact_Name", "Contact Name", "Contacts"),
    field("Related_To", "Related To", Kind::Related, 120),
    field("Description", "Description", Kind::TextArea, 32_000),
    date("Follow_Up_On", "Follow Up On").custom(),
];

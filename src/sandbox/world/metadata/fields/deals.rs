//! Deals (`Pipelines`).

use super::super::{
    Kind,
    spec::{Formula, Spec, boolean, currency, date, datetime, field, lookup, picklist, text},
};

pub(in super::super) const FIELDS: &[Spec] = &[
    text("Deal_Name", "Deal Name", 120).mandatory(),
    field("Pipeline", "Pipeline", Kind::Layout, 19),
    picklist("Sub_Pipeline", "Sub-Pipeline", &[]).mandatory(),
    picklist("Stage", "Stage", &[]).mandatory(),
    currency("Amount", "Amount"),
    date("Closing_Date", "Closing Date"),
    lookup("Contact_Name", "Contact Name", "Contacts"),
    lookup("Account_Name", "Company Name", "Accounts"),
    field("Secondary_Contacts", "Secondary Contacts", Kind::MultiLookup("Contacts"), 120),
    field("Associated_Products", "Associated Products", Kind::LineItems, 120),
    field("Probability", "Probability (%)", Kind::Percent, 5),
    field("Description", "Description", Kind::TextArea, 32_000),
    text("Next_Step", "Next Step", 255).custom(),
    picklist(
        "Lead_Source",
        "Lead Source",
        &["Website", "Trade fair", "Referral", "Cold call", "Partner", "Office move list", "Newsletter"],
    )
    .custom(),
    date("Original_Close", "Original Close").custom(),
    field("Times_Postponed", "Times Postponed", Kind::Integer, 9).custom(),
    field("Cups_per_Day", "Cups per Day", Kind::Integer, 9).custom(),
    field("Coffee_kg_per_Month", "Coffee kg per Month", Kind::Double, 16).custom(),
    field("Discount", "Discount", Kind::Percent, 5).custom(),
    currency("Monthly_Fee", "Monthly Fee").custom(),
    field("Expected_Revenue", "Expected Revenue", Kind::Formula, 16)
        .formula(Formula::Share { of: "Amount", percent: "Probability" })
        .custom(),
    field("Interested_In", "Interested In", Kind::MultiSelect, 2_000)
        .choices(&["Espresso", "Bean to cup", "Filter", "Cold brew", "Water", "Fresh milk", "Service plan"])
        .custom(),
    boolean("Leasing", "Leasing", "false").custom(),
    datetime("Tasting_At", "Tasting At").custom(),
    text("Competitor", "Competitor", 80).custom(),
    picklist(
        "Lost_Reason",
        "Lost Reason",
        &["Price", "Stayed with incumbent", "No budget", "No answer", "Office closed", "Wrong fit"],
    )
    .custom(),
    field("Technician", "Technician", Kind::User, 120).custom(),
    lookup("Referred_By", "Referred By", "Contacts").custom(),
    field("Offer_Link", "Offer Link", Kind::Website, 255).custom(),
    field("Signed_Offer", "Signed Offer", Kind::FileUpload, 255).custom(),
    field("Deal_Number", "Deal Number", Kind::AutoNumber, 20).numbered("D-").custom(),
    field("Quote_Reference", "Quote Reference", Kind::BigInt, 18).custom(),
];

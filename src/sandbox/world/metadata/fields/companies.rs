//! Companies (`Accounts`).

use super::super::{
    Kind,
    spec::{Spec, boolean, currency, date, field, phone, picklist, text},
};

pub(in super::super) const FIELDS: &[Spec] = &[
    text("Account_Name", "Company Name", 100).mandatory(),
    phone("Phone", "Phone", 50),
    field("Website", "Website", Kind::Website, 255),
    picklist(
        "Industry",
        "Industry",
        &[
            "Accounting",
            "Architecture",
            "Education",
            "Healthcare",
            "Hospitality",
            "Law",
            "Logistics",
            "Manufacturing",
            "Media",
            "Retail",
            "Software",
        ],
    ),
    text("Billing_Street", "Billing Street", 250),
    text("Billing_City", "Billing City", 30),
    text("Billing_State", "Billing State", 30),
    text("Billing_Code", "Billing Code", 30),
    text("Billing_Country", "Billing Country", 30),
    field("Description", "Description", Kind::TextArea, 32_000),
    field("Record_Image", "Company Image", Kind::ProfileImage, 255),
    field("Headcount", "Headcount", Kind::Integer, 9).custom(),
    picklist("Segment", "Segment", &["Small office", "Mid-size", "Enterprise", "Public sector"]).custom(),
    text("Tax_Number", "Tax Number", 40).unique().custom(),
    field("Customer_Number", "Customer Number", Kind::AutoNumber, 20).numbered("C-").custom(),
    boolean("Customer", "Customer", "false").custom(),
    currency("Credit_Limit", "Credit Limit").custom(),
    field("Payment_Days", "Payment Days", Kind::Integer, 3).custom(),
    date("Contract_Until", "Contract Until").custom(),
    field("Billing_Email", "Billing Email", Kind::Email, 100).custom(),
    field("Delivery_Notes", "Delivery Notes", Kind::TextArea, 2_000).custom(),
    field("Account_Manager", "Account Manager", Kind::User, 120).custom(),
];

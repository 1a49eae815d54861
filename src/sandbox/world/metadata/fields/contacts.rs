//! People.

use super::super::{
    Kind,
    spec::{Spec, boolean, date, datetime, field, lookup, phone, picklist, text},
};

pub(in super::super) const FIELDS: &[Spec] = &[
    text("First_Name", "First Name", 40),
    text("Last_Name", "Last Name", 80).mandatory(),
    text("Full_Name", "Full Name", 120).read_only(),
    field("Email", "Email", Kind::Email, 100).unique(),
    field("Secondary_Email", "Secondary Email", Kind::Email, 100).hidden(),
    text("Title", "Title", 100),
    text("Department", "Department", 50),
    phone("Phone", "Phone", 50),
    phone("Mobile", "Mobile", 30),
    phone("Home_Phone", "Home Phone", 30),
    lookup("Account_Name", "Company Name", "Accounts"),
    text("Mailing_Street", "Mailing Street", 250),
    text("Mailing_City", "Mailing City", 30),
    text("Mailing_State", "Mailing State", 30),
    text("Mailing_Zip", "Mailing Zip", 30),
    text("Mailing_Country", "Mailing Country", 30),
    field("Description", "Description", Kind::TextArea, 32_000),
    boolean("Email_Opt_Out", "Email Opt Out", "false"),
    picklist(
        "Unsubscribed_Mode",
        "Unsubscribed Mode",
        &["Consent form", "Manual", "Unsubscribe link", "Zoho campaigns"],
    )
    .read_only(),
    datetime("Unsubscribed_Time", "Unsubscribed Time").read_only(),
    field("Record_Image", "Contact Image", Kind::ProfileImage, 255),
    picklist("Preferred_Channel", "Preferred Channel", &["Email", "Phone", "Text message", "In person"])
        .custom(),
    field("Coffee_Taste", "Coffee Taste", Kind::MultiSelect, 2_000)
        .choices(&["Dark roast", "Light roast", "Decaf", "Oat milk", "Tea only"])
        .custom(),
    field("Profile_Link", "Profile Link", Kind::Website, 255).custom(),
    date("Birthday", "Birthday").custom(),
    field("Assistant_Email", "Assistant Email", Kind::Email, 100).custom(),
    phone("Reception_Phone", "Reception Phone", 30).custom(),
    field("Satisfaction", "Satisfaction", Kind::Integer, 2).custom(),
    datetime("Last_Survey_At", "Last Survey At").custom(),
];

//! Cards of contacts.

use rusqlite::{OptionalExtension as _, params};

use super::{Ink, Result, hay, json, sort_name};
use crate::tables::Record;

/// Writes the card of a contact.
pub(super) fn put(ink: &mut Ink<'_>, row: i64, record: &Record) -> Result<()> {
    let old: Option<String> = ink.value("SELECT hay FROM contact WHERE row = ?1", row)?;
    let name = match json::text(record, "Full_Name") {
        full if !full.is_empty() => full,
        _ => format!("{} {}", json::text(record, "First_Name"), json::text(record, "Last_Name"))
            .trim()
            .to_owned()
            .into(),
    };
    ink.see_pointed(row, &name)?;
    let company = json::reference(record, "Account_Name");
    if let Some((company, name)) = company.and_then(|found| Some((found.row, found.name?))) {
        ink.call(company, name)?;
    }
    let company = company.map(|found| found.row);
    let [title, email] = ["Title", "Email"].map(|key| json::text(record, key));
    let phones = ["Phone", "Mobile", "Home_Phone"].map(|key| json::text(record, key));
    let hay = hay(&[&name, &title, &email, &phones.join("\n"), &ink.name(company)?]);
    let phone = phones.iter().find(|phone| !phone.is_empty()).map_or("", |phone| phone);
    ink.conn
        .prepare_cached(
            "INSERT INTO contact(row, company, touched, title, email, phone, name, sort_name, hay)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT DO UPDATE SET company = ?2, touched = ?3, title = ?4, email = ?5, phone = ?6,
                 name = ?7, sort_name = ?8, hay = ?9",
        )?
        .execute(params![
            row,
            company,
            json::instant(record, "Last_Activity_Time").unwrap_or(i64::MIN),
            title,
            email,
            phone,
            name,
            sort_name(&name),
            hay
        ])?;
    ink.index("contact_text", row, old.as_deref(), &hay)
}

/// Brings a new name of a company into the text that its people are found by.
pub(super) fn renamed(ink: &mut Ink<'_>, company: i64) -> Result<()> {
    let conn = ink.conn;
    let mut select = conn.prepare_cached("SELECT row, hay FROM contact WHERE company = ?1")?;
    let mut rows = select.query([company])?;
    while let Some(found) = rows.next()? {
        let (row, old): (i64, String) = (found.get(0)?, found.get(1)?);
        let own: Option<(String, String, String, String)> = ink
            .conn
            .prepare_cached("SELECT name, title, email, phone FROM contact WHERE row = ?1")?
            .query_row([row], |found| Ok((found.get(0)?, found.get(1)?, found.get(2)?, found.get(3)?)))
            .optional()?;
        let Some((name, title, email, phone)) = own else { continue };
        let new = hay(&[&name, &title, &email, &phone, &ink.name(Some(company))?]);
        ink.index("contact_text", row, Some(&old), &new)?;
        ink.conn.prepare_cached("UPDATE contact SET hay = ?2 WHERE row = ?1")?.execute(params![row, new])?;
    }
    Ok(())
}

//! Cards of companies.

use rusqlite::params;

use super::{Ink, Result, hay, json, sort_name};
use crate::tables::Record;

/// Writes the card of a company.
pub(super) fn put(ink: &mut Ink<'_>, row: i64, record: &Record) -> Result<()> {
    let old: Option<String> = ink.value("SELECT hay FROM company WHERE row = ?1", row)?;
    let [name, phone, website, city] =
        ["Account_Name", "Phone", "Website", "Billing_City"].map(|key| json::text(record, key));
    ink.see_pointed(row, &name)?;
    let hay = hay(&[&name, &phone, &website, &city]);
    ink.conn
        .prepare_cached(
            "INSERT INTO company(row, touched, phone, website, city, name, sort_name, hay)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET touched = ?2, phone = ?3, website = ?4, city = ?5, name = ?6,
                 sort_name = ?7, hay = ?8",
        )?
        .execute(params![
            row,
            json::instant(record, "Last_Activity_Time").unwrap_or(i64::MIN),
            phone,
            website,
            city,
            name,
            sort_name(&name),
            hay
        ])?;
    ink.index("company_text", row, old.as_deref(), &hay)
}

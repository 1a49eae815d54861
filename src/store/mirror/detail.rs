//! One record in full.

mod change;
mod value;

use rusqlite::OptionalExtension as _;

use super::{Mirror, Moment, Result, row::moment_of, timeline::lines};
use crate::{
    domain::{Detail, Field, FieldText, Head, Module, RecordId, RelatedGroup, RelatedRow, SafeText},
    tables::Reader,
};

/// Rows of a group of related records that one reading gives; the rest is counted.
const RELATED: u32 = 50;

/// Fields that the service writes, which people look at last.
pub(super) const SYSTEM: [&str; 8] = [
    "Created_Time",
    "Created_By",
    "Modified_Time",
    "Modified_By",
    "Last_Activity_Time",
    "Record_Creation_Source_ID__s",
    "Unsubscribed_Mode",
    "Unsubscribed_Time",
];

impl Mirror {
    /// A record with its fields, its timeline and the records around it; none where it is not here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn detail(&self, module: Module, id: &RecordId, moment: &Moment) -> Result<Option<Detail>> {
        let Ok(row) = id.as_str().parse::<i64>() else { return Ok(None) };
        let head = match module {
            Module::Pipelines => self.deal_row(row, moment)?.map(Head::Deal),
            Module::Contacts => self.contact_row(row)?.map(Head::Contact),
            Module::Accounts => self.company_row(row)?.map(Head::Company),
            Module::Notes => self.note_row(row)?.map(|_| Head::Other),
            _ => Some(Head::Other),
        };
        let (Some(head), Some(link)) = (head, self.link(module, Some(row))?) else { return Ok(None) };
        let fields = match module {
            Module::Notes => self.note_fields(row)?,
            _ => self.fields(module, row, &head)?,
        };
        if fields.is_empty() && matches!(head, Head::Other) {
            return Ok(None);
        }
        let (timeline, timeline_total) = self.timeline(&link, moment)?;
        let pulled: Option<Option<i64>> = self
            .conn
            .prepare_cached("SELECT pulled FROM known WHERE row = ?1")?
            .query_row([row], |found| found.get(0))
            .optional()?;
        Ok(Some(Detail {
            link,
            head,
            fields,
            timeline,
            timeline_total,
            related: self.related(module, row, moment)?,
            pulled_at: pulled.flatten().and_then(moment_of),
        }))
    }

    /// Fields with a value, in the org's order, the service's own last. What is pending shows as it will be.
    fn fields(&self, module: Module, row: i64, head: &Head) -> Result<Vec<FieldText>> {
        let org = self.org()?;
        let Some(schema) = org.schemas.get(module.api_name()) else { return Ok(Vec::new()) };
        let reader = Reader { conn: &self.conn, schemas: &org.schemas, zone: &org.zone };
        let Some(mut record) = reader.get(module.api_name(), &row.to_string())? else {
            return Ok(Vec::new());
        };
        if let Head::Deal(deal) = head
            && deal.pending
        {
            record.insert("Stage".to_owned(), deal.stage.clone().into());
            record.insert("Amount".to_owned(), deal.amount.map(|amount| amount.to_string()).into());
            record.insert("Closing_Date".to_owned(), deal.closing.map(|date| date.to_string()).into());
        }
        let is_system = |field: &&Field| SYSTEM.contains(&field.api_name.as_str());
        let own = schema.fields.iter().filter(|field| !is_system(field));
        let system = schema.fields.iter().filter(is_system);
        let mut fields = Vec::new();
        for field in own.chain(system) {
            let Some(json) = record.get(&field.api_name) else { continue };
            let lines = value::lines(org, field, json);
            if !lines.is_empty() {
                fields.push(FieldText {
                    api_name: field.api_name.clone(),
                    label: SafeText::new(&field.label),
                    lines,
                    link: value::link(field, json),
                });
            }
        }
        Ok(fields)
    }

    /// What a note says, as the server last told it; none where it is not here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn note_text(&self, id: &str) -> Result<Option<String>> {
        use rusqlite::OptionalExtension as _;
        let Ok(row) = id.parse::<i64>() else { return Ok(None) };
        let mut select = self.conn.prepare_cached("SELECT text FROM note WHERE row = ?1 AND NOT pending")?;
        Ok(select.query_row([row], |found| found.get(0)).optional()?)
    }

    fn note_fields(&self, row: i64) -> Result<Vec<FieldText>> {
        let mut select =
            self.conn.prepare_cached("SELECT title, text, parent, parent_module FROM note WHERE row = ?1")?;
        let found = select.query_row([row], |found| {
            Ok((found.get::<_, String>(0)?, found.get::<_, String>(1)?, found.get(2)?, found.get(3)?))
        });
        let Some((title, text, parent, module)) = found.optional()? else { return Ok(Vec::new()) };
        let on = self.link_to(parent, module)?;
        let name = on.as_ref().map(|on| on.name.clone()).into_iter().collect();
        let field = |api_name: &str, label: &str, lines, link| FieldText {
            api_name: api_name.to_owned(),
            label: SafeText::new(label),
            lines,
            link,
        };
        let mut fields = vec![
            field("Note_Title", "Title", lines(&title), None),
            field("Note_Content", "Note", lines(&text), None),
            field("Parent_Id", "On", name, on),
        ];
        fields.retain(|field| !field.lines.is_empty());
        Ok(fields)
    }

    fn related(&self, module: Module, row: i64, moment: &Moment) -> Result<Vec<RelatedGroup>> {
        let mut groups = Vec::new();
        match module {
            Module::Contacts => groups.extend(self.open_deals_of("contact", row, moment)?),
            Module::Accounts => {
                groups.extend(self.open_deals_of("company", row, moment)?);
                groups.extend(self.people_of(row)?);
            }
            _ => {}
        }
        Ok(groups)
    }

    fn open_deals_of(&self, column: &str, row: i64, moment: &Moment) -> Result<Option<RelatedGroup>> {
        let which = format!("FROM deal WHERE {column} = ?1 AND outcome = 0");
        let (rows, total) = self.group(&which, "closing, less, row", row)?;
        let mut deals = Vec::new();
        for row in rows {
            let (Some(deal), Some(link)) =
                (self.deal_row(row, moment)?, self.link(Module::Pipelines, Some(row))?)
            else {
                continue;
            };
            deals.push(RelatedRow { link, deal: Some(deal), note: SafeText::default() });
        }
        Ok((total > 0).then_some(RelatedGroup { title: "open deals", rows: deals, total }))
    }

    fn people_of(&self, company: i64) -> Result<Option<RelatedGroup>> {
        let (rows, total) = self.group("FROM contact WHERE company = ?1", "sort_name, row", company)?;
        let mut people = Vec::new();
        for row in rows {
            if let (Some(person), Some(link)) =
                (self.contact_row(row)?, self.link(Module::Contacts, Some(row))?)
            {
                people.push(RelatedRow { link, deal: None, note: person.title });
            }
        }
        Ok((total > 0).then_some(RelatedGroup { title: "people", rows: people, total }))
    }

    fn group(&self, which: &str, order: &str, row: i64) -> Result<(Vec<i64>, u64)> {
        let count = format!("SELECT count(*) {which}");
        let total: i64 = self.conn.prepare_cached(&count)?.query_row([row], |found| found.get(0))?;
        let sql = format!("SELECT row {which} ORDER BY {order} LIMIT {RELATED}");
        let mut select = self.conn.prepare_cached(&sql)?;
        let rows = select.query_map([row], |found| found.get(0))?;
        Ok((rows.collect::<Result<_, _>>()?, total.unsigned_abs()))
    }
}

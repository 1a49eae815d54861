//! Links between records: products with contacts, companies and deals, and further contacts of a deal.

use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use super::{Author, Id, Record, World, lines::LineDraft, value};

impl World {
    /// Links a product with a contact or company. False when they were linked.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn link(&mut self, product: Id, module: &str, row: Id) -> rusqlite::Result<bool> {
        let sql = "INSERT OR IGNORE INTO \"$links\" (product, module, row) VALUES (?1, ?2, ?3)";
        Ok(self.conn.prepare_cached(sql)?.execute(params![product, module, row])? > 0)
    }

    /// Removes the link. False when there was none.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delink(&mut self, product: Id, module: &str, row: Id) -> rusqlite::Result<bool> {
        let sql = "DELETE FROM \"$links\" WHERE product = ?1 AND module = ?2 AND row = ?3";
        Ok(self.conn.prepare_cached(sql)?.execute(params![product, module, row])? > 0)
    }

    /// Puts a product on a deal, or changes its line. False when it was there.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn link_line(
        &mut self,
        deal: Id,
        product: Id,
        item: &Record,
        author: &Author,
    ) -> rusqlite::Result<bool> {
        let given = |key: &str| item.get(key).and_then(Value::as_f64);
        let mut line = LineDraft::of(product);
        line.price = given("List_Price");
        line.quantity = given("Quantity").unwrap_or(line.quantity);
        line.discount = given("Discount").unwrap_or(line.discount);
        line.description = item.get("Description").and_then(Value::as_str).map(str::to_owned);
        let known: Option<Id> = self
            .conn
            .prepare_cached(
                "SELECT \"$row\" FROM Associated_Products WHERE Parent_Id = ?1 AND Product = ?2 LIMIT 1",
            )?
            .query_row((deal.to_string(), product.to_string()), |row| row.get(0))
            .optional()?;
        let Some(known) = known else {
            self.add_line(deal, &line, author)?;
            return Ok(true);
        };
        self.conn
            .prepare_cached(
                "UPDATE Associated_Products SET List_Price = coalesce(?2, List_Price), Quantity = coalesce(?3, Quantity),
                     Discount = coalesce(?4, Discount), Description = coalesce(?5, Description), Modified_By = ?6,
                     Modified_Time = ?7 WHERE \"$row\" = ?1",
            )?
            .execute(params![
                known,
                line.price,
                given("Quantity"),
                given("Discount"),
                line.description,
                author.user.to_string(),
                author.now
            ])?;
        self.conn
            .prepare_cached("UPDATE Associated_Products SET Total = round(List_Price * Quantity - Discount, 2) WHERE \"$row\" = ?1")?
            .execute([known])?;
        Ok(false)
    }

    /// Takes a product off a deal. False when it was not there.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delink_line(&mut self, deal: Id, product: Id) -> rusqlite::Result<bool> {
        let sql = "DELETE FROM Associated_Products WHERE Parent_Id = ?1 AND Product = ?2";
        Ok(self.conn.prepare_cached(sql)?.execute((deal.to_string(), product.to_string()))? > 0)
    }

    /// Makes somebody a further contact of a deal. False when they were one, or its first contact.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn link_contact(&mut self, deal: Id, contact: Id) -> rusqlite::Result<bool> {
        let (first, mut further) = self.deal_contacts(deal)?;
        if first == Some(contact) || further.contains(&contact) {
            return Ok(false);
        }
        further.push(contact);
        self.set_further(deal, &further)?;
        Ok(true)
    }

    /// Takes somebody off the contacts of a deal. False when they were none of them.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delink_contact(&mut self, deal: Id, contact: Id) -> rusqlite::Result<bool> {
        let (first, mut further) = self.deal_contacts(deal)?;
        if first == Some(contact) {
            let sql = "UPDATE Pipelines SET Contact_Name = NULL WHERE \"$row\" = ?1";
            self.conn.prepare_cached(sql)?.execute([deal])?;
            return Ok(true);
        }
        let before = further.len();
        further.retain(|known| *known != contact);
        self.set_further(deal, &further)?;
        Ok(further.len() < before)
    }

    fn deal_contacts(&self, deal: Id) -> rusqlite::Result<(Option<Id>, Vec<Id>)> {
        self.conn
            .prepare_cached("SELECT Contact_Name, Secondary_Contacts FROM Pipelines WHERE \"$row\" = ?1")?
            .query_row([deal], |row| Ok((value::id(row.get_ref(0)?), value::ids(row.get_ref(1)?))))
    }

    fn set_further(&self, deal: Id, contacts: &[Id]) -> rusqlite::Result<()> {
        let column = (!contacts.is_empty()).then(|| json!(contacts).to_string());
        let sql = "UPDATE Pipelines SET Secondary_Contacts = ?2 WHERE \"$row\" = ?1";
        self.conn.prepare_cached(sql)?.execute(params![deal, column])?;
        Ok(())
    }
}

//! The products of a deal, with quantity and price.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-related-records.html>

use rusqlite::params;
use serde_json::{Value, json};

use super::{Author, Id, World, value::number};

/// A line that is to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LineDraft {
    pub product: Id,
    /// The product's own price if none is given.
    pub price: Option<f64>,
    pub quantity: f64,
    pub discount: f64,
    pub description: Option<String>,
}

impl LineDraft {
    pub const fn of(product: Id) -> Self {
        Self { product, price: None, quantity: 1.0, discount: 0.0, description: None }
    }
}

impl World {
    /// The lines of a deal as records show them.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn lines(&self, deal: Id) -> rusqlite::Result<Vec<Value>> {
        let sql = "SELECT l.\"$row\", l.Product, p.Product_Name, l.List_Price, l.Quantity, l.Discount, l.Total, l.Description
             FROM Associated_Products AS l LEFT JOIN Products AS p ON p.\"$row\" = CAST(l.Product AS INTEGER)
             WHERE l.Parent_Id = ?1 ORDER BY l.\"$row\"";
        let mut statement = self.conn.prepare_cached(sql)?;
        let lines = statement.query_map([deal.to_string()], |row| {
            let amount = |index| row.get::<_, Option<f64>>(index).map(|amount| amount.map_or(Value::Null, number));
            Ok(json!({
                "id": row.get::<_, Id>(0)?,
                "Product": { "name": row.get::<_, Option<String>>(2)?, "id": row.get::<_, Option<String>>(1)? },
                "List_Price": amount(3)?,
                "Quantity": amount(4)?,
                "Discount": amount(5)?,
                "Total": amount(6)?,
                "Description": row.get::<_, Option<String>>(7)?,
            }))
        })?;
        lines.collect()
    }

    /// Gives a deal these lines and no others.
    pub(super) fn set_lines(
        &mut self,
        deal: Id,
        lines: &[LineDraft],
        author: &Author,
    ) -> rusqlite::Result<()> {
        self.conn
            .prepare_cached("DELETE FROM Associated_Products WHERE Parent_Id = ?1")?
            .execute([deal.to_string()])?;
        lines.iter().try_for_each(|line| self.add_line(deal, line, author))
    }

    pub(super) fn add_line(&mut self, deal: Id, line: &LineDraft, author: &Author) -> rusqlite::Result<()> {
        let id = self.next_id()?;
        let list: Option<f64> = self
            .conn
            .prepare_cached("SELECT Unit_Price FROM Products WHERE \"$row\" = ?1")?
            .query_row([line.product], |row| row.get(0))?;
        let price = line.price.or(list).unwrap_or_default();
        let total = price.mul_add(line.quantity, -line.discount);
        let by = author.user.to_string();
        self.conn
            .prepare_cached(
                "INSERT INTO Associated_Products (\"$row\", id, Product, Parent_Id, List_Price, Quantity, Discount, Total,
                     Description, Owner, Created_By, Modified_By, Created_Time, Modified_Time)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?10, ?11, ?11)",
            )?
            .execute(params![
                id,
                id.to_string(),
                line.product.to_string(),
                deal.to_string(),
                price,
                line.quantity,
                line.discount,
                (total * 100.0).round() / 100.0,
                line.description,
                by,
                author.now,
            ])?;
        Ok(())
    }
}

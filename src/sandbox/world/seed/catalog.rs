//! The products.

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::Id,
    Ground,
    days::DAY,
    deal_rows::{Product, dollars},
    insert::{Audit, Table},
};

/// Writes the products down.
pub(super) fn write(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    ids: impl Iterator<Item = Id>,
) -> rusqlite::Result<Vec<Product>> {
    let mut table = Table::new(conn, "Products");
    let mut products = Vec::new();
    let rows = &ground.words.products;
    let arrivals = ground.calendar.arrivals(rng, rows.len(), |rng| rng.i64(700..1000));
    for ((row, id), created) in rows.iter().zip(ids).zip(arrivals) {
        let [name, code, category, price, margin, weight, description] = *row;
        let cents = cents(price);
        let margin: i64 = margin.parse().unwrap_or_default();
        let changed = rng.i64(5..300);
        let modified = ground.calendar.past(rng, changed).max(created);
        let audit = Audit { owner: ground.sellers[0].id, created, modified, activity: Some(modified) };
        let from = ground.calendar.day(-(ground.calendar.now - created) / DAY);
        let sheet = (!weight.is_empty()).then(|| format!("https://www.larkmoor.example/data/{code}.pdf"));
        table.insert(
            id,
            &audit,
            [
                ("Product_Name", &name),
                ("Product_Code", &code),
                ("Product_Active", &(name != "Refurbished Duo")),
                ("Product_Category", &category),
                ("Unit_Price", &dollars(cents)),
                ("Description", &description),
                ("Margin", &margin),
                ("Margin_Amount", &dollars(cents * margin / 100)),
                ("Weight_kg", &weight.parse::<f64>().ok()),
                ("Available_From", &from),
                ("Data_Sheet", &sheet),
                ("Tag", &ground.tags.some(rng, "Products", 8)),
            ],
        )?;
        products.push(Product { id, name, category, price: cents });
    }
    Ok(products)
}

/// Dollars in text, as cents.
fn cents(price: &str) -> i64 {
    let (whole, part) = price.split_once('.').unwrap_or((price, "0"));
    let tens = if part.len() == 1 { 10 } else { 1 };
    whole.parse::<i64>().unwrap_or_default() * 100 + part.parse::<i64>().unwrap_or_default() * tens
}

#[cfg(test)]
mod tests {
    use super::cents;

    #[test]
    fn prices_are_read_to_the_cent() {
        assert_eq!((cents("2490"), cents("21.5"), cents("0.05")), (249_000, 2_150, 5));
    }
}

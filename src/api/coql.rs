//! Running COQL.

use serde_json::json;

use super::{call::Call, client::Client, endpoint::Op, error::Error, page::Page};
use serde_json::{Map, Value};

impl Client {
    /// Runs a query: 200 rows at most, 1 credit. Lookups come with their id only, dotted columns under their
    /// dotted name. Rows have no id when the service leaves it out.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
    ///
    /// # Errors
    /// As every call; [`Kind::Refused`](super::Kind::Refused) tells what Bigin does not like in the query.
    pub async fn coql(&self, select_query: &str) -> Result<Page<Map<String, Value>>, Error> {
        let call = Call { body: Some(json!({ "select_query": select_query })), ..Call::new(Op::Coql) };
        let page = Page::read(self.send(&call).await?, "data", &call)?;
        Ok(page.map(|row| match row {
            Value::Object(row) => row,
            other => Map::from_iter([("value".to_owned(), other)]),
        }))
    }
}

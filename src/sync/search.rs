//! A search on the server, whose finds come into the mirror.

use super::{Error, fields};
use crate::{
    api::{Client, Filter, SearchQuery},
    domain::{Module, RecordId},
    store::Desk,
};

/// Modules that are searched, each by one call of one credit.
///
/// <https://www.bigin.com/developer/docs/apis/v2/search-records.html>
const SEARCHED: [Module; 3] = [Module::Pipelines, Module::Contacts, Module::Accounts];

/// Searches deals, contacts and companies by words and takes what is found into the mirror; 3 credits. Gives what
/// was found, newest first.
///
/// # Errors
/// As every call, or what the database refuses.
pub async fn search(client: &Client, desk: &Desk, text: &str) -> Result<Vec<(Module, RecordId)>, Error> {
    let Some(catalog) = desk.read(|store| store.mirror.catalog()).await else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for module in SEARCHED {
        let mut query = SearchQuery::of(Filter::Word(text.to_owned()));
        query.fields = fields::of_list(&catalog, module);
        let page = client.search(module, &query).await?;
        found.extend(page.rows.iter().map(|record| (module, record.id().clone())));
        let rows: Vec<_> = page.rows.into_iter().map(|record| record.into_fields()).collect();
        let now = client.clock().now();
        desk.write(move |store| store.take_in(module, &rows, None, now)).await?;
    }
    Ok(found)
}

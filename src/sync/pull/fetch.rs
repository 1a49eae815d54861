//! One call each, and what it brings into the mirror.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    api::{At, Client, ListQuery, Page},
    domain::{Catalog, Link, Module, Purpose, Usage},
    store::{Desk, Store, StoreError},
    sync::{
        Error, fields,
        plan::{self, Seen, Stand, Walk},
        since_key,
    },
    tables::Record,
};

/// Cards whose text is indexed at once: some milliseconds.
const PIECE: u32 = 250;

/// How often a list of changes is begun at most, when the service forgets where it was.
const BEGINS: u32 = 3;

/// What a puller works with.
#[derive(Clone)]
pub(super) struct Fetch {
    pub(super) client: Client,
    pub(super) desk: Desk,
}

impl Fetch {
    pub(super) fn new(client: Client, desk: Desk) -> Self {
        Self { client, desk }
    }

    /// The same for calls of another purpose.
    pub(super) fn meant_for(&self, purpose: Purpose) -> Self {
        Self { client: self.client.meant_for(purpose), desk: self.desk.clone() }
    }

    /// The same for calls that are sent once and not again.
    pub(super) fn once(&self) -> Self {
        Self { client: self.client.once(), desk: self.desk.clone() }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Now, by the server's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.client.clock().now()
    }

    pub(super) fn usage(&self) -> Usage {
        self.client.limits().usage()
    }

    /// When everything known was last here.
    pub(super) async fn synced_at(&self) -> Option<Timestamp> {
        self.time("synced").await.ok().flatten()
    }

    /// How far a walk has come.
    pub(super) async fn stand(&self, walk: &Walk) -> Result<Stand, Error> {
        let key = walk.key();
        let text = self.desk.read(move |store| store.mirror.mark(&key)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Reads the next page of a walk into the mirror; gives where it stands now, and the rows of the page.
    pub(super) async fn page(
        &self,
        catalog: &Catalog,
        walk: &Walk,
        stand: &Stand,
    ) -> Result<(Stand, u64), Error> {
        let (rows, seen) = match stand {
            Stand::Done => return Ok((Stand::Done, 0)),
            Stand::Below { id } => match self.below(catalog, walk, *id).await? {
                Some(page) => page,
                None => return Ok((Stand::Done, 0)),
            },
            Stand::New | Stand::Token { .. } => {
                let mut query = ListQuery::of(fields::of_list(catalog, walk.module));
                query.pipeline = walk.pipeline.clone();
                if let Stand::Token { token, .. } = stand {
                    query.at = At::Token(token.clone());
                }
                match self.client.list(walk.module, &query).await {
                    Ok(page) => records(page),
                    Err(error) if error.page_token_is_stale() => return Ok((stand.without_token(), 0)),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let (count, next) = (seen.rows, stand.after(seen));
        let mark =
            serde_json::to_string(&next).map_err(|error| StoreError::Value("a walk", error.to_string()))?;
        let (module, key, now) = (walk.module, walk.key(), self.now());
        let apply =
            move |store: &mut Store| (store.mirror.apply(module, &rows, Some((&key, &mark)), now), rows);
        let (applied, _rows) = self.desk.write(apply).await;
        applied?;
        Ok((next, count))
    }

    /// Up to 200 records below an id by COQL; none for a module that COQL does not read.
    async fn below(
        &self,
        catalog: &Catalog,
        walk: &Walk,
        id: i64,
    ) -> Result<Option<(Vec<Record>, Seen)>, Error> {
        let pipeline = walk.pipeline.as_ref().and_then(|id| catalog.pipeline(id));
        let subs: Vec<&str> = pipeline
            .into_iter()
            .flat_map(|pipeline| &pipeline.sub_pipelines)
            .map(|sub| sub.name.as_str())
            .collect();
        let Some(query) = fields::coql_below(catalog, walk.module, &subs, id) else { return Ok(None) };
        let page = self.client.coql(&query).await?;
        let seen = seen(&page.rows, page.more, None);
        Ok(Some((page.rows, seen)))
    }

    /// Asks for what changed in a module. Says whether anything did.
    pub(super) async fn changes(&self, catalog: &Catalog, module: Module) -> Result<bool, Error> {
        let key = since_key(module);
        let begun = self.now();
        let Some(since) = self.time(&key).await? else { return Ok(false) };
        let mut query = ListQuery::of(fields::of_list(catalog, module));
        query.modified_since = Some(since);
        let (mut newest, mut pages, mut any, mut begins) = (None, 0, false, 1);
        loop {
            let page = match self.client.list(module, &query).await {
                // The pages that came stay; the list is read from its begin, for the mark has not moved.
                Err(error) if error.page_token_is_stale() && begins < BEGINS => {
                    (query.at, begins) = (At::Number(1), begins + 1);
                    continue;
                }
                page => page?,
            };
            newest = newest.max(page.rows.iter().filter_map(crate::api::Record::modified).max());
            pages += 1;
            any |= !page.rows.is_empty();
            let token = page.next_token.clone().filter(|_| page.more);
            let (rows, _) = records(page);
            let (mark_key, mark) = (key.clone(), plan::watermark(since, begun, newest, pages).to_string());
            let last = token.is_none();
            let now = self.now();
            self.desk
                .write(move |store| {
                    // The mark moves with the last page only: a run that breaks off is begun again.
                    let mark = last.then_some((mark_key.as_str(), mark.as_str()));
                    store.take_in(module, &rows, mark, now)
                })
                .await?;
            match token {
                Some(token) => query.at = At::Token(token),
                None => return Ok(any),
            }
        }
    }

    /// Asks for what was deleted of a module. Says whether anything was that is here.
    pub(super) async fn deletions(&self, module: Module) -> Result<bool, Error> {
        let key = gone_key(module);
        let begun = self.now();
        let Some(since) = self.time(&key).await? else { return Ok(false) };
        let (mut number, mut any) = (1, false);
        loop {
            let page = self.client.deleted(module, Some(since), number).await?;
            let ids: Vec<String> = page.rows.iter().map(|row| row.id.to_string()).collect();
            let more = page.more && !ids.is_empty();
            let mark = plan::watermark(since, begun, Some(begun), 2).to_string();
            let (mark_key, now) = (key.clone(), self.now());
            let gone = self
                .desk
                .write(move |store| {
                    let mark = (!more).then_some((mark_key.as_str(), mark.as_str()));
                    store.mirror.forget(module, &ids, mark, now)
                })
                .await?;
            any |= gone > 0;
            if !more {
                return Ok(any);
            }
            number += 1;
        }
    }

    /// Notes when a fill begins: what changes from then on is asked for after it.
    pub(super) async fn begin(&self, module: Module) -> Result<(), Error> {
        if self.time(&since_key(module)).await?.is_none() {
            self.set_since(module).await?;
        }
        Ok(())
    }

    /// Makes every walk begin again.
    pub(super) async fn begin_again(&self, catalog: &Arc<Catalog>) -> Result<(), Error> {
        let walks = plan::walks(catalog);
        let now = self.now();
        self.desk
            .write(move |store| {
                for walk in walks {
                    store.mirror.set_mark((&walk.key(), "\"New\""))?;
                }
                for module in plan::MODULES {
                    store.mirror.set_mark((&plan::export_key(module), ""))?;
                    store.mirror.set_mark((&plan::count_key(module), ""))?;
                }
                store.mirror.set_mark(("again", &now.to_string()))
            })
            .await?;
        for module in plan::MODULES {
            self.set_since(module).await?;
        }
        Ok(())
    }

    /// Ends a fill: records that were not seen since it began anew are gone.
    pub(super) async fn end(&self) -> Result<(), Error> {
        let again = self.time("again").await?.filter(|time| *time != Timestamp::UNIX_EPOCH);
        let now = self.now();
        self.desk
            .write(move |store| {
                store.recall()?;
                if let Some(begun) = again {
                    store.mirror.sweep(&plan::MODULES, begun, now)?;
                    store.mirror.set_mark(("again", &Timestamp::UNIX_EPOCH.to_string()))?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        Ok(())
    }

    /// Lets the text indexes of modules that nothing is known of yet wait for the end of a fill.
    pub(super) async fn delay_texts(&self) -> Result<(), Error> {
        Ok(self.desk.write(|store| store.mirror.delay_texts()).await?)
    }

    /// Makes the text indexes whole, in pieces between which screens are answered.
    pub(super) async fn index_texts(&self) -> Result<(), Error> {
        loop {
            let now = self.now();
            if !self.desk.write(move |store| store.mirror.index_texts(PIECE, now)).await? {
                return Ok(());
            }
        }
    }

    /// Writes down that everything known is here.
    pub(super) async fn note_sync(&self) -> Result<(), Error> {
        let now = self.now().to_string();
        Ok(self.desk.write(move |store| store.mirror.set_mark(("synced", &now))).await?)
    }

    /// Reads one record with its notes. Says whether it is still there.
    pub(super) async fn record(&self, link: &Link) -> Result<bool, Error> {
        let Some(catalog) = self.desk.read(|store| store.mirror.catalog()).await else { return Ok(true) };
        if link.module == Module::Notes {
            return Ok(true);
        }
        let names = fields::of_list(&catalog, link.module);
        let (module, now) = (link.module, self.now());
        match self.client.get(module, &link.id, Some(&names)).await? {
            Some(record) => {
                let rows = [record.into_fields()];
                self.desk.write(move |store| store.take_in(module, &rows, None, now)).await?;
            }
            None => {
                let ids = [link.id.to_string()];
                self.desk.write(move |store| store.mirror.forget(module, &ids, None, now)).await?;
                return Ok(false);
            }
        }
        let query = ListQuery::of(fields::of_list(&catalog, Module::Notes));
        let page = self.client.related(module, &link.id, "Notes", &query).await?;
        let whole = !page.more;
        let (mut rows, _) = records(page);
        for row in &mut rows {
            if !row.contains_key("Parent_Id") {
                let parent = serde_json::json!({ "id": link.id.as_str(), "module": { "api_name": module.api_name() } });
                row.insert("Parent_Id".to_owned(), parent);
            }
        }
        let parent = link.id.clone();
        self.desk.write(move |store| store.mirror.apply_notes_of(&parent, &rows, whole, now)).await?;
        Ok(true)
    }

    async fn set_since(&self, module: Module) -> Result<(), Error> {
        let begun = self.now().saturating_sub(plan::SLACK).unwrap_or(Timestamp::MIN).to_string();
        let (since, gone) = (since_key(module), gone_key(module));
        let marked = self.desk.write(move |store| {
            store.mirror.set_mark((&since, &begun))?;
            store.mirror.set_mark((&gone, &begun))
        });
        Ok(marked.await?)
    }

    pub(super) async fn time(&self, key: &str) -> Result<Option<Timestamp>, Error> {
        let key = key.to_owned();
        let text = self.desk.read(move |store| store.mirror.mark(&key)).await?;
        Ok(text.and_then(|text| text.parse().ok()))
    }
}

fn gone_key(module: Module) -> String {
    format!("gone/{module}")
}

pub(super) fn records(page: Page<crate::api::Record>) -> (Vec<Record>, Seen) {
    let rows: Vec<Record> = page.rows.into_iter().map(crate::api::Record::into_fields).collect();
    let seen = seen(&rows, page.more, page.next_token);
    (rows, seen)
}

pub(super) fn seen(rows: &[Record], more: bool, token: Option<String>) -> Seen {
    let ids = rows.iter().filter_map(|row| row.get("id")?.as_str()?.parse::<i64>().ok());
    Seen { rows: rows.len() as u64, lowest: ids.min(), more, token }
}

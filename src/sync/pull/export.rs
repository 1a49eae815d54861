//! Records by the file: asked for once, waited for, taken in piece by piece.

use std::{collections::BTreeSet, time::Duration};

use tokio::{sync::mpsc, task::spawn_blocking, time::sleep};

use super::{
    fetch::{Fetch, records},
    state,
    told::Told,
};
use crate::{
    api::{ExportState, Kind, ListQuery},
    domain::{Catalog, Module, RecordId, Schema},
    store::{Store, StoreError},
    sync::{
        Error, fields,
        plan::{self, Export, Stand},
        sheet,
    },
    tables::Record,
};

/// Records that are taken in at once.
const PIECE: usize = 250;

/// The mark of having fetched the open deals that come before any file.
const URGENT_KEY: &str = "urgent";

/// What became of a file.
enum Took {
    /// All of it is here.
    All,
    /// It is not there any more.
    Nothing,
    /// It cannot be read.
    Damaged,
}

impl Fetch {
    /// How many records a module has, as it was last counted; asks the server if it never was. None when the
    /// server does not count this module.
    pub(super) async fn count(&self, module: Module) -> Result<Option<u64>, Error> {
        let key = plan::count_key(module);
        let known = {
            let key = key.clone();
            self.desk.read(move |store| store.mirror.mark(&key)).await?.filter(|text| !text.is_empty())
        };
        if let Some(known) = known {
            return Ok(known.parse().ok());
        }
        let count = match self.client.count(module, None).await {
            Ok(count) => Some(count),
            Err(error) if matches!(error.kind(), Kind::Refused(_) | Kind::Scope { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let text = count.map_or_else(|| "unknown".to_owned(), |count| count.to_string());
        self.desk.write(move |store| store.mirror.set_mark((&key, &text))).await?;
        Ok(count)
    }

    /// Whether a module comes by the file: it was begun so, or it has at least so many records.
    pub(super) async fn by_file(&self, module: Module, from: u64) -> Result<bool, Error> {
        Ok(match self.export(module).await? {
            Some(Export::Unfit) => false,
            Some(_) => true,
            None => self.count(module).await?.is_some_and(|rows| rows >= from),
        })
    }

    /// How far the files of a module are; none when it has none.
    pub(super) async fn export(&self, module: Module) -> Result<Option<Export>, Error> {
        let key = plan::export_key(module);
        let text = self.desk.read(move |store| store.mirror.mark(&key)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Writes down how far the files of a module are, at once: it is about what was paid for.
    async fn set_export(&self, module: Module, export: &Export) -> Result<(), Error> {
        let (key, text) = (plan::export_key(module), mark(export)?);
        let written = self.desk.write(move |store| {
            store.mirror.set_mark((&key, &text))?;
            store.mirror.commit();
            Ok::<_, StoreError>(())
        });
        Ok(written.await?)
    }

    /// Asks for the page that is wanted next, if none is asked for. A service that refuses, or whose answers are lost
    /// again and again, makes the module unfit for files.
    pub(super) async fn ask_export(&self, catalog: &Catalog, module: Module) -> Result<Export, Error> {
        let export = self.export(module).await?.unwrap_or(Export::of_page(1));
        let Export::Wanted { page, lost } = export else { return Ok(export) };
        let next = if lost >= plan::MOST_LOST {
            tracing::warn!(%module, "answers to requests for a file were lost; the records come by the page");
            Export::Unfit
        } else {
            if !plan::may_export(&self.usage()) {
                return Err(Error::Reserve);
            }
            // Taken for lost until the answer is here, and also if the program ends before.
            self.set_export(module, &Export::Wanted { page, lost: lost + 1 }).await?;
            match self.client.start_export(module, &fields::of_export(catalog, module), page).await {
                Ok(job) => Export::Asked { page, job, at: self.now().as_millisecond(), taken: 0, lost },
                Err(error) if error.outcome_uncertain() => return Err(error.into()),
                Err(error) if state::is_closed(&Error::Api(error.clone())) => Export::Unfit,
                Err(error) => {
                    self.set_export(module, &export).await?;
                    return Err(error.into());
                }
            }
        };
        self.set_export(module, &next).await?;
        Ok(next)
    }

    /// Brings in the files of a module to the last page, or to the word that there are none.
    pub(super) async fn finish_export(
        &self,
        catalog: &Catalog,
        module: Module,
        rows: u64,
        told: &Told,
    ) -> Result<Export, Error> {
        let mut looks = 0;
        loop {
            let export = self.ask_export(catalog, module).await?;
            let Export::Asked { page, job, at, lost, .. } = &export else { return Ok(export) };
            let age = Duration::from_millis((self.now().as_millisecond() - at).try_into().unwrap_or(0));
            // A file is kept for a day.
            let missing = || match age {
                young if young < plan::KEPT => Export::Wanted { page: *page, lost: lost + 1 },
                _ => Export::of_page(*page),
            };
            if looks == 0 {
                sleep(plan::look_after(rows, 0).saturating_sub(age)).await;
            }
            let next = match self.client.export_state(module, job).await? {
                ExportState::Working => {
                    looks += 1;
                    sleep(plan::look_after(rows, looks)).await;
                    continue;
                }
                ExportState::Ready { more, .. } => {
                    match (self.take_export(catalog, module, &export, told).await?, more) {
                        (Took::All, true) => Export::of_page(page + 1),
                        (Took::All, false) => Export::Done,
                        (Took::Nothing, _) => missing(),
                        (Took::Damaged, _) => Export::Unfit,
                    }
                }
                ExportState::Failed { .. } => Export::Unfit,
                ExportState::Gone => missing(),
            };
            looks = 0;
            self.set_export(module, &next).await?;
        }
    }

    /// Fetches a file and takes in what of it is not here yet.
    async fn take_export(
        &self,
        catalog: &Catalog,
        module: Module,
        export: &Export,
        told: &Told,
    ) -> Result<Took, Error> {
        let Export::Asked { page, job, at, taken, lost } = export.clone() else { return Ok(Took::Nothing) };
        let Some(file) = self.client.download_export(module, &job).await? else { return Ok(Took::Nothing) };
        let empty = || Schema { module: module.api_name().to_owned(), fields: Vec::new() };
        let schema = catalog.schema(module.api_name()).cloned().unwrap_or_else(empty);
        // One piece is read while another is taken in; the file is never unpacked as a whole.
        let (hand, mut pieces) = mpsc::channel::<Vec<Record>>(1);
        let reading = spawn_blocking(move || {
            sheet::read(file, &schema, taken, PIECE, |records| hand.blocking_send(records).is_ok())
        });
        let mut taken = taken;
        while let Some(rows) = pieces.recv().await {
            let count = rows.len() as u64;
            taken += count;
            let next = mark(&Export::Asked { page, job: job.clone(), at, taken, lost })?;
            let (key, now) = (plan::export_key(module), self.now());
            // The rows come back, so that the store has no more to do with them.
            let apply =
                move |store: &mut Store| (store.mirror.apply(module, &rows, Some((&key, &next)), now), rows);
            let (applied, _rows) = self.desk.write(apply).await;
            applied?;
            told.came(module, count);
        }
        Ok(match reading.await {
            Ok(Ok(())) => Took::All,
            Ok(Err(error)) => {
                tracing::warn!(%module, %error, "an export cannot be read; the records come by the page");
                Took::Damaged
            }
            // The runtime ends.
            Err(_) => std::future::pending().await,
        })
    }

    /// Fetches the open deals of the first team pipeline and what they point to: what a person looks at while
    /// the files are written. Once in the life of a mirror.
    pub(super) async fn urgent(&self, catalog: &Catalog, told: &Told) -> Result<(), Error> {
        if self.desk.read(|store| store.mirror.mark(URGENT_KEY)).await?.is_some() {
            return Ok(());
        }
        let Some(pipeline) = catalog.pipelines.first() else { return Ok(()) };
        for number in 0..plan::URGENT {
            let offset = number * 200;
            let Some(query) = fields::coql_open(catalog, pipeline, offset) else { break };
            if !plan::may_fill(&self.usage()) {
                return Err(Error::Reserve);
            }
            let page = self.client.coql(&query).await?;
            for (module, field) in [(Module::Contacts, "Contact_Name"), (Module::Accounts, "Account_Name")] {
                self.pointed_to(catalog, module, field, &page.rows).await?;
            }
            let (rows, now) = (page.rows, self.now());
            self.desk.write(move |store| store.mirror.apply(Module::Pipelines, &rows, None, now)).await?;
            told.announce();
            if !page.more {
                break;
            }
        }
        Ok(self.desk.write(|store| store.mirror.set_mark((URGENT_KEY, "done"))).await?)
    }

    /// Fetches the records that a field of deals names.
    async fn pointed_to(
        &self,
        catalog: &Catalog,
        module: Module,
        field: &str,
        deals: &[Record],
    ) -> Result<(), Error> {
        let id = |deal: &Record| -> Option<RecordId> {
            let value = deal.get(field)?;
            value.get("id").unwrap_or(value).as_str()?.parse().ok()
        };
        let ids: BTreeSet<RecordId> = deals.iter().filter_map(id).collect();
        let ids: Vec<RecordId> = ids.into_iter().collect();
        for some in ids.chunks(100) {
            let query = ListQuery { ids: some.to_vec(), ..ListQuery::of(fields::of_list(catalog, module)) };
            let (rows, _) = records(self.client.list(module, &query).await?);
            let now = self.now();
            self.desk.write(move |store| store.mirror.apply(module, &rows, None, now)).await?;
        }
        Ok(())
    }

    /// Notes that every list of a module is here.
    pub(super) async fn walked(&self, catalog: &Catalog, module: Module) -> Result<(), Error> {
        let done = mark(&Stand::Done)?;
        let keys: Vec<String> =
            plan::walks(catalog).iter().filter(|walk| walk.module == module).map(plan::Walk::key).collect();
        let marked = self.desk.write(move |store| {
            keys.iter().try_for_each(|key| store.mirror.set_mark((key.as_str(), done.as_str())))
        });
        Ok(marked.await?)
    }
}

fn mark(what: &impl serde::Serialize) -> Result<String, Error> {
    Ok(serde_json::to_string(what).map_err(|error| StoreError::Value("a walk", error.to_string()))?)
}

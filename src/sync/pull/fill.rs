//! The first fill, and any later one that begins anew.
//!
//! First the page that the screen shows, then the first page of every list. Lists that go on are counted; where
//! files are cheaper than pages, files are asked for, and while they are written come the open deals and what
//! they point to. Deals are counted before the pages of further pipelines, for a file has them all. Every step is
//! written down with its records, so that an interrupted fill goes on.

use std::{
    collections::{BTreeMap, VecDeque, btree_map::Entry},
    sync::Arc,
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{AT_ONCE, Puller, fetch::Fetch, state, told::Told};
use crate::{
    domain::{Catalog, Module, Purpose},
    sync::{
        Error,
        plan::{self, Export, Stand, Walk},
    },
};

/// Part of a fill that goes on beside others.
enum Errand {
    /// Open deals and what they point to.
    Urgent,
    /// Files of these modules with so many records, in this order.
    Files(Vec<(Module, u64)>),
    /// A list to its end.
    Walk(Walk, Stand),
}

impl Puller {
    /// Brings in every list that is not here in full. Says whether there was one.
    pub(super) async fn fill(&mut self, catalog: &Arc<Catalog>) -> Result<bool, Error> {
        let mut open = Vec::new();
        for walk in plan::walks(catalog) {
            let stand = self.fetch.stand(&walk).await?;
            if stand != Stand::Done && !self.closed.contains(&walk.module) {
                open.push((walk, stand));
            }
        }
        if open.is_empty() {
            self.fetch.index_texts().await?;
            return Ok(false);
        }
        self.fetch.delay_texts().await?;
        for module in plan::MODULES {
            self.fetch.begin(module).await?;
        }
        let told = Told::new(self.report.clone(), self.announcer.clone());
        for (walk, stand) in &open {
            told.came_before(walk.module, stand.rows());
        }
        self.first_pages(catalog, &mut open, &told).await?;
        let errands = self.errands(catalog, open, &told).await?;
        let (fetch, told) = (&self.fetch.meant_for(Purpose::Fill), &told);
        let done: Vec<(Module, Result<(), Error>)> = stream::iter(errands)
            .map(|errand| async move {
                let (module, done) = match errand {
                    Errand::Urgent => (Module::Pipelines, fetch.urgent(catalog, told).await),
                    Errand::Files(modules) => match files(fetch, catalog, &modules, told).await {
                        Err((module, error)) => (module, Err(error)),
                        Ok(()) => (Module::Pipelines, Ok(())),
                    },
                    Errand::Walk(walk, stand) => {
                        (walk.module, finish(fetch, catalog, &walk, stand, told).await)
                    }
                };
                match done {
                    Err(error) if !state::is_closed(&error) => Err(error),
                    done => Ok((module, done)),
                }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        for (module, done) in done {
            self.unless_closed(module, done)?;
        }
        self.fetch.end().await?;
        self.fetch.index_texts().await?;
        self.fetch.note_sync().await?;
        self.announcer.changed();
        Ok(true)
    }

    /// Reads the first page of every list that has not begun. The page that the first screen shows has the line
    /// for itself.
    async fn first_pages(
        &mut self,
        catalog: &Arc<Catalog>,
        open: &mut Vec<(Walk, Stand)>,
        told: &Told,
    ) -> Result<(), Error> {
        let (new, begun): (Vec<_>, Vec<_>) = open.drain(..).partition(|(_, stand)| *stand == Stand::New);
        let fetch = &self.fetch.meant_for(Purpose::Fill);
        let page = |walk: Walk| async move {
            if !plan::may_fill(&fetch.usage()) {
                return (walk, Err(Error::Reserve));
            }
            let page = fetch.page(catalog, &walk, &Stand::New).await;
            if let Ok((_, rows)) = &page {
                told.came(walk.module, *rows);
            }
            (walk, page)
        };
        let mut new: VecDeque<Walk> = new.into_iter().map(|(walk, _)| walk).collect();
        let mut pages = Vec::new();
        if let Some(first) = new.pop_front() {
            told.say(first.module);
            pages.push(page(first).await);
        }
        let is_deals = |walk: &Walk| walk.module == Module::Pipelines;
        if pages.iter().all(|(_, page)| page.is_ok())
            && new.iter().any(is_deals)
            && fetch.by_file(Module::Pipelines, self.pace.files_from).await?
        {
            let filed = new.iter().filter(|walk| is_deals(walk)).cloned();
            open.extend(filed.map(|walk| (walk, Stand::New)));
            new.retain(|walk| !is_deals(walk));
        }
        pages.extend(stream::iter(new).map(page).buffered(AT_ONCE).collect::<Vec<_>>().await);
        for (walk, page) in pages {
            if let Some((stand, _)) = self.unless_closed(walk.module, page)? {
                open.push((walk, stand));
            }
        }
        open.extend(begun);
        open.retain(|(_, stand)| *stand != Stand::Done);
        Ok(())
    }

    /// What is left to do of lists that go on.
    async fn errands(
        &self,
        catalog: &Catalog,
        open: Vec<(Walk, Stand)>,
        told: &Told,
    ) -> Result<Vec<Errand>, Error> {
        let fetch = &self.fetch.meant_for(Purpose::Fill);
        let mut counts = BTreeMap::new();
        for (walk, _) in &open {
            if let Entry::Vacant(place) = counts.entry(walk.module) {
                let count = fetch.count(walk.module).await?;
                told.count(walk.module, count);
                place.insert(count);
            }
        }
        let mut files = Vec::new();
        for module in plan::EXPORTED {
            let Some(Some(rows)) = counts.get(&module) else { continue };
            if fetch.by_file(module, self.pace.files_from).await? {
                let here = fetch.export(module).await?.map_or(0, |export| export.rows());
                told.came_before(module, here);
                files.push((module, *rows));
            }
        }
        let mut errands = Vec::new();
        let first = plan::walks(catalog).into_iter().next();
        let goes_on = open.iter().any(|(walk, _)| Some(walk) == first.as_ref());
        if goes_on && files.iter().any(|(module, _)| *module == Module::Pipelines) {
            errands.push(Errand::Urgent);
        }
        let is_filed = |walk: &Walk| files.iter().any(|(module, _)| *module == walk.module);
        let walks: Vec<Errand> = open
            .into_iter()
            .filter(|(walk, _)| !is_filed(walk))
            .map(|(walk, stand)| Errand::Walk(walk, stand))
            .collect();
        if !files.is_empty() {
            errands.push(Errand::Files(files));
        }
        errands.extend(walks);
        Ok(errands)
    }
}

/// Asks for all files, then brings them in one after the other: what others point to comes first, so that
/// nothing has to be named twice.
async fn files(
    fetch: &Fetch,
    catalog: &Catalog,
    modules: &[(Module, u64)],
    told: &Told,
) -> Result<(), (Module, Error)> {
    for (module, _) in modules {
        fetch.ask_export(catalog, *module).await.map_err(|error| (*module, error))?;
    }
    for (module, rows) in modules {
        file(fetch, catalog, *module, *rows, told).await.map_err(|error| (*module, error))?;
    }
    Ok(())
}

/// Brings in a module by files; by pages if the service makes no files of it.
async fn file(fetch: &Fetch, catalog: &Catalog, module: Module, rows: u64, told: &Told) -> Result<(), Error> {
    if fetch.finish_export(catalog, module, rows, told).await? != Export::Unfit {
        return fetch.walked(catalog, module).await;
    }
    for walk in plan::walks(catalog).into_iter().filter(|walk| walk.module == module) {
        let stand = fetch.stand(&walk).await?;
        finish(fetch, catalog, &walk, stand, told).await?;
    }
    Ok(())
}

/// Walks a list to its end.
async fn finish(
    fetch: &Fetch,
    catalog: &Catalog,
    walk: &Walk,
    mut stand: Stand,
    told: &Told,
) -> Result<(), Error> {
    while stand != Stand::Done {
        if !plan::may_fill(&fetch.usage()) {
            return Err(Error::Reserve);
        }
        let rows;
        (stand, rows) = fetch.page(catalog, walk, &stand).await?;
        told.came(walk.module, rows);
    }
    Ok(())
}

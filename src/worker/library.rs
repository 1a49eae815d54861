//! Queries that were run or saved, for the console.

use std::{io, path::PathBuf};

use crate::{
    protocol::{Event, Failure, Generation, Job, JobKey, Request},
    store::{Desk, saved},
    sync::{Report, failure},
};

/// Rows of the history that are shown at most.
const SHOWN: u32 = 200;

/// Hands out the history and the saved queries, and saves new ones. Clones share everything.
#[derive(Clone)]
pub(super) struct Library {
    desk: Desk,
    report: Report,
    /// The user's own queries; none where nothing is kept.
    folder: Option<PathBuf>,
}

impl Library {
    pub(super) const fn new(desk: Desk, report: Report, folder: Option<PathBuf>) -> Self {
        Self { desk, report, folder }
    }

    /// Whether a request is the library's.
    pub(super) const fn takes(request: &Request) -> bool {
        matches!(request, Request::QueryHistory { .. } | Request::SavedQueries | Request::SaveQuery { .. })
    }

    /// Does a job.
    pub(super) async fn take(self, job: Job) {
        let Job { key, generation, request } = job;
        let done = match request {
            Request::QueryHistory { search } => self.history(generation, search).await,
            Request::SavedQueries => self.saved(generation).await,
            Request::SaveQuery { name, text, replace } => self.save(&key, name, text, replace).await,
            _ => return,
        };
        (self.report)(done.unwrap_or_else(|failure| Event::Failed { key, generation, failure }));
    }

    async fn history(&self, generation: Generation, search: String) -> Result<Event, Failure> {
        let rows = self.desk.read(move |store| store.keep.queries(&search, SHOWN)).await;
        let rows = rows.map_err(|error| failure::of_store("read the history of queries", &error, ""))?;
        Ok(Event::QueryHistory { generation, rows })
    }

    async fn saved(&self, generation: Generation) -> Result<Event, Failure> {
        let folder = self.folder.clone();
        let read = move || folder.as_deref().map_or_else(|| Ok(saved::shipped().collect()), saved::all);
        let queries =
            tokio::task::spawn_blocking(read).await.unwrap_or_else(|error| Err(io::Error::other(error)));
        let queries = queries.map_err(|error| {
            let way_on = self
                .folder
                .as_ref()
                .map_or_else(String::new, |folder| format!("Look at the files in {}.", folder.display()));
            failure::plain("read the saved queries", &error.to_string(), &way_on)
        })?;
        Ok(Event::SavedQueries { generation, queries })
    }

    async fn save(&self, key: &JobKey, name: String, text: String, replace: bool) -> Result<Event, Failure> {
        debug_assert_eq!(*key, JobKey::Library);
        let doing = format!("save the query as {name}");
        let Some(folder) = self.folder.clone() else {
            return Err(failure::plain(
                &doing,
                "the demo keeps nothing",
                "`bigin login` signs in to keep things.",
            ));
        };
        let (at, called) = (folder.clone(), name.clone());
        let work = move || saved::save(&at, &called, &text, replace);
        let done =
            tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)));
        match done {
            Ok(()) => Ok(Event::QuerySaved { path: folder.join(format!("{name}.coql")), name }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Event::QueryExists { name }),
            Err(error) => Err(failure::plain(&doing, &error.to_string(), "The text is still in the editor.")),
        }
    }
}

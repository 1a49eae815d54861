//! Writing an answer to a file, behind the screen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use directories::BaseDirs;
use tokio_util::sync::CancellationToken;

use super::Console;
use crate::{
    protocol::{Event, Excerpt, ExportFormat, ExportState, Failure, Generation, JobKey},
    sync::failure,
    worker::export::{self, ExportError, Outcome},
};

/// Rows after which progress is told.
const STEP: u64 = 500;

/// What a file is made of.
pub(super) struct Writing {
    pub rows: Excerpt,
    pub format: ExportFormat,
    pub path: PathBuf,
    pub replace: bool,
}

impl Console {
    /// Writes rows of an answer. Dropping this gives it up, and nothing is left behind.
    pub(super) async fn write(&self, generation: Generation, writing: Writing) {
        let event = match self.written(generation, writing).await {
            Ok(Some(state)) => Event::Export { generation, state },
            Ok(None) => return,
            Err(failure) => Event::Failed { key: JobKey::Export, generation, failure },
        };
        (self.report)(event);
    }

    async fn written(
        &self,
        generation: Generation,
        writing: Writing,
    ) -> Result<Option<ExportState>, Failure> {
        let Writing { rows, format, path, replace } = writing;
        let path = whole(&path);
        let doing = format!("write {}", path.display());
        let grid = self.grid(&doing, &rows).await?;
        let total = grid.rows.len() as u64;
        let given_up = CancellationToken::new();
        let _guard = given_up.clone().drop_guard();
        let (report, target) = (Arc::clone(&self.report), path.clone());
        let work = move || {
            let tell = |done| {
                report(Event::Export { generation, state: ExportState::Writing { done, total } });
            };
            tell(0);
            let mut go_on = |done: u64| {
                if done.is_multiple_of(STEP) {
                    tell(done);
                }
                !given_up.is_cancelled()
            };
            export::write(&grid, format, &target, replace, &mut go_on)
        };
        let ended = tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|error| Err(ExportError::Io(std::io::Error::other(error))));
        match ended {
            Ok(Outcome::Written { bytes }) => Ok(Some(ExportState::Written { path, rows: total, bytes })),
            Ok(Outcome::Exists) => Ok(Some(ExportState::Exists { path })),
            Ok(Outcome::Cancelled) => Ok(None),
            Err(error) => {
                let way_on = "What was there before still is; choose another folder or name.";
                Err(failure::plain(&doing, &error.to_string(), way_on))
            }
        }
    }
}

/// The path from the root on; `~` is the home folder.
fn whole(path: &Path) -> PathBuf {
    let at_home = path.strip_prefix("~").ok().zip(BaseDirs::new());
    let path = at_home.map_or_else(|| path.to_owned(), |(rest, home)| home.home_dir().join(rest));
    std::path::absolute(&path).unwrap_or(path)
}

//! Writing an answer to a file, behind the screen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use directories::BaseDirs;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{Console, answer::Shown};
use crate::{
    domain::RecordId,
    protocol::{AnswerView, Event, ExportFormat, ExportState, Failure, Generation, JobKey},
    store::Mirror,
    sync::failure,
    worker::export::{self, ExportError, Grid, Outcome},
};

/// Rows whose references are named in one task of the databases' thread, and after which progress is told.
const STEP: u64 = 500;

/// What a file is made of.
pub(super) struct Writing {
    pub view: AnswerView,
    pub format: ExportFormat,
    pub path: PathBuf,
    pub replace: bool,
}

impl Console {
    /// Writes all rows of a view. Dropping this gives it up, and nothing is left behind.
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
        let Writing { view, format, path, replace } = writing;
        let path = whole(&path);
        let doing = format!("write {}", path.display());
        let Some(shown) = self.kept(view.answer) else {
            let what = "the answer is not in hand any more";
            return Err(failure::plain(&doing, what, "Run the query again."));
        };
        let grid = self.grid(&shown, view).await;
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

    /// The rows of a view with their references named.
    async fn grid(&self, shown: &Arc<Shown>, view: AnswerView) -> Grid {
        let columns = shown.columns.iter().map(|column| (column.name.to_string(), column.numeric));
        let changes = Arc::new(self.changes(shown).await);
        let mut rows = Vec::new();
        let mut first = 0;
        while first < shown.total() {
            let (shown, changes) = (Arc::clone(shown), Arc::clone(&changes));
            let step = move |store: &mut crate::store::Store| {
                let ordinals = first..(first + STEP).min(shown.total());
                let values = ordinals.filter_map(|at| shown.values(view.order, &changes, at));
                values.map(|values| named(&shown, &store.mirror, values.into_owned())).collect::<Vec<_>>()
            };
            rows.extend(self.desk.read(step).await);
            first += STEP;
        }
        Grid::new(columns, rows)
    }
}

fn named(shown: &Shown, mirror: &Mirror, mut values: Vec<Value>) -> Vec<Value> {
    for value in &mut values {
        let Value::Object(object) = value else { continue };
        let id = object.get("id").and_then(Value::as_str).filter(|_| !object.contains_key("name"));
        let known = id.and_then(|id| shown.name(id).or_else(|| name_of(mirror, id)));
        if let Some(name) = known {
            object.insert("name".to_owned(), Value::String(name));
        }
    }
    values
}

fn name_of(mirror: &Mirror, id: &str) -> Option<String> {
    Some(mirror.name_of(&id.parse::<RecordId>().ok()?).ok()??.to_string())
}

/// The path from the root on; `~` is the home folder.
fn whole(path: &Path) -> PathBuf {
    let at_home = path.strip_prefix("~").ok().zip(BaseDirs::new());
    let path = at_home.map_or_else(|| path.to_owned(), |(rest, home)| home.home_dir().join(rest));
    std::path::absolute(&path).unwrap_or(path)
}

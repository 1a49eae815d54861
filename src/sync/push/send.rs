//! One parcel and what became of it.

use jiff::Timestamp;

use crate::{
    api::{self, At, Client, Kind, NoteDraft},
    domain::RecordId,
    store::{Desk, keep::WriteState},
    sync::parcel::{self, Load, Parcel, SeenNote},
};

/// What became of a parcel.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The server has it.
    Done {
        /// The id of what it made; none for a change.
        id: Option<RecordId>,
        /// When, by the server's clock.
        at: Option<Timestamp>,
    },
    /// The server will not have it.
    Refused(api::Error),
    /// It did not get through; it may later.
    Later(api::Error),
    /// It was sent, and nobody knows.
    Lost(api::Error),
}

/// Sends a parcel; one whose answer was lost before is looked for first.
pub(super) async fn send(client: &Client, desk: &Desk, parcel: &Parcel) -> Verdict {
    match &parcel.load {
        Load::Move(fields) if fields.is_empty() => Verdict::Done { id: None, at: None },
        Load::Move(fields) => {
            mark(desk, parcel, WriteState::Sending).await;
            match client.update_one(parcel.record.module, &parcel.record.id, fields.clone()).await {
                Ok(done) => Verdict::Done { id: None, at: done.modified },
                Err(error) if error.outcome_uncertain() => Verdict::Lost(error),
                Err(error) => judge(error),
            }
        }
        Load::Note(text) => {
            if parcel.lost {
                match find(client, desk, parcel, text).await {
                    Ok(Some(found)) => return found,
                    Ok(None) => {}
                    Err(error) => return Verdict::Lost(error),
                }
            }
            mark(desk, parcel, WriteState::Sending).await;
            let draft = NoteDraft { title: None, content: Some(text.clone()) };
            match client.create_note(parcel.record.module, &parcel.record.id, &draft).await {
                Ok(done) => Verdict::Done { id: done.id, at: done.created },
                Err(error) if error.outcome_uncertain() => Verdict::Lost(error),
                Err(error) => judge(error),
            }
        }
    }
}

/// A parcel that was surely not carried out.
fn judge(error: api::Error) -> Verdict {
    let waits =
        matches!(error.kind(), Kind::SignIn { .. } | Kind::UnknownDomain { .. } | Kind::Untrusted { .. });
    if waits || error.is_temporary() { Verdict::Later(error) } else { Verdict::Refused(error) }
}

/// Looks for a note that may have been written although its answer was lost.
async fn find(
    client: &Client,
    desk: &Desk,
    parcel: &Parcel,
    text: &str,
) -> Result<Option<Verdict>, api::Error> {
    let page = client.notes(Some((parcel.record.module, &parcel.record.id)), At::Number(1)).await?;
    let seen: Vec<SeenNote> = page
        .rows
        .into_iter()
        .map(|note| SeenNote {
            id: note.id.into(),
            text: note.content.unwrap_or_default(),
            author: note.author.map(|author| author.id),
            created: note.created,
        })
        .collect();
    let (record, intent) = (parcel.record.clone(), parcel.intent);
    let known = desk.read(move |store| {
        let from = intent.saturating_sub(crate::sync::plan::SLACK).unwrap_or(Timestamp::MIN);
        let taken = store.keep.confirmed_notes(&record, from).unwrap_or_default();
        (store.mirror.catalog(), taken)
    });
    let (catalog, taken) = known.await;
    let Some(me) = catalog.map(|catalog| catalog.me.clone()) else { return Ok(None) };
    let found = parcel::became(&seen, text, &me, parcel.intent, &taken);
    Ok(found.map(|note| Verdict::Done { id: note.id.parse().ok(), at: note.created }))
}

async fn mark(desk: &Desk, parcel: &Parcel, state: WriteState) {
    let rows = parcel.rows.clone();
    // A disk that does not take the mark leaves the row as written: at worst a change is sent twice.
    let _ = desk.write(move |store| store.keep.mark(&rows, state)).await;
}

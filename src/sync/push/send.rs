//! One shipment and what became of each of its parcels.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::pick::Shipment;
use crate::{
    api::{self, At, Client, Done, Kind, NoteDraft, Written},
    domain::{Module, RecordId},
    protocol::Failure,
    store::{
        Desk,
        keep::{MoveImage, Theirs, same_note},
    },
    sync::{
        conflict::{self, Judgement},
        failure,
        parcel::{self, Load, Parcel, SeenNote},
    },
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
    Refused(Failure),
    /// It did not get through; it may later.
    Later(Setback),
    /// It was sent, and nobody knows.
    Lost(Setback),
    /// Someone else changed the same field.
    Clash(Theirs),
}

impl Verdict {
    /// Why it was in vain, if it was.
    pub(super) const fn setback(&self) -> Option<&Setback> {
        match self {
            Self::Later(setback) | Self::Lost(setback) => Some(setback),
            Self::Done { .. } | Self::Refused(_) | Self::Clash(_) => None,
        }
    }
}

/// What stood in the way of a try, in words, and when the next one is worth it, where that is known.
#[derive(Debug)]
pub(super) struct Setback {
    pub what: String,
    pub retry_at: Option<Timestamp>,
}

impl From<api::Error> for Setback {
    fn from(error: api::Error) -> Self {
        Self { what: error.kind().to_string(), retry_at: error.retry_at() }
    }
}

type Verdicts = Vec<(Parcel, Verdict)>;

/// What a person was about, in words.
pub(super) fn doing(parcel: &Parcel) -> String {
    match &parcel.load {
        Load::Move { before, after } if before.stage != after.stage => {
            format!("move {} to {}", parcel.record.name, after.stage)
        }
        Load::Move { .. } => format!("change {}", parcel.record.name),
        Load::Note(_) => format!("add a note to {}", parcel.record.name),
        Load::Removal { .. } => format!("delete the note on {}", parcel.record.name),
    }
}

/// What is kept of a parcel that was refused.
fn kept(parcel: &Parcel) -> &'static str {
    match &parcel.load {
        Load::Move { .. } => "The deal is back where it was; gu lists it.",
        Load::Note(_) => "The text is kept as a draft: n opens it, gu lists it.",
        Load::Removal { .. } => "The note stays as it is.",
    }
}

/// Sends a shipment.
pub(super) async fn send(client: &Client, desk: &Desk, shipment: Shipment) -> Verdicts {
    match shipment {
        Shipment::There(parcel) => vec![(parcel, Verdict::Done { id: None, at: None })],
        Shipment::Look(parcel) => {
            let verdict = match &parcel.load {
                Load::Move { before, after } => look(client, desk, &parcel, before, after).await,
                Load::Removal { note, text } => remove(client, &parcel, note, text).await,
                Load::Note(text) => match find(client, desk, &parcel, text).await {
                    Ok(Some(found)) => found,
                    Ok(None) => note(client, &parcel, text).await,
                    Err(error) => unseen(&parcel, error),
                },
            };
            vec![(parcel, verdict)]
        }
        Shipment::Moves(parcels, since) => moves(client, desk, parcels, since).await,
        Shipment::Notes(parcels) => notes(client, parcels).await,
    }
}

async fn moves(client: &Client, desk: &Desk, parcels: Vec<Parcel>, since: Option<Timestamp>) -> Verdicts {
    let fields: Vec<Map<String, Value>> = parcels.iter().map(fields).collect();
    let Some(module) = parcels.first().map(|parcel| parcel.record.module) else { return Vec::new() };
    let mut verdicts = Vec::with_capacity(parcels.len());
    if parcels.len() > 1 {
        let named = parcels.iter().zip(&fields).map(|(parcel, fields)| {
            let mut named = fields.clone();
            named.insert("id".to_owned(), parcel.record.id.as_str().into());
            named
        });
        match client.update_unchanged(module, named.collect(), since).await {
            Ok(results) => {
                for (parcel, result) in parcels.into_iter().zip(results) {
                    let verdict = match result {
                        Written::Done(done) => Verdict::Done { id: None, at: done.modified },
                        Written::Refused(refusal) if refusal.code == "ALREADY_MODIFIED" => {
                            again(client, desk, &parcel).await
                        }
                        other => of_item(&parcel, other),
                    };
                    verdicts.push((parcel, verdict));
                }
                return verdicts;
            }
            Err(error) if !is_final(&error) => return all(parcels, &error),
            // The call as a whole was refused, which says nothing of any one of them.
            Err(_) => {}
        }
    }
    for (parcel, fields) in parcels.into_iter().zip(fields) {
        let sent = client.update_one_unchanged(module, &parcel.record.id, fields, since).await;
        let verdict = match sent {
            Err(error) if was_modified(&error) => again(client, desk, &parcel).await,
            sent => of_call(&parcel, sent.map(|done| Done { id: None, ..done })),
        };
        verdicts.push((parcel, verdict));
    }
    verdicts
}

async fn notes(client: &Client, parcels: Vec<Parcel>) -> Verdicts {
    let mut verdicts = Vec::with_capacity(parcels.len());
    if parcels.len() > 1 {
        let records = parcels.iter().map(|parcel| {
            let parent = json!({ "id": parcel.record.id.as_str(),
                "module": { "api_name": parcel.record.module.api_name() } });
            let text = match &parcel.load {
                Load::Note(text) => text.as_str(),
                Load::Move { .. } | Load::Removal { .. } => "",
            };
            Map::from_iter([("Note_Content".to_owned(), json!(text)), ("Parent_Id".to_owned(), parent)])
        });
        match client.insert(Module::Notes, records.collect()).await {
            Ok(results) => {
                let results = parcels.into_iter().zip(results);
                verdicts.extend(results.map(|(parcel, result)| {
                    let verdict = of_item(&parcel, result);
                    (parcel, verdict)
                }));
                return verdicts;
            }
            Err(error) if !is_final(&error) => return all(parcels, &error),
            Err(_) => {}
        }
    }
    for parcel in parcels {
        let verdict = match &parcel.load {
            Load::Note(text) => note(client, &parcel, text).await,
            Load::Move { .. } | Load::Removal { .. } => Verdict::Done { id: None, at: None },
        };
        verdicts.push((parcel, verdict));
    }
    verdicts
}

async fn note(client: &Client, parcel: &Parcel, text: &str) -> Verdict {
    let draft = NoteDraft { title: None, content: Some(text.to_owned()) };
    of_call(parcel, client.create_note(parcel.record.module, &parcel.record.id, &draft).await)
}

async fn again(client: &Client, desk: &Desk, parcel: &Parcel) -> Verdict {
    match &parcel.load {
        Load::Move { before, after } => look(client, desk, parcel, before, after).await,
        Load::Note(_) | Load::Removal { .. } => Verdict::Done { id: None, at: None },
    }
}

/// Asks the server what a deal is like before changing it. The mirror hears of it too.
async fn look(
    client: &Client,
    desk: &Desk,
    parcel: &Parcel,
    before: &MoveImage,
    after: &MoveImage,
) -> Verdict {
    let (module, id) = (parcel.record.module, &parcel.record.id);
    let record = match client.get(module, id, None).await {
        Ok(record) => record,
        Err(error) => return unseen(parcel, error),
    };
    let seen = record.and_then(|record| Some((conflict::image(record.fields())?, record)));
    let Some((there, record)) = seen else {
        // The record is gone; the service says so in its own words.
        let sent = client.update_one(module, id, conflict::changed(before, after)).await;
        return of_call(parcel, sent.map(|done| Done { id: None, ..done }));
    };
    let modified = record.modified();
    let author = record.reference("Modified_By");
    let before = match author.as_ref().map(|user| user.id.clone()) {
        Some(author) => known(desk, parcel, before, &there, author).await,
        None => before.clone(),
    };
    let theirs = Theirs {
        image: there.clone(),
        by: author.and_then(|user| user.name),
        at: modified.map(Timestamp::as_millisecond),
    };
    let (told, now) = (record.into_fields(), client.clock().now());
    // The screen stays as it is until the next round, if the databases cannot take it in.
    let _ = desk.write(move |store| store.take_in(module, &[told], None, now)).await;
    match conflict::judge(&before, after, &there) {
        Judgement::Clash => Verdict::Clash(theirs),
        Judgement::There => Verdict::Done { id: None, at: modified },
        Judgement::Send(fields) => match client.update_one_unchanged(module, id, fields, modified).await {
            Err(error) if was_modified(&error) => Verdict::Later(error.into()),
            sent => of_call(parcel, sent.map(|done| Done { id: None, ..done })),
        },
    }
}

/// What the user has seen of the deal, where `author` changed it last.
async fn known(
    desk: &Desk,
    parcel: &Parcel,
    before: &MoveImage,
    there: &MoveImage,
    author: RecordId,
) -> MoveImage {
    let record = parcel.record.clone();
    let made = desk.read(move |store| {
        let me = store.mirror.catalog().is_some_and(|catalog| catalog.me == author);
        if me { store.keep.made_of(&record).unwrap_or_default() } else { Vec::new() }
    });
    conflict::seen(before, there, &made.await)
}

fn fields(parcel: &Parcel) -> Map<String, Value> {
    match &parcel.load {
        Load::Move { before, after } => conflict::changed(before, after),
        Load::Note(_) | Load::Removal { .. } => Map::new(),
    }
}

fn of_call(parcel: &Parcel, sent: Result<Done, api::Error>) -> Verdict {
    match sent {
        Ok(done) => {
            Verdict::Done { at: done.created.filter(|_| done.id.is_some()).or(done.modified), id: done.id }
        }
        Err(error) if error.outcome_uncertain() => Verdict::Lost(error.into()),
        Err(error) => judge(parcel, error),
    }
}

fn of_item(parcel: &Parcel, result: Written) -> Verdict {
    match result {
        Written::Done(done) => of_call(parcel, Ok(done)),
        Written::Refused(refusal) => {
            Verdict::Refused(failure::of_refusal(&doing(parcel), &refusal, kept(parcel)))
        }
        Written::Unknown => Verdict::Lost(Setback {
            what: "the answer does not say what became of it".to_owned(),
            retry_at: None,
        }),
    }
}

/// A whole call that did not come through, for each of its parcels.
fn all(parcels: Vec<Parcel>, error: &api::Error) -> Verdicts {
    let verdict = |parcel: Parcel| {
        let verdict = of_call(&parcel, Err(error.clone()));
        (parcel, verdict)
    };
    parcels.into_iter().map(verdict).collect()
}

/// A parcel that was surely not carried out.
fn judge(parcel: &Parcel, error: api::Error) -> Verdict {
    if is_final(&error) {
        Verdict::Refused(failure::of(&doing(parcel), &error, kept(parcel)))
    } else {
        Verdict::Later(error.into())
    }
}

/// A parcel that could not be looked for. Nothing was written by looking, so what was known of it before is all
/// that is known; where looking is refused for good, as on a record that is gone, it comes back to the user.
fn unseen(parcel: &Parcel, error: api::Error) -> Verdict {
    if parcel.lost && !is_final(&error) { Verdict::Lost(error.into()) } else { judge(parcel, error) }
}

/// Whether the same call would be refused again until someone changes something.
fn is_final(error: &api::Error) -> bool {
    let waits =
        matches!(error.kind(), Kind::SignIn { .. } | Kind::UnknownDomain { .. } | Kind::Untrusted { .. });
    !(waits || error.is_temporary() || error.outcome_uncertain())
}

fn was_modified(error: &api::Error) -> bool {
    error.refusal().is_some_and(|refusal| refusal.code == "ALREADY_MODIFIED")
}

/// Deletes a note, if it still says what it said: somebody's words are never deleted by an undo. One that is not
/// there any more is deleted already.
async fn remove(client: &Client, parcel: &Parcel, id: &str, text: &str) -> Verdict {
    let unsure =
        |error: api::Error| if parcel.lost { Verdict::Lost(error.into()) } else { judge(parcel, error) };
    let of = Some((parcel.record.module, &parcel.record.id));
    for number in 1.. {
        let page = match client.notes(of, At::Number(number)).await {
            Ok(page) => page,
            Err(error) => return unsure(error),
        };
        let more = page.more;
        if let Some(found) = page.rows.into_iter().find(|note| note.id.as_str() == id) {
            if !same_note(found.content.as_deref().unwrap_or_default(), text) {
                let what = "somebody edited the note since";
                return Verdict::Refused(failure::plain(&doing(parcel), what, kept(parcel)));
            }
            return match client.delete_notes(&[found.id]).await.map(|mut results| results.pop()) {
                Ok(Some(result)) => of_item(parcel, result),
                Ok(None) => of_item(parcel, Written::Unknown),
                Err(error) => of_call(parcel, Err(error)),
            };
        }
        if !more {
            break;
        }
    }
    Verdict::Done { id: None, at: None }
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

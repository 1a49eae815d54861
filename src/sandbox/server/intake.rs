//! Reading what a client sends, and no more than that.

use axum::{
    body::{Body, BodyDataStream},
    extract::{DefaultBodyLimit, FromRequest, Multipart},
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

use crate::sandbox::{Reply, assumptions, reply, request::Part};

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// Reads a body of at most `limit` bytes. One that is longer is read to its end and thrown away piece by
/// piece, so that the client is listening when the refusal comes.
pub(super) async fn body(body: Body, headers: &HeaderMap, limit: usize) -> Result<Bytes, Reply> {
    let mut pieces = body.into_data_stream();
    let promised = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if promised.is_some_and(|length: usize| length > limit) {
        if !headers.contains_key(header::EXPECT) {
            throw_away(pieces).await;
        }
        return Err(reply::body_too_large(limit));
    }
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| reply::invalid_request())?;
        if whole.len() + piece.len() > limit {
            drop(whole);
            throw_away(pieces).await;
            return Err(reply::body_too_large(limit));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// Reads a body that nobody needs, so that a client which is still sending it hears the refusal.
pub(super) async fn discard(body: Body) {
    throw_away(body.into_data_stream()).await;
}

async fn throw_away(mut pieces: BodyDataStream) {
    let mut left = assumptions::DISCARD_LIMIT;
    while let Some(Ok(piece)) = pieces.next().await {
        left = left.saturating_sub(piece.len());
        if left == 0 {
            return;
        }
    }
}

/// The parts of a multipart body; none when it is not one.
pub(super) async fn parts(headers: &HeaderMap, body: &Bytes) -> Result<Vec<Part>, Reply> {
    if !is_multipart(headers) {
        return Ok(Vec::new());
    }
    let mut request = axum::extract::Request::new(Body::from(body.clone()));
    request.headers_mut().clone_from(headers);
    // The body was held to its limit when it was read; the extractor's own is far lower.
    DefaultBodyLimit::disable().apply(&mut request);
    let malformed = |_| reply::invalid_request();
    let mut fields = Multipart::from_request(request, &()).await.map_err(|_| reply::invalid_request())?;
    let mut parts = Vec::new();
    while let Some(field) = fields.next_field().await.map_err(malformed)? {
        parts.push(Part {
            name: field.name().unwrap_or_default().to_owned(),
            file_name: field.file_name().map(str::to_owned),
            content_type: field.content_type().map(str::to_owned),
            bytes: field.bytes().await.map_err(malformed)?,
        });
    }
    Ok(parts)
}

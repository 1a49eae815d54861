//! Answers that go wrong on their way out.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::Cut;
use crate::sandbox::{
    Reply,
    fault::{Action, Fault},
    gate::Seat,
};

/// Closes the connection. What this returns is never written.
pub(super) fn close(cut: &Cut) -> Response {
    cut.now();
    Response::new(Body::empty())
}

/// The answer as the fault has it. A slow answer keeps its place in flight until its last bytes leave.
pub(super) fn faulty(reply: Reply, seat: Option<Seat>, fault: &Fault, cut: &Cut) -> Response {
    if fault.closes() {
        return close(cut);
    }
    let response = fault.spoil(reply);
    match fault.action {
        Action::CloseMidBody => with_body(response, |bytes| cut_at(bytes, fault.at_byte, cut.clone())),
        Action::Trickle => with_body(response, |bytes| trickle(bytes, fault.bytes_per_second, seat)),
        _ => response.into_response(),
    }
}

fn with_body(reply: Reply, body: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, _) = reply.clone().into_response().into_parts();
    let (_, bytes) = reply.into_bytes();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    Response::from_parts(parts, body(bytes))
}

/// The first bytes, then the end of the connection although more were promised.
fn cut_at(bytes: Bytes, at: usize, cut: Cut) -> Body {
    let start = bytes.slice(..at.min(bytes.len()));
    let end = async move {
        // Gives the server a turn to send what it has before the connection goes.
        tokio::task::yield_now().await;
        cut.now();
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    Body::from_stream(stream::iter([Ok(start)]).chain(stream::once(end)))
}

/// Piece by piece, ten a second.
fn trickle(bytes: Bytes, per_second: u32, seat: Option<Seat>) -> Body {
    let piece = usize::try_from(per_second.div_ceil(10)).unwrap_or(1).max(1);
    let pieces = stream::unfold((bytes, seat), move |(mut left, mut seat)| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let next = left.split_to(piece.min(left.len()));
        if left.is_empty() {
            drop(seat.take());
        }
        Some((Ok::<_, Infallible>(next), (left, seat)))
    });
    Body::from_stream(pieces)
}

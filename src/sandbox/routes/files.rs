//! Files on their own: values of file fields, attachments of mails.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/upload-files.html>
//! <https://www.bigin.com/developer/docs/apis/v2/get-files.html>

use axum::http::{HeaderValue, StatusCode, header};
use bytes::Bytes;
use serde_json::json;

use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions,
    blobs::{self, Blob, Kind, examine},
    reply,
};

/// Takes one or more parts `file`, each by itself.
pub(in crate::sandbox) fn upload(
    sandbox: &Sandbox,
    caller: &Caller,
    request: &Request,
) -> Result<Reply, Reply> {
    let files: Vec<_> = request.parts.iter().filter(|part| part.name == "file").collect();
    if files.is_empty() {
        return Err(reply::invalid_request());
    }
    if files.len() > assumptions::FILES_A_CALL {
        let details = json!({ "limit": assumptions::FILES_A_CALL, "api_name": "file" });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "LIMIT_EXCEEDED", "limit exceeded", details));
    }
    let world = sandbox.world();
    let mut items = Vec::new();
    for part in files {
        if let Err((code, message)) = examine(&part.bytes, assumptions::FILE_LIMIT) {
            items.push(reply::failure(code, json!({ "name": part.file_name }), &message));
            continue;
        }
        let id = world.next_id().map_err(|_| reply::server_fault())?;
        let token = blobs::token(sandbox.options.seed, id);
        let blob = Blob { token: Some(token.clone()), ..Blob::of_part(Kind::File, id, part, caller.now) };
        blob.save(&world.conn).map_err(|_| reply::server_fault())?;
        let message = format!("{} uploaded Succesfully", blob.name);
        items.push(reply::success(json!({ "name": blob.name, "id": token }), &message));
    }
    Ok(reply::results("data", items, StatusCode::OK))
}

/// Answers with the bytes of a file.
pub(in crate::sandbox) fn fetch(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let token = request.query("id").ok_or_else(|| reply::missing_param("id"))?;
    let blob = Blob::file(&sandbox.world().conn, token).map_err(|_| reply::server_fault())?;
    let blob = blob.ok_or_else(|| reply::invalid_data(json!({ "param_name": "id" })))?;
    Ok(download(&blob.name, &blob.media, blob.bytes))
}

/// The answer that is a file.
pub(super) fn download(name: &str, media: &str, bytes: Bytes) -> Reply {
    const BYTES: &str = "application/octet-stream";
    let media = HeaderValue::from_str(media).unwrap_or(HeaderValue::from_static(BYTES));
    let mut reply = Reply::bytes(BYTES, bytes).with_header(header::CONTENT_TYPE, media);
    if let Ok(disposition) = HeaderValue::from_str(&disposition(name)) {
        reply = reply.with_header(header::CONTENT_DISPOSITION, disposition);
    }
    reply
}

/// `Content-Disposition` for a file of any name: in plain ASCII for old clients, and in full (RFC 6266).
fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if matches!(c, ' '..='~') && !matches!(c, '"' | '\\') { c } else { '_' })
        .collect();
    let full = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_download_cannot_end_its_header() {
        assert_eq!(
            disposition("offer 1.pdf"),
            "attachment; filename=\"offer 1.pdf\"; filename*=UTF-8''offer%201%2Epdf"
        );
        assert_eq!(
            disposition("å\"\r\nSet-Cookie: x"),
            "attachment; filename=\"____Set-Cookie: x\"; filename*=UTF-8''%C3%A5%22%0D%0ASet%2DCookie%3A%20x"
        );
    }
}

//! Just enough of picture files to take or refuse a photo.

use axum::http::StatusCode;
use serde_json::json;

use super::{Reply, assumptions, reply};

/// Checks that a file can be a photo: a picture of a kind, a size in bytes and in pixels that are taken.
///
/// # Errors
/// The service's refusal.
pub fn check_photo(bytes: &[u8]) -> Result<&'static str, Reply> {
    if bytes.len() > assumptions::PHOTO_LIMIT {
        let details = json!({ "limit": assumptions::PHOTO_LIMIT });
        let message = "the size of the file exceeds the limit";
        return Err(Reply::error(StatusCode::PAYLOAD_TOO_LARGE, "FILE_SIZE_EXCEEDS", message, details));
    }
    let kind = kind(bytes).ok_or_else(|| reply::invalid_data(json!({ "param_name": "file" })))?;
    if side(bytes).is_some_and(|side| side > assumptions::PHOTO_SIDE) {
        let message = "the resolution of the file exceeds the limit";
        let details = json!({ "limit": assumptions::PHOTO_SIDE });
        return Err(Reply::error(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "FILE_RESOLUTION_EXCEEDS",
            message,
            details,
        ));
    }
    Ok(kind)
}

/// The content type of a picture, by its first bytes.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'B', b'M', ..] => Some("image/bmp"),
        _ => None,
    }
}

/// The longer side in pixels, where the file says it in its first bytes; photographs (JPEG) do not.
fn side(bytes: &[u8]) -> Option<u32> {
    let two = |at: usize| -> Option<[u8; 2]> { bytes.get(at..at + 2)?.try_into().ok() };
    let four = |at: usize| -> Option<[u8; 4]> { bytes.get(at..at + 4)?.try_into().ok() };
    let (wide, high) = match kind(bytes)? {
        "image/png" => (u32::from_be_bytes(four(16)?), u32::from_be_bytes(four(20)?)),
        "image/gif" => (u16::from_le_bytes(two(6)?).into(), u16::from_le_bytes(two(8)?).into()),
        "image/bmp" => (u32::from_le_bytes(four(18)?), i32::from_le_bytes(four(22)?).unsigned_abs()),
        _ => return None,
    };
    Some(wide.max(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 0x20, 0, 0, 0, 0, 1]);
        assert_eq!((kind(&png), side(&png)), (Some("image/png"), Some(0x2000)));
        let gif = [b'G', b'I', b'F', b'8', b'9', b'a', 2, 0, 3, 1];
        assert_eq!((kind(&gif), side(&gif)), (Some("image/gif"), Some(0x0103)));
        assert_eq!((kind(b"BM"), side(b"BM")), (Some("image/bmp"), None));
        assert_eq!(kind(b"<svg>"), None);
        assert_eq!(side(b""), None);
    }
}

//! Bytes that clients gave, in the organisation's database: attachments, files, photos, uploads.

use axum::http::StatusCode;
use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;
use strum::IntoStaticStr;

use super::{Reply, assumptions, request::Part, world::Id};

/// Makes the table. The bytes of an attachment or photo go when its record goes, whoever deletes that.
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS \"$blobs\" (
        kind TEXT NOT NULL, row INTEGER NOT NULL, token TEXT, name TEXT NOT NULL, media TEXT NOT NULL,
        link TEXT, created INTEGER NOT NULL, bytes BLOB NOT NULL,
        PRIMARY KEY (kind, row)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS \"$blobs.token\" ON \"$blobs\" (token);
    CREATE TRIGGER IF NOT EXISTS \"$blobs.attachments\" AFTER DELETE ON Attachments BEGIN
        DELETE FROM \"$blobs\" WHERE kind = 'attachment' AND row = old.\"$row\"; END;
    CREATE TRIGGER IF NOT EXISTS \"$blobs.contacts\" AFTER DELETE ON Contacts BEGIN
        DELETE FROM \"$blobs\" WHERE kind = 'photo' AND row = old.\"$row\"; END;
    CREATE TRIGGER IF NOT EXISTS \"$blobs.accounts\" AFTER DELETE ON Accounts BEGIN
        DELETE FROM \"$blobs\" WHERE kind = 'photo' AND row = old.\"$row\"; END;
    CREATE TRIGGER IF NOT EXISTS \"$blobs.products\" AFTER DELETE ON Products BEGIN
        DELETE FROM \"$blobs\" WHERE kind = 'photo' AND row = old.\"$row\"; END;
";

/// What bytes belong to; their row is its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// An attachment.
    Attachment,
    /// A file on its own.
    File,
    /// The photo of a record.
    Photo,
    /// A file for a bulk write.
    Upload,
}

/// Bytes with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// What they belong to.
    pub kind: Kind,
    /// Id of what they belong to.
    pub row: Id,
    /// The id that does not tell how many others there are, for files.
    pub token: Option<String>,
    /// The file's name.
    pub name: String,
    /// The content type.
    pub media: String,
    /// The address, when it is a link instead of a file.
    pub link: Option<String>,
    /// When they came.
    pub created: Timestamp,
    /// The bytes.
    pub bytes: Bytes,
}

/// Makes what is missing of the table; those of the modules must be there.
///
/// # Errors
/// Whatever SQLite refuses.
pub fn create(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(TABLES)
}

impl Blob {
    /// A blob of an uploaded file.
    #[must_use]
    pub fn of_part(kind: Kind, row: Id, part: &Part, created: Timestamp) -> Self {
        let name = part.file_name.as_deref().filter(|name| !name.is_empty()).unwrap_or("file");
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let media = part.content_type.as_deref().unwrap_or("application/octet-stream");
        let (token, link) = (None, None);
        let (name, media, bytes) = (name.to_owned(), media.to_owned(), part.bytes.clone());
        Self { kind, row, token, name, media, link, created, bytes }
    }

    /// A blob that is a link instead of bytes.
    #[must_use]
    pub fn of_link(kind: Kind, row: Id, link: String, created: Timestamp) -> Self {
        let (token, media, bytes) = (None, String::new(), Bytes::new());
        Self { kind, row, token, name: link.clone(), media, link: Some(link), created, bytes }
    }

    /// Keeps the blob, in the place of an older one.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        let kind: &str = self.kind.into();
        conn.prepare_cached(
            "INSERT OR REPLACE INTO \"$blobs\" (kind, row, token, name, media, link, created, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            kind,
            self.row,
            self.token,
            self.name,
            self.media,
            self.link,
            self.created.as_millisecond(),
            self.bytes.as_ref()
        ])?;
        Ok(())
    }

    /// The blob of this kind and row.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn find(conn: &Connection, kind: Kind, row: Id) -> rusqlite::Result<Option<Self>> {
        let word: &str = kind.into();
        conn.prepare_cached(
            "SELECT row, token, name, media, link, created, bytes FROM \"$blobs\" WHERE kind = ?1 AND row = ?2",
        )?
        .query_row(params![word, row], |row| Self::of_row(kind, row))
        .optional()
    }

    /// The blob of this kind and row, without its bytes.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn about(conn: &Connection, kind: Kind, row: Id) -> rusqlite::Result<Option<Self>> {
        let word: &str = kind.into();
        conn.prepare_cached(
            "SELECT row, token, name, media, link, created, x'' FROM \"$blobs\" WHERE kind = ?1 AND row = ?2",
        )?
        .query_row(params![word, row], |row| Self::of_row(kind, row))
        .optional()
    }

    /// The file with this token.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn file(conn: &Connection, token: &str) -> rusqlite::Result<Option<Self>> {
        conn.prepare_cached(
            "SELECT row, token, name, media, link, created, bytes FROM \"$blobs\"
             WHERE token = ?1 AND kind = 'file'",
        )?
        .query_row([token], |row| Self::of_row(Kind::File, row))
        .optional()
    }

    /// Forgets a blob and tells whether there was one.
    ///
    /// # Errors
    /// Whatever SQLite refuses.
    pub fn delete(conn: &Connection, kind: Kind, row: Id) -> rusqlite::Result<bool> {
        let kind: &str = kind.into();
        let gone = conn
            .prepare_cached("DELETE FROM \"$blobs\" WHERE kind = ?1 AND row = ?2")?
            .execute(params![kind, row])?;
        Ok(gone > 0)
    }

    fn of_row(kind: Kind, row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            kind,
            row: row.get(0)?,
            token: row.get(1)?,
            name: row.get(2)?,
            media: row.get(3)?,
            link: row.get(4)?,
            created: Timestamp::from_millisecond(row.get(5)?).unwrap_or(Timestamp::MIN),
            bytes: row.get::<_, Vec<u8>>(6)?.into(),
        })
    }
}

/// Refuses a file that is larger than `limit` bytes, or that a virus scanner would stop.
///
/// # Errors
/// The code and the message of the refusal.
pub fn examine(bytes: &[u8], limit: usize) -> Result<(), (&'static str, String)> {
    if bytes.len() > limit {
        let message = format!("the size of the file exceeds the limit of {} MB", limit >> 20);
        return Err(("FILE_SIZE_MORE_THAN_ALLOWED_SIZE", message));
    }
    // The two halves of the harmless text that scanners agree to take for a virus, apart so that they do
    // not stop this program.
    let halves: [&[u8]; 2] = [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"];
    let virus = bytes.strip_prefix(halves[0]).is_some_and(|rest| rest.starts_with(halves[1]));
    if virus {
        return Err(("VIRUS_DETECTED", "a virus was detected in the file".to_owned()));
    }
    Ok(())
}

/// [`examine`]s a file by the limit for attachments and files, and refuses the whole request.
///
/// # Errors
/// The refusal.
pub fn admit(bytes: &[u8], limit: usize) -> Result<(), Reply> {
    examine(bytes, limit)
        .map_err(|(code, message)| Reply::error(StatusCode::BAD_REQUEST, code, &message, json!({})))
}

/// A token that does not tell how many others there are: the same for the same seed and row.
#[must_use]
pub fn token(seed: u64, row: Id) -> String {
    let mut random = fastrand::Rng::with_seed(seed ^ row.raw().unsigned_abs() ^ 0x0f11_e5a1);
    std::iter::repeat_with(|| random.choice(b"0123456789abcdef"))
        .take(assumptions::FILE_TOKEN)
        .flatten()
        .map(|&letter| char::from(letter))
        .collect()
}

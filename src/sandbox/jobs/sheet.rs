//! CSV files of bulk jobs.
//!
//! <https://www.zoho.com/bigin/developer/docs/apis/bulk-write/limitations.html>

use std::{borrow::Cow, io::Write};

use csv::{QuoteStyle, ReaderBuilder, Terminator, Writer, WriterBuilder};

/// The delimiters that are recognised.
const DELIMITERS: [u8; 4] = [b',', b';', b':', b'|'];

/// A sheet: a header and rows of as many cells, or fewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The first row.
    pub header: Vec<String>,
    /// The others.
    pub rows: Vec<Vec<String>>,
}

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, big-endian unless a byte order mark says otherwise.
    Utf16,
    /// ISO 8859-1.
    Latin1,
}

impl Encoding {
    /// Reads the name of an encoding; none for one that the sandbox does not know.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Some(Self::Utf8),
            "utf-16" | "utf16" => Some(Self::Utf16),
            "iso-8859-1" | "latin1" | "us-ascii" => Some(Self::Latin1),
            _ => None,
        }
    }

    /// The encoding that `bytes` look like.
    #[must_use]
    pub fn detect(bytes: &[u8]) -> Self {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            Self::Utf16
        } else if str::from_utf8(bytes).is_ok() {
            Self::Utf8
        } else {
            Self::Latin1
        }
    }

    /// The encoding's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Latin1 => "ISO-8859-1",
        }
    }

    /// The text; what is no character in this encoding becomes U+FFFD.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
            Self::Latin1 => bytes.iter().map(|&byte| char::from(byte)).collect(),
            Self::Utf16 => {
                let little = bytes.starts_with(&[0xff, 0xfe]);
                let pair = |pair: [u8; 2]| {
                    if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
                };
                let (pairs, _) = bytes.as_chunks();
                let units: Vec<u16> = pairs.iter().map(|&bytes| pair(bytes)).collect();
                String::from_utf16_lossy(units.strip_prefix(&[0xfeff]).unwrap_or(&units)).into()
            }
        }
    }
}

impl Sheet {
    /// Reads a sheet whose delimiter is the one that stands most often in the header. Blank lines are no
    /// rows. None when there is no header.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let first = text.lines().next().unwrap_or_default();
        let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
        // Of equally frequent ones the first is meant; `max_by_key` takes the last.
        let delimiter = DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b',');
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut rows = reader
            .records()
            .map_while(Result::ok)
            .map(|row| row.iter().map(str::to_owned).collect::<Vec<String>>());
        let header: Vec<String> = rows.next()?.iter().map(|cell| cell.trim().to_owned()).collect();
        Some(Self { header, rows: rows.collect() })
    }
}

/// Writes rows with commas, line feeds, and quotes where they are needed.
pub fn writer<W: Write>(file: W) -> Writer<W> {
    WriterBuilder::new()
        .quote_style(QuoteStyle::Necessary)
        .terminator(Terminator::Any(b'\n'))
        .flexible(true)
        .from_writer(file)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn sheet(text: &str) -> Sheet {
        Sheet::read(text).expect("a header")
    }

    #[test]
    fn the_header_tells_the_delimiter() {
        for delimiter in [',', ';', ':', '|'] {
            let text = format!("Last_Name{delimiter}Email\nRao{delimiter}rao@example.test\n");
            let read = sheet(&text);
            assert_eq!(read.header, ["Last_Name", "Email"]);
            assert_eq!(read.rows, [["Rao", "rao@example.test"]]);
        }
        assert_eq!(sheet("Last_Name\tEmail\n").header.len(), 1);
        assert_eq!(Sheet::read(""), None);
    }

    #[test]
    fn bytes_are_read_in_the_encoding_that_they_look_like() {
        let read = |bytes: &[u8]| Encoding::detect(bytes).decode(bytes).into_owned();
        assert_eq!(read("\u{feff}Åsa".as_bytes()), "Åsa");
        assert_eq!(read(b"\xc5sa"), "Åsa");
        assert_eq!(read(b"\xff\xfe\xc5\0s\0a\0"), "Åsa");
        assert_eq!(read(b"\xfe\xff\0\xc5\0s\0a"), "Åsa");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in vec(vec("[ -~\n\"åß,;]{1,12}", 3), 0..8)) {
            let written = Sheet { header: ["A", "B", "C"].map(str::to_owned).to_vec(), rows };
            let mut file = writer(Vec::new());
            for row in std::iter::once(&written.header).chain(&written.rows) {
                file.write_record(row).expect("memory");
            }
            let file = file.into_inner().expect("memory");
            prop_assert_eq!(sheet(str::from_utf8(&file).expect("text")), written);
        }
    }
}

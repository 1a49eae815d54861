//! ZIP files of bulk jobs: one file in each. What strangers packed is read with care.

use std::io::{self, Cursor, Read, Write};

use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::sandbox::assumptions;

/// The one file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Its name, without folders.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// An archive cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not a ZIP file at all.
    #[error("not a ZIP file")]
    NoArchive,
    /// It does not hold exactly one CSV file, or one that cannot be unpacked.
    #[error("not exactly one readable CSV file")]
    NotOneFile,
    /// Unpacked, the file would be too large, or out of all proportion to the archive.
    #[error("too large when unpacked")]
    TooLarge,
}

/// Whether the bytes are a ZIP file.
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes)).is_ok()
}

/// Unpacks the one CSV file of an archive. Sizes that the archive declares are not believed: reading stops
/// where the limit is.
///
/// # Errors
/// When the archive is not fit for a bulk write.
pub fn unpack(bytes: &[u8]) -> Result<Packed, Unfit> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::NoArchive)?;
    if archive.len() != 1 {
        return Err(Unfit::NotOneFile);
    }
    let file = archive.by_index(0).map_err(|_| Unfit::NotOneFile)?;
    let path = file.enclosed_name().filter(|_| file.is_file() && !file.is_symlink() && !file.encrypted());
    let path = path.ok_or(Unfit::NotOneFile)?;
    let plain = path.components().count() == 1 && !file.name_raw().iter().any(|b| matches!(b, b'/' | b'\\'));
    let csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let name = path.to_str().filter(|_| plain && csv).ok_or(Unfit::NotOneFile)?.to_owned();
    let most = assumptions::UNPACKED_LIMIT.min(
        (bytes.len() as u64).saturating_mul(assumptions::UNPACKED_RATIO).max(assumptions::UNPACKED_TRUSTED),
    );
    let mut unpacked = Vec::new();
    match file.take(most + 1).read_to_end(&mut unpacked) {
        Ok(length) if length as u64 > most => Err(Unfit::TooLarge),
        Ok(_) => Ok(Packed { name, bytes: unpacked }),
        Err(_) => Err(Unfit::NotOneFile),
    }
}

/// Packs one file, which `write` writes.
///
/// # Errors
/// Whatever `write` gives, or when the ZIP format cannot hold it.
pub fn pack(name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default())?;
    write(&mut writer)?;
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).expect("a file");
            writer.write_all(bytes).expect("its bytes");
        }
        writer.finish().expect("an archive").into_inner()
    }

    #[test]
    fn what_is_packed_comes_back() {
        let archive = pack("people.csv", |file| file.write_all(b"Last_Name\nRao\n")).expect("an archive");
        let file = unpack(&archive).expect("one file");
        assert_eq!(file, Packed { name: "people.csv".to_owned(), bytes: b"Last_Name\nRao\n".to_vec() });
    }

    #[test]
    fn anything_but_one_csv_file_is_refused() {
        let one: (&str, &[u8]) = ("a.csv", b"A\n1\n");
        assert_eq!(unpack(b"PK no archive"), Err(Unfit::NoArchive));
        assert_eq!(unpack(&packed(&[])), Err(Unfit::NotOneFile));
        assert_eq!(unpack(&packed(&[one, ("b.csv", b"A\n2\n")])), Err(Unfit::NotOneFile));
        assert_eq!(unpack(&packed(&[("a.txt", b"A\n1\n")])), Err(Unfit::NotOneFile));
        for path in ["../a.csv", "/etc/a.csv", "x/../../a.csv", "folder/a.csv", "..\\a.csv", "C:\\a.csv"] {
            assert_eq!(unpack(&packed(&[(path, b"A\n1\n")])), Err(Unfit::NotOneFile), "{path}");
        }
    }

    #[test]
    fn an_archive_that_unfolds_out_of_all_proportion_is_refused() {
        let zeros = vec![b'0'; 12 << 20];
        let bomb = packed(&[("a.csv", &zeros)]);
        assert!(bomb.len() < 20_000, "{}", bomb.len());
        assert_eq!(unpack(&bomb), Err(Unfit::TooLarge));
    }

    #[test]
    fn a_torn_archive_is_refused() {
        let mut archive =
            pack("a.csv", |file| file.write_all(&b"Last_Name\nRao\n".repeat(500))).expect("an archive");
        let middle = archive.len() / 3;
        archive[middle] ^= 0xff;
        assert_eq!(unpack(&archive), Err(Unfit::NotOneFile));
        archive.truncate(middle);
        assert_eq!(unpack(&archive), Err(Unfit::NoArchive));
    }
}

//! What can still be read of a damaged keep.
//!
//! Every table is read from its first row until the damage, then from its last row back to it. The damaged file
//! itself stays as it is.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};

use super::StoreError;

/// Rows that were taken over, by table.
pub(super) type Recovered = BTreeMap<String, usize>;

/// Takes over into a new file what can be read of a damaged one.
///
/// # Errors
/// When the new file refuses; what the old one refuses is left in it.
pub(super) fn recover(damaged: &Path, into: &mut Connection) -> Result<Recovered, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut recovered = Recovered::new();
    let Ok(from) = Connection::open_with_flags(damaged, flags) else { return Ok(recovered) };
    let transaction = into.transaction()?;
    let tables: Vec<String> = transaction
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for table in tables {
        let here = columns(&transaction, &table)?;
        let there = columns(&from, &table).unwrap_or_default();
        let both: Vec<&Column> =
            here.iter().filter(|column| there.iter().any(|other| other.name == column.name)).collect();
        if both.is_empty() {
            continue;
        }
        let names: Vec<String> = both.iter().map(|column| quoted(&column.name)).collect();
        let insert = format!(
            "INSERT OR IGNORE INTO {}({}) VALUES ({})",
            quoted(&table),
            names.join(", "),
            vec!["?"; names.len()].join(", ")
        );
        let mut insert = transaction.prepare(&insert)?;
        let mut taken = 0;
        for way in ["ASC", "DESC"] {
            let mut keys: Vec<String> = here
                .iter()
                .filter(|column| column.key)
                .map(|column| format!("{} {way}", quoted(&column.name)))
                .collect();
            if keys.is_empty() {
                keys.push(format!("rowid {way}"));
            }
            let select =
                format!("SELECT {} FROM {} ORDER BY {}", names.join(", "), quoted(&table), keys.join(", "));
            taken += copy(&from, &select, names.len(), &mut insert)?;
        }
        recovered.insert(table, taken);
    }
    transaction.commit()?;
    Ok(recovered)
}

/// Copies rows until the damage; says how many were new.
fn copy(
    from: &Connection,
    select: &str,
    columns: usize,
    insert: &mut rusqlite::Statement<'_>,
) -> Result<usize, StoreError> {
    let mut taken = 0;
    let Ok(mut select) = from.prepare(select) else { return Ok(taken) };
    let Ok(mut rows) = select.query([]) else { return Ok(taken) };
    while let Ok(Some(row)) = rows.next() {
        let values: Result<Vec<Value>, _> = (0..columns).map(|at| row.get(at)).collect();
        let Ok(values) = values else { continue };
        taken += insert.execute(params_from_iter(values))?;
    }
    Ok(taken)
}

struct Column {
    name: String,
    key: bool,
}

fn columns(conn: &Connection, table: &str) -> Result<Vec<Column>, rusqlite::Error> {
    let mut select = conn.prepare("SELECT name, pk FROM pragma_table_info(?1)")?;
    let rows =
        select.query_map([table], |row| Ok(Column { name: row.get(0)?, key: row.get::<_, i64>(1)? > 0 }))?;
    rows.collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What is said of it.
pub(super) fn words(recovered: &Recovered, aside: &Path) -> String {
    let number = |table: &str| recovered.get(table).copied().unwrap_or(0);
    let (drafts, writes) = (number("draft"), number("outbox"));
    let found = match drafts + writes {
        0 => "nothing could be read of it".to_owned(),
        _ => format!("drafts and writes that could be read of it are here: {drafts} and {writes}"),
    };
    format!("what was kept is damaged and stands aside as {}; {found}", aside.display())
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, SeekFrom, Write as _};

    use super::*;
    use crate::{
        protocol::DraftKey,
        store::{Keep, Place},
    };

    /// A keep with some hundred drafts and writes on many pages.
    fn full(path: &Path) -> usize {
        let mut keep = Keep::open(&Place::File(path.to_owned())).expect("open");
        for number in 0..200_u64 {
            let link = crate::domain::Link {
                module: crate::domain::Module::Pipelines,
                id: (1_000 + number).to_string().parse().expect("id"),
                name: crate::domain::SafeText::new("deal"),
            };
            let text = format!("{number} {}", "words ".repeat(40));
            keep.save_draft(&DraftKey::Note(link.clone()), &text, jiff::Timestamp::UNIX_EPOCH)
                .expect("draft");
            let note = crate::store::keep::WriteBody::Note { text };
            let other = crate::domain::Link { id: (9_000 + number).to_string().parse().expect("id"), ..link };
            keep.write(number, &other, &note, jiff::Timestamp::UNIX_EPOCH, None).expect("write");
        }
        400
    }

    #[test]
    fn whatever_page_is_damaged_the_file_stays_and_what_can_be_read_is_here() {
        const PAGE: u64 = 4096;
        let folder = tempfile::tempdir().expect("folder");
        let sound = folder.path().join("sound.sqlite");
        let all = full(&sound);
        let pages = std::fs::metadata(&sound).expect("file").len() / PAGE;
        assert!(pages > 20, "{pages} pages");
        let mut damaged_runs = 0;
        for page in (0..pages).step_by(3) {
            let folder = folder.path().join(page.to_string());
            std::fs::create_dir(&folder).expect("folder");
            let path = folder.join("keep.sqlite");
            std::fs::copy(&sound, &path).expect("copy");
            let mut file = std::fs::File::options().write(true).open(&path).expect("file");
            file.seek(SeekFrom::Start(page * PAGE)).expect("seek");
            file.write_all(&[0xA5; 4096]).expect("damage");
            drop(file);
            let before = std::fs::read(&path).expect("read");
            let keep = Keep::open(&Place::File(path.clone())).expect("open");
            let rows = keep.drafts().expect("drafts").len() + keep.outbox().expect("outbox").len();
            match keep.mended() {
                // The page holds none of the user's words: an index, or one that is empty.
                None => assert_eq!(rows, all, "page {page}"),
                Some(words) => {
                    damaged_runs += 1;
                    assert!(words.contains("stands aside as"), "{words}");
                    assert!(rows > all / 3 || page < 2, "page {page}: {rows} of {all} rows");
                    let aside = std::fs::read_dir(&folder)
                        .expect("folder")
                        .map(|entry| entry.expect("entry").path())
                        .find(|path| {
                            path.to_string_lossy().contains(".damaged-")
                                && path.extension().is_some_and(|it| {
                                    !it.to_string_lossy().ends_with("wal")
                                        && !it.to_string_lossy().ends_with("shm")
                                })
                        })
                        .expect("it stands aside");
                    assert_eq!(std::fs::read(aside).expect("read"), before, "and is as it was");
                }
            }
        }
        assert!(damaged_runs > 3, "{damaged_runs}");
    }
}

//! When the program itself is wrong: the terminal comes back, and a report stays.

use std::{
    fs,
    io::{self, Write},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
};

use super::terminal;
use crate::domain::SafeText;

/// From now on a panic in any thread gives the terminal back, writes a report into `folder` and ends the
/// process with status 101. What the user typed is on disk already.
pub fn install(folder: PathBuf) {
    panic::set_hook(Box::new(move |info| {
        terminal::give_back_now();
        let mut out = io::stderr();
        let _ = writeln!(out, "bigin stopped: {}", SafeText::new(&said(info)));
        let _ = match report(&folder, info) {
            Ok(path) => writeln!(out, "A report is in {}.", SafeText::new(&path.display().to_string())),
            Err(error) => writeln!(out, "No report could be written: {error}."),
        };
        let _ = writeln!(out, "Drafts and unsent changes are kept and come back at the next start.");
        std::process::exit(101);
    }));
}

fn said(info: &PanicHookInfo<'_>) -> String {
    let words = info.payload_as_str().unwrap_or("an unknown fault");
    info.location().map_or_else(|| words.to_owned(), |at| format!("{words} ({}:{})", at.file(), at.line()))
}

/// Writes where and why, and nothing of the user's records.
fn report(folder: &Path, info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("crash-{}.txt", std::process::id()));
    let trace = std::backtrace::Backtrace::force_capture();
    let thread = std::thread::current();
    let text = format!(
        "bigin {}\nthread {}\n{}\n\n{trace}\n",
        env!("CARGO_PKG_VERSION"),
        thread.name().unwrap_or("without a name"),
        said(info)
    );
    fs::write(&path, text)?;
    Ok(path)
}

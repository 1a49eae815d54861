//! Disks that are full, read-only, or held by somebody else: what was typed stays, and it is said.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    account::{Sandbox, files, sign_in},
    driver::Terminal,
};

/// A home whose account has its records on disk.
fn filled(sandbox: &Sandbox) -> TempDir {
    let home = tempfile::tempdir().expect("a home");
    sign_in(sandbox, home.path());
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.wait("the board", |screen| screen.contains("Silverline") && screen.contains("synced"));
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    home
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_text_that_the_disk_refuses_stays_and_is_kept_once_there_is_room() {
    let sandbox = Sandbox::start();
    let home = filled(&sandbox);
    // No file may grow beyond some pages; who ignores that is killed by a signal.
    let mut terminal = Terminal::start_behind(home.path(), "ulimit -S -f 300; exec \"$@\"", &[], 120, 36);
    terminal.see("Silverline");
    terminal.send("n");
    terminal.see("Note on");
    terminal.send(&format!("\x1b[200~the long story {}end of it\x1b[201~", "of many words ".repeat(2_000)));
    terminal.see("end of it");
    // What follows a paste at once is not taken for keys.
    terminal.see("draft kept");
    // Each letter more is another copy of the text.
    for letters in 1.. {
        terminal.send("x");
        let typed = format!("it{}", "x".repeat(letters));
        let screen = terminal.wait("the draft on disk, or refused", |screen| {
            screen.contains(&typed) && (screen.contains("draft kept") || screen.contains("not on disk"))
        });
        if screen.contains("not on disk, tried again") {
            assert!(screen.contains("! not kept on disk"), "{screen}");
            break;
        }
        assert!(letters < 40, "the disk is small");
    }
    terminal.see("the disk refused it");
    terminal.send("\x1b");
    terminal.lose("Note on");
    terminal.send("q");
    terminal.see("once more leaves without it");
    if !is_there("prlimit") {
        return;
    }
    let process = terminal.process().to_string();
    let limit = Command::new("prlimit").args(["--pid", &process, "--fsize=unlimited"]).status();
    assert!(limit.expect("prlimit runs").success());
    terminal.lose("! not kept on disk");
    terminal.signal("KILL");
    terminal.end();
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.see("Silverline");
    terminal.send("gN");
    terminal.see("the long story of many words");
}

#[test]
fn a_disk_that_cannot_be_written_shows_its_records_and_says_what_is_not_kept() {
    let mut sandbox = Sandbox::start();
    let home = filled(&sandbox);
    sandbox.stop();
    let folders: Vec<_> = [home.path().to_owned()].into_iter().chain(folders(home.path())).collect();
    let all = || folders.iter().cloned().chain(files(home.path()));
    // Who may write everywhere runs as somebody who may not.
    let nobody = rustix::process::geteuid().is_root().then_some(65_534);
    if nobody.is_some() && !is_there("setpriv") {
        return;
    }
    for path in all() {
        if let Some(nobody) = nobody {
            std::os::unix::fs::chown(&path, Some(nobody), Some(nobody)).expect("another owner");
        }
        let mode = if path.is_dir() { 0o500 } else { 0o400 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("read-only");
    }
    let line = match nobody {
        Some(_) => "exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"",
        None => "exec \"$@\"",
    };
    let mut terminal = Terminal::start_behind(home.path(), line, &[], 120, 36);
    terminal.wait("the records and the warning", |screen| {
        screen.contains("Silverline") && screen.contains("! not kept on disk")
    });
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("for now");
    terminal.see("kept until you quit only");
    terminal.send("\x1b");
    terminal.lose("Note on");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    for path in folders {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("ours again");
    }
}

/// Every folder under a folder.
fn folders(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_dir()).flat_map(|path| [folders(&path), vec![path]].concat()).collect()
}

#[test]
fn while_another_program_holds_the_file_keys_are_answered_and_the_text_waits() {
    let sandbox = Sandbox::start();
    let home = filled(&sandbox);
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.wait("the board", |screen| screen.contains("Silverline") && screen.contains("synced"));
    let keep = files(home.path()).into_iter().find(|path| path.ends_with("keep.sqlite")).expect("the keep");
    let other = Connection::open(keep).expect("open");
    other.busy_timeout(std::time::Duration::from_secs(30)).expect("patience");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("while you hold it");
    terminal.see("while you hold it");
    terminal.send("\x1b");
    terminal.lose("Note on");
    terminal.send("?");
    terminal.see("Keys that work here");
    terminal.send("\x1b");
    terminal.lose("Keys that work here");
    terminal.send("n");
    let screen = terminal.see("while you hold it");
    assert!(!screen.contains("draft kept"), "{screen}");
    other.execute_batch("COMMIT").expect("let go");
    terminal.see("draft kept");
    terminal.send("\r");
    terminal.see("the note is on");
}

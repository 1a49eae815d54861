//! Somebody who has not signed in, and somebody whose home cannot be written.

use std::fs;

use super::{
    account::{Sandbox, files, sign_in},
    driver::Terminal,
};

#[test]
fn a_newcomer_is_shown_the_ways_in_and_the_demo_is_one_key_away() {
    let home = tempfile::tempdir().expect("a home");
    let mut terminal = Terminal::start_at(home.path(), &[], 80, 24);
    let screen = terminal.see("1, 2 or q:");
    for words in ["1  Try the demo", "2  Sign in to Bigin", "api-console", "will not", ".local/share/bigin"] {
        assert!(screen.contains(words), "{words:?} in\n{screen}");
    }
    assert!(files(home.path()).is_empty(), "looking writes nothing");
    // What is typed ahead goes to the program.
    terminal.send("x\x1b[A1?");
    terminal.see("Keys that work here");
    terminal.send("\x1b");
    terminal.lose("Keys that work here");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn a_newcomer_can_leave_by_key_and_by_signal() {
    for key in ["q", "\x03", "\x1b"] {
        let mut terminal = Terminal::start(&["--profile", "work"], 80, 24);
        terminal.see("Nobody is signed in as work.");
        terminal.see("1, 2 or q:");
        terminal.send(key);
        assert_eq!(terminal.end().exit_code(), 0, "{key:?}");
    }
    for (signal, status) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let mut terminal = Terminal::start(&[], 80, 24);
        terminal.see("1, 2 or q:");
        terminal.signal(signal);
        assert_eq!(terminal.end().exit_code(), status, "SIG{signal}");
    }
}

#[test]
fn signing_in_asks_for_the_keys_and_a_mistake_leads_back() {
    let mut terminal = Terminal::start(&[], 100, 40);
    terminal.see("1, 2 or q:");
    terminal.send("2");
    terminal.see("Client id:");
    terminal.send("1000.APP\r");
    terminal.see("Client secret (not shown):");
    terminal.send("s3cret\r");
    terminal.see("Code of the self client:");
    terminal.send("\r");
    terminal.wait("the reason, and the ways in again", |screen| {
        screen.contains("a client secret and a code") && screen.matches("1, 2 or q:").count() == 2
    });
    assert!(!String::from_utf8_lossy(&terminal.raw()).contains("s3cret"), "a secret is not shown");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
}

#[test]
fn where_nothing_can_be_kept_the_program_runs_and_says_so() {
    let home = tempfile::tempdir().expect("a home");
    let sandbox = Sandbox::start();
    sign_in(&sandbox, home.path());
    // As on a read-only disk, also for those who may write everywhere.
    fs::create_dir_all(home.path().join(".local/share/bigin/default/keep.sqlite")).expect("in the way");
    fs::write(home.path().join(".cache"), "").expect("in the way");
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    let screen = terminal.wait("the board and the warning", |screen| {
        screen.contains("Silverline")
            && screen.contains("! not kept on disk")
            && screen.contains("until you quit only")
    });
    assert!(screen.contains("keep.sqlite"), "it says what it cannot keep: {screen}");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

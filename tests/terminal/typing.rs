//! What a keyboard, a clipboard and a bad link send.

use std::{thread, time::Duration};

use super::driver::Terminal;

fn note() -> Terminal {
    let mut terminal = Terminal::start(&["--demo"], 120, 36);
    terminal.see("Silverline");
    terminal.send("n");
    terminal.see("Note on");
    terminal
}

/// Keys count as pasted for some milliseconds after a paste.
fn let_the_paste_end() {
    thread::sleep(Duration::from_millis(200));
}

#[test]
fn pasted_text_that_holds_the_end_of_a_paste_presses_no_keys() {
    let mut terminal = note();
    terminal.send("\x1b[200~a harmless line\x1b[201~ and then\rq\x1b[201~");
    let text = terminal.see("a harmless line");
    assert!(text.contains("Note on") && !text.contains("and then"), "{text}");
    let_the_paste_end();
    terminal.send("\x1b");
    terminal.see("the draft is kept");
}

#[test]
fn lines_that_come_all_at_once_stay_in_the_editor() {
    let mut terminal = note();
    terminal.send("dear team,\rW means that we won it\rX means that we lost it\r");
    let text = terminal.see("X means that we lost it");
    assert!(text.contains("Note on") && text.contains("dear team,"), "{text}");
    let_the_paste_end();
    terminal.send("\r");
    terminal.see("the note is on");
}

#[test]
fn a_note_that_is_too_long_says_by_how_much() {
    let mut terminal = note();
    terminal.send(&format!("\x1b[200~{}\x1b[201~", "many words ".repeat(3_000)));
    terminal.see("33,000 of 32,000 characters");
    let_the_paste_end();
    terminal.send("\r");
    terminal.see("1000 characters have to go first");
}

//! However the program ends, the terminal is given back and the process is gone.

use super::driver::Terminal;

fn demo() -> Terminal {
    let terminal = Terminal::start(&["--demo"], 120, 36);
    terminal.see("credits");
    terminal
}

#[test]
fn the_quit_key_gives_the_terminal_back() {
    let mut terminal = demo();
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn control_c_twice_leaves() {
    let mut terminal = demo();
    terminal.send("\x03");
    terminal.see("once more");
    terminal.send("\x03");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn a_polite_signal_gives_the_terminal_back() {
    for (name, status) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let mut terminal = demo();
        terminal.signal(name);
        assert_eq!(terminal.end().exit_code(), status, "SIG{name}");
        assert!(terminal.is_restored(), "after SIG{name}");
    }
}

#[test]
fn a_stopped_program_lends_the_terminal_and_takes_it_back() {
    let mut terminal = demo();
    terminal.see("Silverline");
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("half a thought\x1a");
    terminal.stopped();
    assert!(terminal.is_restored());
    terminal.signal("CONT");
    terminal.see("half a thought");
    terminal.send(", and the rest");
    terminal.see("half a thought, and the rest");
    assert!(!terminal.is_restored());
}

#[test]
fn a_closed_terminal_ends_the_process() {
    let mut terminal = demo();
    terminal.close("?");
    assert_eq!(terminal.end().exit_code(), 129);
}

#[test]
fn every_size_is_drawn() {
    let terminal = demo();
    for (cols, rows) in [(80, 24), (1, 1), (200, 60), (40, 12), (20, 5), (120, 36)] {
        terminal.resize(cols, rows);
    }
    terminal.see("credits");
}

#[test]
fn the_first_key_after_another_size_is_taken_at_once() {
    let mut terminal = demo();
    terminal.send("?");
    terminal.see("Keys that work here");
    terminal.send("\x1b");
    terminal.lose("Keys that work here");
    terminal.resize(100, 30);
    terminal.wait("the new size", |screen| screen.lines().last().is_some_and(|line| line.contains("? help")));
    terminal.send("?");
    terminal.see("Keys that work here");
}

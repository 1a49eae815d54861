//! Terminals and locales that can do less.

use super::driver::Terminal;

#[test]
fn a_locale_without_unicode_gets_ascii_alone() {
    let mut terminal = Terminal::start_in(&[("LC_ALL", "C")], &["--demo"], 120, 36);
    terminal.see("Silverline");
    terminal.send("gc");
    terminal.see("Contacts");
    terminal.send("G");
    terminal.see("in flight");
    terminal.send("q");
    terminal.end();
    let raw = terminal.raw();
    assert!(raw.is_ascii(), "{:?}", raw.iter().position(|byte| !byte.is_ascii()));
}

#[test]
fn a_terminal_without_colours_still_shows_the_selection() {
    let mut terminal = Terminal::start_in(&[("NO_COLOR", "1")], &["--demo"], 120, 36);
    terminal.wait("a card under the cursor", |screen| screen.contains("Silverline") && screen.contains("┃"));
    terminal.send("q");
    terminal.end();
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    let looks = raw.split("\x1b[").skip(1).filter_map(|code| {
        let end = code.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        code[end..].starts_with('m').then_some(&code[..end])
    });
    let codes = looks.flat_map(|codes| codes.split(';')).filter_map(|code| code.parse::<u16>().ok());
    assert!(codes.clone().any(|code| code == 7), "the selection is shown in reverse");
    assert_eq!(codes.clone().find(|code| (30..=49).contains(code) || (90..=107).contains(code)), None);
}

#[test]
fn a_terminal_that_places_no_cursor_is_told_so() {
    let mut terminal = Terminal::start_in(&[("TERM", "dumb")], &["--demo"], 80, 24);
    assert_eq!(terminal.end().exit_code(), 2);
    let raw = terminal.raw();
    assert!(String::from_utf8_lossy(&raw).contains("TERM=dumb") && !raw.contains(&0x1b));
}

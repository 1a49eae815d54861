//! Records whose texts attack a terminal are shown as text, and none of it reaches the terminal as a command.

use super::driver::Terminal;

/// Characters that turn the direction of text around.
const TURNS: [char; 9] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

#[track_caller]
fn assert_harmless(terminal: &Terminal, whereabouts: &str) {
    let raw = String::from_utf8(terminal.raw()).expect("the program writes UTF-8");
    for (sign, what) in [("\x1b]", "OSC"), ("\x1bP", "DCS"), ("\x07", "a bell"), ("\x1b[31mred", "a colour")]
    {
        assert!(!raw.contains(sign), "{what} was written at {whereabouts}");
    }
    let harmful = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\u{200b}' | '\u{feff}') || TURNS.contains(&c);
    assert_eq!(raw.chars().find(|c| harmful(*c)), None, "written at {whereabouts}");
}

/// Walks a list to its end and back, page by page.
fn leaf(terminal: &mut Terminal, go: &str, title: &str, pages: usize) {
    terminal.send(go);
    terminal.see(title);
    terminal.wait("rows", |screen| screen.contains("│>") && is_read(screen));
    for page in 1..=pages {
        terminal.send(&format!(":{}\r", page * 30));
        terminal
            .wait("the next rows", |screen| screen.contains(&format!("{}/", page * 30)) && is_read(screen));
    }
    assert_harmless(terminal, title);
}

/// Whether every line of the list is there.
fn is_read(screen: &str) -> bool {
    let blank = |line: &str| line.trim_matches(['│', '>', ' ']).is_empty();
    !screen.lines().skip(4).take(25).any(blank)
}

#[test]
fn hostile_texts_never_reach_the_terminal_as_commands() {
    let mut terminal = Terminal::start(&["--demo"], 160, 36);
    terminal
        .wait("cards on the board", |screen| screen.contains("Qualification") && screen.contains("synced"));
    leaf(&mut terminal, ":go deals\r", "103 deals", 3);
    leaf(&mut terminal, ":go contacts\r", "400 contacts", 13);
    leaf(&mut terminal, ":go companies\r", "Companies ─", 3);
    leaf(&mut terminal, ":go notes\r", "Notes ─", 12);

    // What the walk passed by is found by its words, opened, and read in the palette.
    terminal.send("/Pasted clip\r");
    let screen =
        terminal.wait("a hostile note", |screen| screen.contains("Pasted clip") && screen.contains("]52;c;"));
    assert!(screen.contains("│>"), "{screen}");
    terminal.send("\r");
    terminal.see("Timeline");
    assert_harmless(&terminal, "the record of a hostile note");
    terminal.send("\x0b");
    terminal.see("Find anything");
    terminal.send("pay here");
    terminal.see("␛]8;");
    terminal.send("\x1b");
    terminal.lose("Find anything");
    assert_harmless(&terminal, "the palette");
}

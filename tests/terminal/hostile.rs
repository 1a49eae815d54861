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

/// Walks a list of `things`, page by page, through as many of its rows.
fn leaf(terminal: &mut Terminal, go: &str, things: &str, most: usize) {
    terminal.send(go);
    let screen = terminal.wait("rows", |screen| {
        screen.contains(&format!(" {things}")) && screen.contains(" 1/") && is_read(screen)
    });
    let total = screen.split(" 1/").nth(1).and_then(|rest| rest.split(' ').next()).expect("a total");
    let total: usize = total.replace(',', "").parse().expect(total);
    assert!(total > 60, "{things} enough to walk: {total}");
    for row in (30..=total.min(most)).step_by(30) {
        terminal.send(&format!(":{row}\r"));
        terminal.wait("the next rows", |screen| screen.contains(&format!(" {row}/")) && is_read(screen));
    }
    assert_harmless(terminal, things);
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
    leaf(&mut terminal, ":go deals\r", "deals", 300);
    leaf(&mut terminal, ":go contacts\r", "contacts", 400);
    leaf(&mut terminal, ":go companies\r", "companies", 100);
    leaf(&mut terminal, ":go notes\r", "notes", 360);

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

    // And in the answer to a query.
    terminal.send("gq");
    terminal.see("stops at");
    terminal.send(&"\x1b[B".repeat(12));
    terminal.send("\x05\r\r");
    terminal.send("select Last_Name, Account_Name.Account_Name, Title from Contacts ");
    terminal.send("where Last_Name like '%]%' or Account_Name.Account_Name like '%]%' limit 50\x1b[15~");
    let screen = terminal.wait("hostile rows", |screen| screen.contains("Result") && screen.contains("␛]"));
    let borders = |line: &&str| line.starts_with('│') && !line.ends_with('│');
    assert_eq!(screen.lines().find(borders), None, "columns stay straight:\n{screen}");
    assert_harmless(&terminal, "the answer to a query");
}

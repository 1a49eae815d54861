//! A newcomer's first minutes in the demo.

use super::driver::Terminal;

/// Escape, as a terminal sends it.
const ESC: &str = "\x1b";
const ENTER: &str = "\r";

fn demo(cols: u16, rows: u16) -> Terminal {
    let terminal = Terminal::start(&["--demo"], cols, rows);
    terminal
        .wait("cards on the board", |screen| screen.contains("Qualification") && screen.contains("synced"));
    terminal
}

/// Name of the deal under the cursor, from the peek strip's first line.
fn selected(screen: &str) -> String {
    let card = screen
        .lines()
        .find(|line| line.contains("│>") && !line.contains("│>1"))
        .expect("a card under the cursor");
    let after = card.split("│>").nth(1).expect("the pointer");
    after.trim_start().chars().take_while(|c| !matches!(c, '…' | '│')).collect::<String>().trim().to_owned()
}

#[test]
fn a_deal_is_carried_noted_followed_and_found() {
    let mut terminal = demo(120, 36);
    let deal = selected(&terminal.see("Silverline"));

    // Carried: on the screen at once, then confirmed by one call.
    terminal.send("L");
    terminal.see("│>2 Needs");
    terminal.wait("the confirmation", |screen| screen.contains("outbox 0"));

    // A note in two keystrokes and its words.
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("Sends the order on Friday");
    terminal.see("Sends the order on Friday");
    terminal.send(ENTER);
    terminal.see("the note is on");

    // Followed: into the deal, and on to its contact.
    terminal.send(ENTER);
    let screen = terminal.see("Timeline");
    assert!(screen.contains(&deal), "the record of {deal}:\n{screen}");
    terminal.see("Sends the order on Friday");

    // In the pane of all notes too.
    terminal.send("gn");
    terminal.wait("the note among all notes", |screen| {
        screen.contains("Notes ─") && screen.contains("Sends the order on Friday")
    });
    terminal.send("-");
    terminal.see("Timeline");
    terminal.send(ESC);
    terminal.see("│ 1 Qualificati");

    // Help, palette, command line.
    terminal.send("?");
    terminal.see("Keys that work here");
    terminal.send(ESC);
    terminal.lose("Keys that work here");
    terminal.send("\x0b");
    terminal.see("Find anything");
    terminal.send("notes");
    terminal.see("Go to notes");
    terminal.send(ESC);
    terminal.lose("Find anything");
    terminal.send(":go contacts");
    terminal.send(ENTER);
    terminal.see("Contacts ─");

    terminal.send("qq");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn a_refused_move_goes_back_and_says_why() {
    let mut terminal = demo(120, 36);
    // The first page of the fill is shown as soon as it is here.
    let before = terminal.see("111 open");
    let count = |screen: &str| screen.lines().find(|line| line.contains("Qualificati")).map(str::to_owned);
    terminal.send(":demo fault 400");
    terminal.send(ENTER);
    terminal.see("the next call is answered with HTTP 400");
    terminal.send("L");
    terminal.see("Bigin refused it");
    let after = terminal.wait("the deal to be back", |screen| count(screen) == count(&before));
    assert!(after.contains("back where it was"), "{after}");
}

#[test]
fn a_query_runs_and_a_wrong_one_is_told_in_words() {
    let mut terminal = demo(120, 36);
    terminal.send("gq");
    terminal.see("stops at");
    // F5 runs the example.
    terminal.send("\x1b[15~");
    let screen = terminal.see("50 rows (complete)");
    assert!(screen.contains("from the mirror") && screen.contains("0 credits"), "{screen}");
    terminal.send("e");
    terminal.send("\x0b");
    terminal.send(" where Amonut > 5");
    terminal.send("\x1b[15~");
    terminal.see("where stands before limit");
}

/// The screen without the blanks at the ends of its lines, and without the status bar, which counts on.
fn shown(screen: &str) -> Vec<&str> {
    screen.lines().filter(|line| !line.contains("credits")).map(str::trim_end).collect()
}

#[test]
fn a_list_that_was_scrolled_by_the_terminal_shows_what_a_full_repaint_shows() {
    let mut terminal = demo(120, 36);
    terminal.send("gd");
    terminal.wait("the first rows", |screen| screen.contains(" deals   sum ") && screen.contains(" 1/"));
    let mut seed = 7_u32;
    let keys = ["j", "j", "j", "k", "k", "\x1b[6~", "\x1b[5~", "G", "gg", "\x04", "\x15"];
    // A thousand moves. Now and then a command is the last word of the stream: when its answer is there, every key
    // before it was taken.
    for round in 0..40 {
        for _ in 0..25 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            terminal.send(keys[(seed >> 16) as usize % keys.len()]);
        }
        let row = if round == 39 { 42 } else { 3 + (seed >> 8) % 100 };
        terminal.send(&format!(":{row}{ENTER}"));
        terminal.see(&format!(" {row}/"));
    }
    let scrolled = terminal.wait("rows that are all read", |screen| {
        let blank = |line: &str| line.trim_matches(['│', '>', ' ']).is_empty();
        screen.contains("42/") && !screen.lines().skip(4).take(30).any(blank)
    });
    terminal.repaint();
    assert_eq!(shown(&terminal.see("42/")), shown(&scrolled));
}

#[test]
fn eighty_columns_have_one_wide_stage() {
    let terminal = Terminal::start(&["--demo"], 80, 24);
    let screen = terminal.see("[1 Qualif");
    assert!(screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
}

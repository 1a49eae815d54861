//! Terminals that change, hang, babble, or are typed into by a monkey.

use std::fs;

use super::driver::Terminal;

fn board(cols: u16, rows: u16) -> Terminal {
    let terminal = Terminal::start(&["--demo"], cols, rows);
    terminal.wait("the board", |screen| screen.contains("Silverline") && screen.contains("synced"));
    terminal
}

/// Whether the status line is the last one of so many lines.
fn is_sized(rows: usize) -> impl Fn(&str) -> bool {
    move |screen| {
        screen.lines().count() == rows && screen.lines().last().is_some_and(|it| it.contains("? help"))
    }
}

#[test]
fn of_many_sizes_the_last_one_counts() {
    let mut terminal = board(120, 36);
    for step in 0..500_u16 {
        terminal.resize(20 + step % 140, 5 + step % 50);
    }
    terminal.resize(110, 33);
    terminal.wait("the last size", is_sized(33));
    terminal.send("?");
    terminal.see("Keys that work here");
}

#[test]
fn what_is_open_stays_open_in_every_size() {
    let mut terminal = board(120, 36);
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("half a thought");
    terminal.see("half a thought");
    for (cols, rows) in [(80, 24), (40, 12), (10, 3), (1, 1), (200, 60), (100, 30)] {
        terminal.resize(cols, rows);
    }
    terminal.wait("the editor", |screen| {
        screen.contains("half a thought") && screen.contains("Note on") && screen.lines().count() >= 29
    });
    terminal.repaint();
    assert!(terminal.shows_cursor());
    terminal.send(", and the rest");
    terminal.see("half a thought, and the rest");
    terminal.send("\x1b");
    terminal.lose("Note on");
    terminal.send(":go no");
    terminal.see(":go no");
    terminal.resize(70, 20);
    terminal.see(":go no");
    terminal.repaint();
    terminal.see(":go no");
    assert!(terminal.shows_cursor());
    terminal.send("tes\r");
    terminal.see("Notes");
}

#[test]
fn a_size_of_nothing_and_a_huge_one_are_sizes() {
    let terminal = Terminal::start(&["--demo"], 0, 0);
    terminal.resize(1, 1);
    terminal.resize(0, 0);
    terminal.resize(20, 5);
    terminal.see("Board");
    terminal.resize(1_000, 400);
    terminal.wait("the whole wall", is_sized(400));
    terminal.resize(100, 30);
    terminal.wait("the board", is_sized(30));
}

/// Bytes that the program has in memory.
fn memory(terminal: &Terminal) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", terminal.process())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|count| count.parse::<usize>().ok()).unwrap_or_default() * 1_024
}

#[test]
fn a_signal_ends_the_program_on_a_terminal_that_hangs() {
    let mut terminal = board(200, 60);
    terminal.hang(true);
    for _ in 0..50 {
        terminal.send("\x0cj");
    }
    terminal.signal("TERM");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let status = loop {
        if let Some(status) = terminal.ended() {
            break status;
        }
        assert!(std::time::Instant::now() < deadline, "it waits for the terminal");
        std::thread::yield_now();
    };
    terminal.hang(false);
    assert_eq!(status.exit_code(), 143);
}

#[test]
fn a_large_paste_is_one_text_and_its_length_is_said() {
    let mut terminal = board(120, 36);
    terminal.send("n");
    terminal.see("Note on");
    terminal.send(&format!("\x1b[200~{}\x1b[201~", "0123456789abcde\n".repeat(65_536)));
    terminal.see("of 32,000 characters");
    terminal.see("1,048,5");
    terminal.wait("it on disk", |screen| screen.contains("draft kept"));
    terminal.send("\x1b");
    terminal.lose("Note on");
}

#[test]
fn lines_without_marks_stay_text_however_many_they_are() {
    let mut terminal = board(120, 36);
    terminal.send("n");
    terminal.see("Note on");
    let line = "W would win it, X would lose it, q would quit\r";
    for _ in 0..40 {
        terminal.send(&line.repeat(100));
    }
    terminal.send("the end of it all");
    let screen = terminal.see("the end of it all");
    assert!(screen.contains("Note on") && screen.contains("of 32,000 characters"), "{screen}");
}

#[test]
fn odd_bytes_of_a_paste_are_shown_and_do_nothing() {
    let mut terminal = board(120, 36);
    terminal.send("n");
    terminal.see("Note on");
    let seen = terminal.raw().len();
    terminal.send_bytes(
        b"\x1b[200~nul \0 c1 \xc2\x9b31m osc \x1b]0;owned\x07 broken \xff\xfe\rnext line\x1b[201~",
    );
    let screen =
        terminal.wait("both lines", |screen| screen.contains("nul ") && screen.contains("next line"));
    assert!(screen.contains("Note on"), "{screen}");
    let raw = terminal.raw();
    let raw = String::from_utf8(raw[seen..].to_vec()).expect("the program writes UTF-8");
    for sign in ["\x1b]", "\u{9b}", "\x07", "\0"] {
        assert!(!raw.contains(sign), "{sign:?} reached the terminal");
    }
}

#[test]
fn answers_of_the_terminal_that_nobody_asked_for_are_no_keys() {
    let mut terminal = board(120, 36);
    for answer in [
        "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
        "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
        "\x1bP>|XTerm(388)\x1b\\",
        "\x1bP1+r544e=787465726d\x1b\\",
        "\x1b[?62;22;52c",
        "\x1b[?1u",
        "\x1b[12;40R",
        "\x1b[8;36;120t",
    ] {
        terminal.send(answer);
        terminal.repaint();
        let screen = terminal.see("Silverline");
        let calm = screen.contains("Qualification") && !screen.contains("does nothing here");
        assert!(
            calm && screen.lines().last().is_some_and(|it| it.contains("? help")),
            "{answer:?}:\n{screen}"
        );
    }
}

#[test]
fn a_program_that_slept_goes_on_as_if_nothing_were() {
    let mut terminal = board(120, 36);
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("before");
    terminal.see("draft kept");
    terminal.signal("STOP");
    terminal.stopped();
    terminal.send(" and after");
    terminal.signal("CONT");
    terminal.see("before and after");
    terminal.see("draft kept");
}

/// Keys that the monkey presses; more with this variable.
const KEYS: &str = "BIGIN_MONKEY_KEYS";

#[test]
fn a_monkey_finds_nothing_that_breaks_or_hangs() {
    let most = std::env::var(KEYS).ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let seed = fastrand::u64(..);
    let mut dice = fastrand::Rng::with_seed(seed);
    let keys = [
        "j",
        "k",
        "h",
        "l",
        "\r",
        "\x1b",
        "\t",
        "\x1b[Z",
        " ",
        "g",
        "G",
        "gd",
        "gc",
        "go",
        "gn",
        "gq",
        "gb",
        "gu",
        "gN",
        "gh",
        "g$",
        "b",
        "n",
        "/",
        ":",
        "?",
        "\x0b",
        "m",
        "H",
        "L",
        "W",
        "X",
        "u",
        "U",
        "P",
        "ca",
        "cd",
        "v",
        "V",
        "x",
        "-",
        "J",
        "K",
        "z",
        "\x1b[A",
        "\x1b[B",
        "\x1b[C",
        "\x1b[D",
        "\x1b[5~",
        "\x1b[6~",
        "\x1b[15~",
        "\x1b[13~",
        "\x7f",
        "\x05",
        "\x15",
        "\x17",
        "+10%",
        "fri",
        "select ",
        "deals",
        "\x1b[200~a paste\nof lines\x1b[201~",
        "1",
        "9",
        "\x0c",
    ];
    let environment = [("EDITOR", "true"), ("VISUAL", "true")];
    let start = || {
        let terminal = Terminal::start_in(&environment, &["--demo", "--deals", "100"], 100, 30);
        terminal.wait("the board", |screen| screen.contains("synced"));
        terminal
    };
    let mut terminal = start();
    let mut trail = Vec::new();
    for step in 1..=most {
        let key = keys[dice.usize(..keys.len())];
        trail.push(key);
        terminal.send(key);
        if dice.u8(..100) == 0 {
            terminal.resize(dice.u16(1..160), dice.u16(1..50));
        }
        if step % 20 != 0 {
            continue;
        }
        if let Some(status) = terminal.ended() {
            unreachable!("seed {seed}: ended with {status:?} after {trail:?}");
        }
        let calm = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| terminal.repaint()));
        assert!(calm.is_ok(), "seed {seed}: it hangs after {trail:?}");
        assert!(memory(&terminal) < 600_000_000, "seed {seed}: {} bytes", memory(&terminal));
        trail.clear();
    }
    terminal.resize(100, 30);
    terminal.signal("TERM");
    assert_eq!(terminal.end().exit_code(), 143, "seed {seed}");
    assert!(terminal.is_restored());
}

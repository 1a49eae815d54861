//! The demo's switches, told on the command line.

use super::driver::Terminal;

#[test]
fn each_switch_of_the_demo_says_what_it_does() {
    let mut terminal = Terminal::start(&["--demo"], 120, 36);
    terminal.wait("the board", |screen| screen.contains("Qualification") && screen.contains("synced"));
    for (line, words) in [
        ("demo slow 300", "answered after 300 ms"),
        ("demo fault slow 100", "answered after 100 ms"),
        ("demo lost", "its answer lost"),
        ("demo dead", "nothing is answered until faults are cleared"),
        ("demo clear", "faults are over"),
        ("demo +90s", "it is 90 seconds later"),
        ("demo +12h", "it is 12 hours later"),
        ("demo +2", "it is 2 days later"),
        ("demo +7d", "it is 7 days later"),
        ("demo fault 429", "HTTP 429"),
    ] {
        terminal.send(&format!(":{line}\r"));
        terminal.see(words);
    }
    // What is not understood says all that would be.
    for line in ["demo", "demo fault 200", "demo slow soon", "demo -1d", "demo +99999d", "demo clear now"] {
        terminal.send(&format!(":{line}\r"));
        terminal.see("demo what?");
        terminal.send("\x1b");
        terminal.lose("demo what?");
    }
}

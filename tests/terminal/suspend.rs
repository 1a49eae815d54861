//! Stopped by the suspend key of a shell, and continued: alone, and below a program that only waits for it.

use super::driver::Terminal;

/// A shell with the program in it, on the board.
fn shell(line: &str) -> Terminal {
    let mut terminal = Terminal::shell(100, 30);
    terminal.see("ready>");
    terminal.send(&format!("{line}\n"));
    terminal.wait("the board", |screen| screen.contains("Qualification") && screen.contains("synced"));
    terminal
}

#[test]
fn the_suspend_key_gives_the_terminal_to_the_shell_and_fg_brings_the_board_back() {
    let bigin = env!("CARGO_BIN_EXE_bigin");
    for line in [format!("{bigin} --demo"), format!("sh -c '{bigin} --demo; exit $?'")] {
        let mut terminal = shell(&line);
        for round in 1..=2 {
            terminal.send("\x1a");
            // What an earlier round left on the screen is there again.
            terminal.wait("the shell", |screen| {
                screen.matches("Stopped").count() == round && screen.trim_end().ends_with("ready>")
            });
            assert!(terminal.is_restored(), "{line}");
            // The shell reads whole lines, and shows them.
            terminal.send(&format!("echo not $(({round} + 10)) raw\n"));
            terminal.see(&format!("not {} raw", round + 10));
            terminal.send("fg\n");
            terminal.wait("the board again", |screen| {
                screen.contains("Qualification") && screen.contains("? help") && !screen.contains("Stopped")
            });
            assert!(!terminal.is_restored(), "{line}");
        }
        terminal.send("?");
        terminal.see("Keys that work here");
        terminal.send("\x1b");
        terminal.lose("Keys that work here");
        terminal.send("q");
        terminal.wait("the shell", |screen| screen.ends_with("ready> ") || screen.ends_with("ready>"));
        terminal.send("echo ended $?\n");
        terminal.see("ended 0");
        assert!(terminal.is_restored(), "{line}");
        terminal.send("exit\n");
        terminal.end();
    }
}

//! A newcomer's first minutes in the demo.

use super::driver::Terminal;

#[test]
fn the_board_of_an_invented_company_is_there_at_once() {
    let terminal = Terminal::start(&["--demo"], 120, 36);
    let screen = terminal.wait("cards on the board", |screen| {
        screen.contains("Qualification") && screen.contains("open") && screen.contains("synced")
    });
    assert!(!screen.contains(" 0 open"), "the board has deals:\n{screen}");
}

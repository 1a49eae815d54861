//! What was done is undone and done again, and the history tells of it.

use super::driver::Terminal;

const ESC: &str = "\x1b";
const ENTER: &str = "\r";

#[test]
fn a_carried_deal_goes_back_and_on_again() {
    let mut terminal = Terminal::start(&["--demo"], 120, 36);
    terminal.wait("cards on the board", |screen| {
        screen.contains("Qualification") && screen.contains("synced") && screen.contains("Silverline")
    });
    terminal.send("u");
    terminal.see("nothing was changed here that could be undone");
    terminal.send(ENTER);
    terminal.see("Timeline");

    terminal.send("L");
    terminal.see("outbox 1");
    terminal.see("outbox 0");
    terminal.send("u");
    terminal.see("Undid: ");
    terminal.see("Needs Analysis → Qualification");
    terminal.send("U");
    terminal.see("Redid: ");
    terminal.see("Qualification → Needs Analysis");

    terminal.send("gh");
    terminal.see("History of ");
    // One change where the undo had not left yet, else three.
    terminal.see(" change");
    terminal.see("Qualification › Needs Analysis");
    terminal.send(ESC);
    terminal.lose("History of ");
    terminal.send("q");
    terminal.see("closing in");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn three_marked_deals_move_after_a_question_and_come_back_at_once() {
    let mut terminal = Terminal::start(&["--demo"], 80, 24);
    terminal.wait("cards on the board", |screen| screen.contains("[1") && screen.contains("Silverline"));
    terminal.send("   ");
    terminal.see("3 marked");
    terminal.send("L");
    terminal.see("Move 3 deals one stage on?");
    terminal.see("Qualification → Needs Analysis");
    terminal.send("n");
    terminal.lose("Move 3 deals");
    terminal.see("3 marked");
    terminal.send("L");
    terminal.see("Move 3 deals one stage on?");
    terminal.send("y");
    terminal.see("3 deals changed");
    terminal.lose("3 marked");
    terminal.see("out 0");
    terminal.send("u");
    terminal.see("Undid: 3 records to Qualification");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

//! The line to the server goes and comes back, and someone else is quicker.

use std::path::Path;

use serde_json::{Value, json};

use super::{
    account::{Sandbox, sign_in},
    driver::Terminal,
};

const ENTER: &str = "\r";
const ESC: &str = "\x1b";

/// The board of an account that is kept in `home`, and the name of the deal under the cursor.
fn open(home: &Path) -> (Terminal, String) {
    let terminal = Terminal::start_at(home, &[], 120, 36);
    let screen =
        terminal.wait("the board", |screen| screen.contains("│>1 Qualif") && screen.contains("synced"));
    let name = deal(&screen);
    (terminal, name)
}

/// The deal under the cursor, from the first line of the peek strip.
fn deal(screen: &str) -> String {
    let strip = screen.lines().skip_while(|line| !line.starts_with('├')).nth(1).expect("the peek strip");
    let name = strip.trim_start_matches('│').trim_start().split("   ").next();
    name.expect("a name").to_owned()
}

/// The deal of this name on the server.
fn there(sandbox: &Sandbox, name: &str) -> Value {
    let records = sandbox.records();
    let mut deals =
        records["Pipelines"].as_array().expect("deals").iter().filter(|deal| deal["Deal_Name"] == name);
    let found = deals.next().expect("the deal").clone();
    assert_eq!(deals.next(), None, "one deal is called {name}");
    found
}

/// Whether the status bar says that so many writes wait; where it has little room, in fewer letters.
fn waits(screen: &str, writes: u32) -> bool {
    ["outbox", "out"].iter().any(|word| screen.contains(&format!("{word} {writes} ")))
}

fn end(mut terminal: Terminal) {
    terminal.signal("TERM");
    assert_eq!(terminal.end().exit_code(), 143);
    assert!(terminal.is_restored());
}

#[test]
fn what_was_written_offline_outlives_a_restart_and_leaves_when_the_line_is_back() {
    let (home, world) = (tempfile::tempdir().expect("a home"), tempfile::tempdir().expect("a folder"));
    let mut sandbox = Sandbox::start_in(world.path());
    sign_in(&sandbox, home.path());
    let (mut terminal, name) = open(home.path());

    sandbox.stop();
    terminal.send("L");
    terminal.wait("the move on its way", |screen| screen.contains("│>2 Needs") && waits(screen, 1));
    terminal.send("n");
    terminal.see("Note on");
    terminal.send("Written in the train");
    terminal.see("Written in the train");
    terminal.send(ENTER);
    terminal.wait("both on their way, cut off", |screen| waits(screen, 2) && screen.contains("! offline"));
    end(terminal);

    // The next run shows both from the disk.
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.wait("both still there", |screen| waits(screen, 2) && screen.contains("! offline"));
    terminal.send("gu");
    terminal.wait("both in the outbox", |screen| {
        screen.contains("Written in the train") && screen.contains("Needs Analysis")
    });
    terminal.send(ESC);
    terminal.lose("Written in the train");

    // The same server, back at its place: everything leaves by itself.
    sandbox.start_again(world.path());
    terminal.wait("an empty outbox", |screen| {
        waits(screen, 0) && !screen.contains("! offline") && screen.contains("synced")
    });
    let records = sandbox.records();
    let notes = records["Notes"].as_array().expect("notes").iter();
    assert_eq!(notes.filter(|note| note["Note_Content"] == "Written in the train").count(), 1);
    assert_eq!(there(&sandbox, &name)["Stage"], "Needs Analysis");
    end(terminal);
}

/// Changes the amount of the deal here while Bigin does not answer writes, and to another one there; comes back
/// when the question is on the screen.
fn clash(sandbox: &Sandbox, terminal: &mut Terminal, name: &str, mine: &str, theirs: u32) {
    let busy = json!({"rules": [{"match": {"method": "PUT"}, "do": "status", "status": 429}]});
    sandbox.control("faults", &busy);
    terminal.send("ca");
    terminal.see("Change: ");
    terminal.send("\x15");
    terminal.send(mine);
    terminal.see(&format!(">Amount         {mine}"));
    terminal.send(ENTER);
    terminal.wait("outbox 1", |screen| waits(screen, 1));
    // A second of its own: times are whole seconds.
    sandbox.control("clock", &json!({"advance_seconds": 2}));
    let id = there(sandbox, name)["id"].clone();
    sandbox.change("Pipelines", &json!({"id": id, "Amount": theirs}));
    sandbox.control("clock", &json!({"advance_seconds": 2}));
    sandbox.control("faults", &json!({"rules": []}));
    terminal.see("changed it on the server");
    terminal.send("gu");
    terminal.see("Enter asks which of the two is to be");
    terminal.send(ENTER);
    terminal.wait("three values", |screen| {
        screen.contains("you saw") && screen.contains("yours") && screen.contains("theirs")
    });
}

#[test]
fn a_conflict_asks_which_of_the_two_is_to_be() {
    let (home, world) = (tempfile::tempdir().expect("a home"), tempfile::tempdir().expect("a folder"));
    let sandbox = Sandbox::start_in(world.path());
    sign_in(&sandbox, home.path());
    let (mut terminal, name) = open(home.path());
    for (key, mine, theirs, amount) in [("m", "4321", 1_234, 4_321), ("t", "8765", 5_678, 5_678)] {
        clash(&sandbox, &mut terminal, &name, mine, theirs);
        terminal.send(key);
        terminal.see("everything you wrote is on the server");
        assert_eq!(there(&sandbox, &name)["Amount"], amount, "after {key}");
        terminal.send(ESC);
        terminal.lose("everything you wrote is on the server");
    }
    end(terminal);
}

#[test]
fn a_move_is_undone_after_a_restart() {
    let (home, world) = (tempfile::tempdir().expect("a home"), tempfile::tempdir().expect("a folder"));
    let sandbox = Sandbox::start_in(world.path());
    sign_in(&sandbox, home.path());
    let (mut terminal, name) = open(home.path());
    terminal.send("L");
    terminal.wait("outbox 1", |screen| waits(screen, 1));
    terminal.wait("outbox 0", |screen| waits(screen, 0));
    end(terminal);
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.wait("the board again", |screen| screen.contains("Qualif") && screen.contains("synced"));
    terminal.send("u");
    terminal.see("Needs Analysis → Qualification");
    terminal.wait("it is sent", |screen| waits(screen, 0));
    assert_eq!(there(&sandbox, &name)["Stage"], "Qualification");
    end(terminal);
}

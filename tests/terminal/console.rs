//! A question asked in the console.

use super::{
    account::{Sandbox, sign_in},
    driver::Terminal,
};

const F3: &str = "\x1bOR";
const F5: &str = "\x1b[15~";
const F6: &str = "\x1b[17~";

/// Takes a line out of the editor, from its end to its start and the break before it.
const NO_LINE: &str = "\x15\x7f";

#[test]
fn a_typo_is_put_right_the_plan_is_read_and_the_query_is_run() {
    let mut terminal = Terminal::start(&["--demo"], 120, 36);
    terminal.see("Silverline");
    terminal.wait("a whole mirror", |screen| screen.contains("synced"));
    terminal.send("gq");
    terminal.see(">COQL");
    for line in ["limit 50", "order by Amount", "where Amount", "from Pipelines", "select Deal_Name"] {
        terminal.send(NO_LINE);
        terminal.wait(line, |screen| !screen.lines().take(9).any(|row| row.contains(line)));
    }
    terminal.send("select Stage, count(*) n from Deals where Stge is not null group by Stage");
    terminal.see("Pipelines has no field Stge, did you mean Stage?");
    terminal.see("F3 write Stage");
    terminal.send(F3);
    terminal.see("where Stage is not null");
    terminal.lose("did you mean");

    terminal.see("plan  mirror");
    terminal.see("group by Stage");
    terminal.send(F6);
    terminal.see("plan  server: about");
    terminal.see("or from the mirror: 0 credits");
    terminal.send(F5);
    let screen = terminal.see("Result from the server");
    assert!(screen.contains("groups"), "{screen}");
    terminal.wait("all rows", |screen| screen.contains("fetched") && screen.contains("(complete)"));
    terminal.see("Negotiation");

    terminal.send(F6);
    terminal.see("plan  mirror");
    terminal.send(F5);
    terminal.see("Result from the mirror");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
    assert!(terminal.is_restored());
}

/// Takes what is before the cursor out of a line.
const KILL: &str = "\x15";
const ENTER: &str = "\r";
const ESC: &str = "\x1b";
const HISTORY: &str = "\x12";

/// The row under the cursor, from its first word on.
fn under_cursor(screen: &str) -> Option<&str> {
    let lines = screen.lines().skip_while(|line| !line.contains(">Result"));
    lines.filter_map(|line| line.trim_start_matches(['│', '|']).strip_prefix('>')).next()
}

#[test]
fn a_group_is_opened_and_written_to_a_file_and_what_was_run_outlives_the_program() {
    let home = tempfile::tempdir().expect("a home");
    let sandbox = Sandbox::start();
    sign_in(&sandbox, home.path());
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.wait("a whole mirror", |screen| screen.contains("Silverline") && screen.contains("synced"));
    terminal.send("gq");
    terminal.see(">COQL");
    for line in ["limit 50", "order by Amount", "where Amount", "from Pipelines", "select Deal_Name"] {
        terminal.send(NO_LINE);
        terminal.wait(line, |screen| !screen.lines().take(9).any(|row| row.contains(line)));
    }
    terminal.send("select Stage, count(*) n from Deals group by Stage order by n desc");
    terminal.see("plan  mirror");
    terminal.send(F5);
    let screen =
        terminal.wait("groups", |screen| screen.contains("groups") && under_cursor(screen).is_some());
    let row = under_cursor(&screen).expect("a row").trim_end_matches('│').trim().to_owned();
    let count: usize = row.split_whitespace().next_back().and_then(|n| n.parse().ok()).expect("a count");

    // Into the group, and out into a file.
    terminal.send(ENTER);
    terminal.see("Esc goes back");
    terminal.see(&format!("/{count} ─"));
    terminal.send("x");
    terminal.see(&format!("Export {count} rows"));
    terminal.send(KILL);
    terminal.lose(".csv");
    terminal.send("~/stage.csv");
    terminal.see("~/stage.csv");
    terminal.send(ENTER);
    terminal.see(&format!("wrote {count} rows"));
    let text = std::fs::read_to_string(home.path().join("stage.csv")).expect("the file");
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    let at = lines.headers().expect("names").iter().position(|name| name == "Stage").expect("the stage");
    let records: Vec<csv::StringRecord> = lines.records().map(|record| record.expect("CSV")).collect();
    assert_eq!(records.len(), count);
    assert!(records.iter().all(|record| row.starts_with(&record[at])), "{row}: {records:?}");
    terminal.send(ESC);
    terminal.lose("Esc goes back");
    terminal.see("groups");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);

    // Another day, where the last one ended: the statement that was never typed is found by a word of it.
    let mut terminal = Terminal::start_at(home.path(), &[], 120, 36);
    terminal.see(">COQL");
    terminal.send(HISTORY);
    terminal.see("History of queries");
    terminal.see("count(*)");
    terminal.send("Deal_Name");
    terminal.wait("what matches", |screen| {
        screen.contains("Deal_Name, ") && !screen.contains("mirror     select Stage")
    });
    terminal.send(ENTER);
    terminal.lose("History of queries");
    terminal.see("select Deal_Name");
    terminal.send(ESC);
    terminal.lose(">COQL");
    terminal.send("q");
    assert_eq!(terminal.end().exit_code(), 0);
}

//! A question asked in the console.

use super::driver::Terminal;

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

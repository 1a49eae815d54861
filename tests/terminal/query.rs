//! `bigin query` from a shell.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use super::account::{Sandbox, sign_in};

/// Runs `bigin query` in an empty home folder, with `input` on its standard input.
fn query(args: &[&str], input: &str) -> Output {
    let home = tempfile::tempdir().expect("a home");
    query_at(home.path(), args, input)
}

fn query_at(home: &Path, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bigin"));
    command.arg("query").args(args).env_clear().env("HOME", home).env("LANG", "C.UTF-8");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("bigin starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("bigin ends")
}

/// The same on the demo company.
fn demo(args: &[&str], input: &str) -> Output {
    query(&[&["--demo", "--deals", "40"], args].concat(), input)
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_pipe_gets_tabs_without_names_and_programs_get_what_they_ask_for() {
    let text = "select Stage, count(*) as deals from Deals group by Stage order by deals desc limit 3";
    let plain = demo(&[text], "");
    assert_eq!(plain.status.code(), Some(0), "{}", err(&plain));
    let lines: Vec<String> = out(&plain).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line.split('\t').count() == 2), "{lines:?}");
    assert_eq!(err(&plain), "");

    let json = demo(&["--json", "-f", "-"], text);
    let rows: serde_json::Value = serde_json::from_str(&out(&json)).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(3));
    assert_eq!(rows[0]["Stage"], lines[0].split('\t').next().expect("a stage"));

    let csv = demo(&["--csv", "biggest", "--param", "least=0", "--limit", "2"], "");
    assert_eq!(csv.status.code(), Some(0), "{}", err(&csv));
    assert!(out(&csv).starts_with("Deal_Name,Account_Name,Amount,Stage,Closing_Date\n"), "{}", out(&csv));
    assert_eq!(out(&csv).lines().count(), 3);
}

#[test]
fn every_form_holds_the_same_rows() {
    let text = "select Deal_Name, Amount from Deals order by Deal_Name limit 4";
    let of = |form: &str| {
        let output = demo(&[form, text], "");
        assert_eq!(output.status.code(), Some(0), "{form}: {}", err(&output));
        out(&output)
    };
    let json: serde_json::Value = serde_json::from_str(&of("--json")).expect("JSON");
    let names: Vec<&str> =
        json.as_array().expect("rows").iter().filter_map(|row| row["Deal_Name"].as_str()).collect();
    assert_eq!(names.len(), 4);
    let ndjson = of("--ndjson");
    let lines = ndjson.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    assert_eq!(lines.collect::<Vec<_>>(), json.as_array().expect("rows").clone());
    let tsv = of("--tsv");
    assert_eq!(tsv.lines().next(), Some("Deal_Name\tAmount"));
    assert!(tsv.lines().skip(1).zip(&names).all(|(line, name)| line.starts_with(name)), "{tsv}");
    let markdown = of("--markdown");
    assert!(markdown.starts_with("| Deal_Name | Amount |\n| --- | ---: |\n"), "{markdown}");
    assert!(markdown.lines().skip(2).zip(&names).all(|(line, name)| line.contains(name)), "{markdown}");
    for [first, second] in
        [["--json", "--csv"], ["--mirror", "--demo"], ["--mirror", "--strict"], ["--mirror", "--server"]]
    {
        assert_eq!(query(&[first, second, text], "").status.code(), Some(2), "{first} {second}");
    }
    assert_eq!(query(&["--mirror", text], "").status.code(), Some(4), "nobody has signed in");
    assert_eq!(query(&["--param", "least", text], "").status.code(), Some(2), "a value is missing");
    assert_eq!(demo(&["--server", "--limit", "1", text], "").status.code(), Some(0));
}

#[test]
fn an_account_is_asked_and_what_stands_in_the_way_is_an_exit_status() {
    let home = tempfile::tempdir().expect("a home");
    let sandbox = Sandbox::start();
    sign_in(&sandbox, home.path());
    let text = "select count(*) as n from Deals where Stage is not null";
    let asked = query_at(home.path(), &["--json", text], "");
    assert_eq!(asked.status.code(), Some(0), "{}", err(&asked));
    assert!(out(&asked).contains("\"n\""), "{}", out(&asked));
    let mirror = query_at(home.path(), &["--mirror", text], "");
    assert_ne!(mirror.status.code(), Some(0), "no mirror was filled yet: {}", out(&mirror));
    drop(sandbox);
    let gone = query_at(home.path(), &[text], "");
    assert_eq!(gone.status.code(), Some(7), "{}", err(&gone));
    assert_eq!(out(&gone), "");
}

#[test]
fn a_mistake_is_underlined_and_costs_nothing() {
    let wrong = demo(&["select Stge, Amount from Deals\nwhere Amuont > 5"], "");
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(out(&wrong), "");
    let told = err(&wrong);
    for line in [
        "error: Pipelines has no field Stge, did you mean Stage?",
        " --> query:1:8",
        "1 | select Stge, Amount from Deals",
        "  |        ^^^^",
        "  = help: write Stage",
        " --> query:2:7",
        "2 | where Amuont > 5",
    ] {
        assert!(told.lines().any(|told| told == line), "{line:?} in\n{told}");
    }
    let strict = demo(&["--strict", "select Stage from Deals"], "");
    assert_eq!(strict.status.code(), Some(2));
    assert!(err(&strict).contains("where id is not null"), "{}", err(&strict));
}

#[test]
fn the_plan_is_printed_and_a_price_that_is_too_high_is_not_paid() {
    let text = "select Owner, sum(Amount) from Deals where Description like '%x%' group by Owner";
    let plan = demo(&["--plan", text], "");
    assert_eq!(plan.status.code(), Some(0), "{}", err(&plan));
    for line in ["local   filter by Description", "local   group by Owner", "cost    40 rows, 1 credit,"] {
        assert!(out(&plan).lines().any(|told| told.starts_with(line)), "{line:?} in\n{}", out(&plan));
    }
    let cut = demo(&["--max-credits", "0", "select count(*) from Deals where Stage is not null"], "");
    assert_eq!(cut.status.code(), Some(9), "{}", err(&cut));
    assert!(err(&cut).contains("figures are those of 0 rows only"), "{}", err(&cut));
    let dear = demo(&["--max-credits", "0", text], "");
    assert_eq!(dear.status.code(), Some(6), "{}", err(&dear));
    assert!(err(&dear).contains("--max-credits"), "{}", err(&dear));
}

#[test]
fn what_is_not_there_is_said_in_the_exit_status() {
    let listed = query(&["--list"], "");
    assert!(out(&listed).lines().count() >= 12 && out(&listed).contains("--param days=14"));
    assert_eq!(query(&["no-such-query"], "").status.code(), Some(3));
    let nobody = query(&["select id from Deals"], "");
    assert_eq!(nobody.status.code(), Some(4));
    assert!(err(&nobody).contains("bigin login"), "{}", err(&nobody));
    assert_eq!(query(&[], "").status.code(), Some(2));
    let canonical = query(&["--check", "SELECT Stage FROM Pipelines WHERE Amount>5"], "");
    assert_eq!(out(&canonical), "select Stage from Pipelines where Amount > 5\n");
}

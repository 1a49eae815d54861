//! The plan in words.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::json;

use super::{QueryArgs, Stop};
use crate::{
    coql::{Plan, Rows, StepPlace, Walk},
    domain::SafeText,
};

/// Prints what runs where, what it costs and the first call. Counting cost `spent` credits.
pub fn print(args: &QueryArgs, plan: &Plan, spent: u64) -> Result<ExitCode, Stop> {
    let place = |place: StepPlace| match place {
        StepPlace::Server => "server",
        StepPlace::Local => "local",
        StepPlace::Mirror => "mirror",
    };
    let calls: Vec<String> = plan
        .fetches
        .iter()
        .filter_map(|fetch| Walk::new(fetch.clone(), None).next_call())
        .map(|call| call.text)
        .collect();
    if args.json {
        let steps: Vec<_> =
            plan.steps.iter().map(|step| json!({"place": place(step.place), "words": step.words})).collect();
        let plan = json!({
            "module": plan.module, "steps": steps, "rows": plan.cost.rows.to_string(),
            "credits": plan.cost.credits.to_string(), "milliseconds": plan.cost.millis,
            "calls": calls, "alternatives": plan.alternatives, "spent": spent,
        });
        return lines(&[plan.to_string()]);
    }
    let mut out: Vec<String> = Vec::new();
    for step in &plan.steps {
        out.push(format!("{:<8}{}", place(step.place), step.words));
    }
    let seconds =
        plan.cost.millis.map(|millis| format!(", about {}.{} s", millis / 1000, millis % 1000 / 100));
    let (rows, credits) = (plan.cost.rows, plan.cost.credits);
    let counted = if spent > 0 { ", counted for 1 credit" } else { "" };
    let of =
        |count: Rows, one: &str| format!("{count} {one}{}", if count.number() == Some(1) { "" } else { "s" });
    let (rows, credits, seconds) = (of(rows, "row"), of(credits, "credit"), seconds.unwrap_or_default());
    out.push(format!("cost    {rows}, {credits}{seconds}{counted}"));
    for call in calls {
        out.push(format!("call    {call}"));
    }
    out.extend(plan.alternatives.iter().map(|way| format!("or      {way}")));
    lines(&out)
}

/// Prints the plan of a query that is sent as it is.
pub fn verbatim(args: &QueryArgs, text: &str) -> Result<ExitCode, Stop> {
    if args.json {
        return lines(&[json!({"calls": [text], "credits": "1"}).to_string()]);
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    lines(&["cost    at most 200 rows, 1 credit".to_owned(), format!("call    {text}")])
}

fn lines(lines: &[String]) -> Result<ExitCode, Stop> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{}", SafeText::new(line)).map_err(|error| Stop::io(&error))?;
    }
    Ok(ExitCode::SUCCESS)
}

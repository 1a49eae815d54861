//! What things would cost, worked out from the table of operations.

use std::collections::BTreeMap;

use super::{EXPORTED, MODULES, by_file, by_page};
use crate::{
    api::{Op, endpoint::Shape},
    domain::{Module, SafeText},
    protocol::WhatIf,
};

/// What things would cost in an org that has so many records of each module, as far as that is known.
#[must_use]
pub fn what_if(records: &BTreeMap<Module, u64>) -> Vec<WhatIf> {
    let cost = |op: Op, shape: Shape| u64::from(op.endpoint().cost(shape));
    let list = cost(Op::ListRecords, Shape::ONE);
    let view = cost(Op::ListRecords, Shape { view: true, ..Shape::ONE });
    let all = MODULES.len() as u64;
    let line =
        |what: String, credits: u64, repeated: bool| WhatIf { what: SafeText::new(&what), credits, repeated };
    let mut lines = vec![
        line("asking for deals".to_owned(), list, true),
        line(format!("asking for all {all} modules"), list * all, true),
        line("a page of a custom view".to_owned(), view, true),
    ];
    if let Some(credits) = everything(records) {
        lines.push(line("fetching everything again (R)".to_owned(), credits, false));
    }
    let largest = records.iter().max_by_key(|(_, count)| **count);
    if let Some((module, count)) = largest.filter(|(_, count)| **count > 0) {
        let what = format!("all {} {}", grouped(*count), module.plural().to_lowercase());
        lines.push(line(format!("{what} by the page"), by_page(*count), false));
        lines.push(line(format!("{what} by the file"), by_file(*count), false));
    }
    lines.push(line("a COQL page of 200 rows".to_owned(), cost(Op::Coql, Shape::ONE), false));
    lines.push(line("100 changes in one call".to_owned(), cost(Op::UpdateRecords, Shape::of(100)), false));
    lines.push(line("100 changes one by one".to_owned(), 100 * cost(Op::UpdateRecord, Shape::ONE), false));
    lines
}

/// Credits of fetching every record again, each module in the cheaper way; none while no module was counted. What
/// was not counted fits on a page.
fn everything(records: &BTreeMap<Module, u64>) -> Option<u64> {
    let of = |module: &Module| match records.get(module) {
        Some(count) if EXPORTED.contains(module) => by_file(*count).min(by_page(*count)),
        Some(count) => by_page(*count),
        None => by_page(1),
    };
    (!records.is_empty()).then(|| MODULES.iter().map(of).sum())
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let head = digits.len() % 3;
    let (first, rest) = digits.split_at(head);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let first = (!first.is_empty()).then(|| first.to_owned());
    first.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn figures_follow_the_table() {
        let records = BTreeMap::from([(Module::Contacts, 200_000), (Module::Accounts, 10)]);
        let lines = what_if(&records);
        let credits = |words: &str| {
            lines.iter().find(|line| line.what.as_str().contains(words)).map(|line| line.credits)
        };
        let a_day = |words: &str, every| {
            let line = lines.iter().find(|line| line.what.as_str().contains(words));
            line.map(|line| line.credits_at(Duration::from_secs(every)))
        };
        assert_eq!(a_day("asking for deals", 60), Some(1_440));
        assert_eq!(a_day("asking for deals", 10), Some(8_640));
        assert_eq!(a_day("custom view", 60), Some(4_320), "a view costs three times as much");
        assert_eq!(
            a_day("everything", 60),
            Some(55 + 7),
            "contacts by the file, a page of each other module"
        );
        assert_eq!(credits("200,000 contacts by the page"), Some(1_000));
        assert_eq!(credits("200,000 contacts by the file"), Some(55));
        assert_eq!(credits("in one call"), Some(10));
    }
}

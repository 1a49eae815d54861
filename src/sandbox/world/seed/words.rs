//! The lists from which the seeded organisation's texts are made.

use fastrand::Rng;

/// A list from `assets/`, one entry a line.
macro_rules! list {
    ($name:literal) => {
        include_str!(concat!("../../../../assets/sandbox/", $name, ".txt"))
            .lines()
            .collect::<Vec<&'static str>>()
    };
}

/// Lines of a list, split at `|`.
fn rows<const N: usize>(lines: Vec<&'static str>) -> Vec<[&'static str; N]> {
    let split = |line: &'static str| {
        let mut parts = line.splitn(N, '|');
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    };
    lines.into_iter().map(split).collect()
}

/// Every list.
pub(super) struct Words {
    pub first_names: Vec<&'static str>,
    pub last_names: Vec<&'static str>,
    /// First name and last name in scripts other than plain Latin.
    pub scripts: Vec<[&'static str; 2]>,
    pub company_words: Vec<&'static str>,
    /// Industry and trade.
    pub trades: Vec<[&'static str; 2]>,
    pub script_companies: Vec<&'static str>,
    /// City, state, start of the zip code, area code.
    pub cities: Vec<[&'static str; 4]>,
    pub streets: Vec<&'static str>,
    /// Title and department.
    pub titles: Vec<[&'static str; 2]>,
    /// Name, code, category, price, margin, weight, description.
    pub products: Vec<[&'static str; 7]>,
    pub competitors: Vec<&'static str>,
    /// Module and name.
    pub tags: Vec<[&'static str; 2]>,
    deal_subjects: Vec<[&'static str; 2]>,
    next_steps: Vec<[&'static str; 2]>,
    /// Kind and template.
    activities: Vec<[&'static str; 2]>,
    /// Phase, title and template.
    notes: Vec<[&'static str; 3]>,
    /// What can follow in any note.
    note_ends: Vec<&'static str>,
}

impl Words {
    pub fn load() -> Self {
        Self {
            first_names: list!("first_names"),
            last_names: list!("last_names"),
            scripts: rows(list!("scripts")),
            company_words: list!("company_words"),
            trades: rows(list!("company_trades")),
            script_companies: list!("script_companies"),
            cities: rows(list!("cities")),
            streets: list!("streets"),
            titles: rows(list!("titles")),
            products: rows(list!("products")),
            competitors: list!("competitors"),
            tags: rows(list!("tags")),
            deal_subjects: rows(list!("deal_subjects")),
            next_steps: rows(list!("next_steps")),
            activities: rows(list!("activities")),
            notes: rows(list!("notes")),
            note_ends: list!("note_ends"),
        }
    }

    pub fn deal_subject(&self, rng: &mut Rng, family: &str) -> &'static str {
        of(rng, &self.deal_subjects, family)[1]
    }

    pub fn next_step(&self, rng: &mut Rng, phase: &str) -> &'static str {
        of(rng, &self.next_steps, phase)[1]
    }

    pub fn activity(&self, rng: &mut Rng, kind: &str) -> &'static str {
        of(rng, &self.activities, kind)[1]
    }

    /// Title and template of a note.
    pub fn note(&self, rng: &mut Rng, phase: &str) -> (&'static str, &'static str) {
        let [_, title, template] = of(rng, &self.notes, phase);
        (title, template)
    }

    /// How a note goes on; two in five end where they are.
    pub fn note_end(&self, rng: &mut Rng) -> Option<&'static str> {
        (rng.u8(0..5) < 3).then(|| pick(rng, &self.note_ends))
    }
}

/// One of `entries`, which has some.
pub(super) fn pick<T: Copy>(rng: &mut Rng, entries: &[T]) -> T {
    entries[rng.usize(..entries.len())]
}

/// One of the rows that begin with `key`; the lists have some for every key that is asked for.
fn of<const N: usize>(rng: &mut Rng, rows: &[[&'static str; N]], key: &str) -> [&'static str; N] {
    let first = rows.iter().position(|row| row[0] == key).unwrap_or_default();
    let count = rows[first..].iter().take_while(|row| row[0] == key).count().max(1);
    rows[first + rng.usize(..count)]
}

/// Fills the slots `{name}` of a template; slots without a value stay empty.
pub(super) fn fill(template: &str, slots: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        text.push_str(slots.iter().find(|(slot, _)| *slot == name).map_or("", |(_, value)| value));
        rest = after;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole_and_grouped_by_their_key() {
        let words = Words::load();
        assert!(
            words
                .products
                .iter()
                .all(|product| product.iter().enumerate().all(|(i, p)| i == 5 || !p.is_empty()))
        );
        assert!(words.titles.iter().all(|row| !row[1].is_empty()));
        for rows in [&words.deal_subjects, &words.next_steps, &words.activities] {
            let mut keys: Vec<_> = rows.iter().map(|row| row[0]).collect();
            keys.dedup();
            let all = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), all, "rows of one key stand together: {keys:?}");
        }
    }

    #[test]
    fn templates_are_filled() {
        assert_eq!(fill("{a} and {b}{c}.", &[("a", "one"), ("b", "two")]), "one and two.");
        assert_eq!(fill("plain", &[]), "plain");
    }
}

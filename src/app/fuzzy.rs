//! Finding by a few letters.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

/// The places of the texts that match, best first; all in their order for an empty needle.
pub fn rank<'a>(needle: &str, texts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let pattern = Pattern::parse(needle.trim(), CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut scored: Vec<(u32, usize)> = texts
        .enumerate()
        .filter_map(|(at, text)| Some((pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)?, at)))
        .collect();
    scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    scored.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_find_words_and_the_better_match_comes_first() {
        let stages = ["Qualification", "Needs analysis", "Proposal", "Negotiation"];
        assert_eq!(rank("", stages.into_iter()), [0, 1, 2, 3]);
        assert_eq!(rank("nego", stages.into_iter()), [3]);
        assert_eq!(rank("n a", stages.into_iter()).first(), Some(&1));
        assert_eq!(rank("xyz", stages.into_iter()), Vec::<usize>::new());
    }
}

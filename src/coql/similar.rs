//! The name that was probably meant.

/// The candidate that differs least from `name`, if it differs by few letters; case counts for nothing.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (name.chars().count() / 3).max(1);
    candidates
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, delete, change, or swap with their neighbour to make one text of the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.iter().enumerate() {
        let mut next = vec![at + 1];
        for (column, other) in to.iter().enumerate() {
            let change = row[column] + usize::from(letter != other);
            let mut least = change.min(row[column + 1] + 1).min(next[column] + 1);
            if at > 0 && column > 0 && from[at - 1] == *other && *letter == to[column - 1] {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_forgiven_and_another_word_is_not() {
        let names = ["Deal_Name", "Amount", "Closing_Date"];
        assert_eq!(nearest("amuont", names.into_iter()), Some("Amount"));
        assert_eq!(nearest("DealName", names.into_iter()), Some("Deal_Name"));
        assert_eq!(nearest("Nickname", names.into_iter()), None);
        assert_eq!((distance("", "ab"), distance("kitten", "sitting"), distance("a", "a")), (2, 3, 0));
        assert_eq!(nearest("form", ["from", "where"].into_iter()), Some("from"));
    }
}

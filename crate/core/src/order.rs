//! Puts short lists in order.

use std::cmp::Ordering;

/// Sorts a short or nearly sorted list; what is equal keeps its order.
///
/// By insertion at the place that a binary search finds: the library's sort is several kilobytes of
/// the module for each type and each order, and is quicker from some hundred items on.
pub(crate) fn sort_by<T>(list: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    for end in 1..list.len() {
        let (sorted, rest) = list.split_at(end);
        let stays = |item: &T| order(item, &rest[0]) != Ordering::Greater;
        if stays(&sorted[end - 1]) {
            continue;
        }
        for at in (sorted.partition_point(stays)..end).rev() {
            list.swap(at, at + 1);
        }
    }
}

/// Sorts a short or nearly sorted list and drops what stands in it twice.
pub(crate) fn sort_dedup<T: Ord>(list: &mut Vec<T>) {
    sort_by(list, T::cmp);
    list.dedup();
}

/// Puts an item into a short list that has each once; says whether it is a new one.
pub(crate) fn insert<T: PartialEq>(list: &mut Vec<T>, item: T) -> bool {
    let is_new = !list.contains(&item);
    if is_new {
        list.push(item);
    }
    is_new
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_library_does(list in proptest::collection::vec((0..9u8, 0..9u8), 0..40)) {
            let mut wanted = list.clone();
            wanted.sort_by_key(|pair| pair.0);
            let mut found = list;
            sort_by(&mut found, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(found, wanted);
        }
    }
}

//! A few things by their numbers.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{collections::BTreeMap, fmt::Display, ops::Index, str::FromStr};

/// Things by their numbers, in ascending order of the numbers.
///
/// A list: tabs and frames are some dozen, and the library's tree is ten kilobytes of the module
/// for each type. Written with the numbers as text: JavaScript's objects have no other keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<K, V>(Vec<(K, V)>);

impl<K, V> Default for Numbered<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord, V> Numbered<K, V> {
    /// Where a number's thing stands, or where it would.
    fn place(&self, number: K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(&number))
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The numbers.
    pub fn keys(&self) -> impl Iterator<Item = K> {
        self.0.iter().map(|(number, _)| *number)
    }

    /// The things.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The things, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The thing of a number.
    pub fn get(&self, number: K) -> Option<&V> {
        Some(&self.0[self.place(number).ok()?].1)
    }

    /// The thing of a number, to be changed.
    pub fn get_mut(&mut self, number: K) -> Option<&mut V> {
        let at = self.place(number).ok()?;
        Some(&mut self.0[at].1)
    }

    /// The thing of a number, to be changed; a new one where there is none.
    pub fn get_or_default(&mut self, number: K) -> &mut V
    where
        V: Default,
    {
        let at = self.place(number).unwrap_or_else(|at| {
            self.0.insert(at, (number, V::default()));
            at
        });
        &mut self.0[at].1
    }

    /// Gives a number its thing, and hands back the one that it had.
    pub fn insert(&mut self, number: K, value: V) -> Option<V> {
        match self.place(number) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (number, value));
                None
            }
        }
    }

    /// Takes a number's thing away.
    pub fn remove(&mut self, number: K) -> Option<V> {
        let at = self.place(number).ok()?;
        Some(self.0.remove(at).1)
    }
}

/// # Panics
/// When the number has no thing.
impl<K: Copy + Ord, V> Index<K> for Numbered<K, V> {
    type Output = V;

    fn index(&self, number: K) -> &V {
        self.get(number).expect("the number is known")
    }
}

impl<K: Display, V: Serialize> Serialize for Numbered<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|(number, value)| (number.to_string(), value)),
        )
    }
}

impl<'de, K, V> Deserialize<'de> for Numbered<K, V>
where
    K: Copy + Ord + FromStr<Err: Display>,
    V: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut numbered = Self::default();
        for (number, value) in BTreeMap::<String, V>::deserialize(deserializer)? {
            numbered.insert(number.parse().map_err(D::Error::custom)?, value);
        }
        Ok(numbered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn does_as_the_librarys_map_does(
            steps in proptest::collection::vec((0..12u32, 0..4u8), 0..60),
        ) {
            let mut map = BTreeMap::new();
            let mut numbered = Numbered::default();
            for (step, (number, what)) in steps.into_iter().enumerate() {
                match what {
                    0 => prop_assert_eq!(numbered.remove(number), map.remove(&number)),
                    1 => {
                        let (a, b) = (numbered.get_or_default(number), map.entry(number).or_default());
                        *a += 1;
                        *b += 1;
                    }
                    _ => prop_assert_eq!(numbered.insert(number, step), map.insert(number, step)),
                }
                prop_assert_eq!(numbered.get(number), map.get(&number));
                prop_assert_eq!(numbered.get_mut(number), map.get_mut(&number));
            }
            prop_assert!(numbered.keys().eq(map.keys().copied()));
            prop_assert!(numbered.values().eq(map.values()));
            let written = serde_json::to_value(&numbered).expect("is JSON");
            prop_assert_eq!(&written, &serde_json::to_value(&map).expect("is JSON"));
            let read: Numbered<u32, usize> = serde_json::from_value(written).expect("written here");
            prop_assert_eq!(read, numbered);
        }
    }
}

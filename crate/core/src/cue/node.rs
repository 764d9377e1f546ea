//! A cue's pattern as a tree: laid down by the build script, read where it is needed.
//!
//! Shared by both, so that one writes what the other reads.

use std::borrow::Cow;

/// A set of bytes: a bit each.
pub(crate) type Class = [u8; 32];

/// Puts a byte into a class.
pub(crate) fn add(class: &mut Class, byte: u8) {
    class[usize::from(byte >> 3)] |= 1 << (byte & 7);
}

/// Whether a byte is in a class.
pub(crate) fn has(class: &Class, byte: u8) -> bool {
    class[usize::from(byte >> 3)] >> (byte & 7) & 1 == 1
}

/// The bytes in a class, in ascending order.
pub(crate) fn bytes(class: &Class) -> impl Iterator<Item = u8> {
    (0..=u8::MAX).step_by(8).zip(class).flat_map(|(first, bits)| {
        let count = if *bits == 0 { 0 } else { 8 };
        (0..count)
            .filter(move |bit| bits >> bit & 1 == 1)
            .map(move |bit| first + bit)
    })
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// These bytes, maybe none.
    Literal(Cow<'static, [u8]>),
    /// One byte of a class, by its number.
    Class(u8),
    /// As often as can be, at least and at most so many times; without a most where there is none.
    Repeat(Box<Node>, u8, Option<u8>),
    /// The edge of a word.
    Edge,
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// One behind the other.
    Row(Vec<Node>),
    /// One of several; the first that will do.
    Either(Vec<Node>),
}

/// What a node begins with in the data; any lower number is the length of a literal.
pub(crate) mod tag {
    pub(crate) const FIRST: u8 = 0xF0;
    /// Behind it the class.
    pub(crate) const CLASS: u8 = 0xF0;
    /// Behind it the least, the most ([`NO_END`] for none) and the node.
    pub(crate) const REPEAT: u8 = 0xF1;
    pub(crate) const NO_END: u8 = 0xFF;
    pub(crate) const EDGE: u8 = 0xF2;
    pub(crate) const START: u8 = 0xF3;
    pub(crate) const END: u8 = 0xF4;
    /// Behind it the count and the nodes.
    pub(crate) const ROW: u8 = 0xF5;
    pub(crate) const EITHER: u8 = 0xF6;
    /// Behind it the number of a fragment, which stands here.
    pub(crate) const FRAGMENT: u8 = 0xF7;
}

/// Highest number of times that a node can be asked to repeat.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
pub(crate) const MOST_TIMES: u8 = tag::NO_END - 1;

/// Byte that stands in a literal for a fragment, whose number is the byte behind it, one more.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
pub(crate) const MARK: u8 = 0x01;

impl Node {
    /// Reads a node and moves `data` behind it; `fragment` gives the data of a fragment.
    ///
    /// Data cut short reads as nothing more; the build script has written all of it.
    pub(crate) fn read(data: &mut &'static [u8], fragments: &[&'static [u8]]) -> Self {
        let byte = |data: &mut &'static [u8]| {
            let (first, rest) = data.split_first().unwrap_or((&0, &[]));
            *data = rest;
            *first
        };
        match byte(data) {
            tag::CLASS => Self::Class(byte(data)),
            tag::REPEAT => {
                let (least, most) = (byte(data), byte(data));
                let most = (most != tag::NO_END).then_some(most);
                Self::Repeat(Box::new(Self::read(data, fragments)), least, most)
            }
            tag::EDGE => Self::Edge,
            tag::START => Self::Start,
            tag::END => Self::End,
            kind @ (tag::ROW | tag::EITHER) => {
                let count = byte(data);
                let parts = (0..count).map(|_| Self::read(data, fragments)).collect();
                if kind == tag::ROW {
                    Self::Row(parts)
                } else {
                    Self::Either(parts)
                }
            }
            tag::FRAGMENT => {
                let mut fragment = fragments
                    .get(usize::from(byte(data)))
                    .copied()
                    .unwrap_or(&[]);
                Self::read(&mut fragment, fragments)
            }
            length => {
                let (literal, rest) = data.split_at(usize::from(length).min(data.len()));
                *data = rest;
                Self::Literal(literal.into())
            }
        }
    }

    /// Writes what [`Node::read`] reads.
    ///
    /// # Errors
    /// Says what is too long for it.
    #[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
    pub(crate) fn write(&self, data: &mut Vec<u8>) -> Result<(), String> {
        match self {
            Self::Literal(_) | Self::Row(_) => {
                let mut parts = Vec::new();
                let length = self.write_parts(&mut parts)?;
                if length != 1 {
                    data.extend([tag::ROW, count(length, "parts")?]);
                }
                data.extend(parts);
            }
            Self::Class(class) => data.extend([tag::CLASS, *class]),
            Self::Repeat(node, least, most) => {
                data.extend([tag::REPEAT, *least, most.unwrap_or(tag::NO_END)]);
                node.write(data)?;
            }
            Self::Edge => data.push(tag::EDGE),
            Self::Start => data.push(tag::START),
            Self::End => data.push(tag::END),
            Self::Either(parts) => {
                data.extend([tag::EITHER, count(parts.len(), "ways")?]);
                for part in parts {
                    part.write(data)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the parts of a row one behind the other, and gives their number.
    #[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
    fn write_parts(&self, data: &mut Vec<u8>) -> Result<usize, String> {
        match self {
            Self::Literal(literal) => write_literal(literal, data),
            Self::Row(parts) => {
                let mut count = 0;
                for part in parts {
                    count += part.write_parts(data)?;
                }
                Ok(count)
            }
            _ => self.write(data).map(|()| 1),
        }
    }
}

/// Writes bytes, and the fragments among them; gives the number of parts that they are.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
fn write_literal(literal: &[u8], data: &mut Vec<u8>) -> Result<usize, String> {
    let mut parts = 0;
    let mut rest = literal;
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| *byte == MARK);
        let (bytes, tail) = rest.split_at(end.unwrap_or(rest.len()));
        if !bytes.is_empty() {
            data.push(count(bytes.len(), "bytes in a row")?);
            data.extend(bytes);
            parts += 1;
        }
        rest = tail;
        if let [_, number, tail @ ..] = rest {
            data.extend([tag::FRAGMENT, number - 1]);
            parts += 1;
            rest = tail;
        } else if !rest.is_empty() {
            return Err("half a fragment".to_owned());
        }
    }
    Ok(parts)
}

#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
fn count(count: usize, of: &str) -> Result<u8, String> {
    u8::try_from(count)
        .ok()
        .filter(|count| *count < tag::FIRST)
        .ok_or_else(|| format!("{count} {of}, too many"))
}

//! A cue's pattern as a tree: laid down by the build script, read where it is needed.
//!
//! Shared by both, so that one writes what the other reads.

/// A set of bytes: a bit each.
pub(crate) type Class = [u8; 32];

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// These bytes, maybe none.
    Literal(Vec<u8>),
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
mod tag {
    pub(super) const FIRST: u8 = 0xF0;
    /// Behind it the class.
    pub(super) const CLASS: u8 = 0xF0;
    /// Behind it the least, the most ([`NO_END`] for none) and the node.
    pub(super) const REPEAT: u8 = 0xF1;
    pub(super) const NO_END: u8 = 0xFF;
    pub(super) const EDGE: u8 = 0xF2;
    pub(super) const START: u8 = 0xF3;
    pub(super) const END: u8 = 0xF4;
    /// Behind it the count and the nodes.
    pub(super) const ROW: u8 = 0xF5;
    pub(super) const EITHER: u8 = 0xF6;
    /// Behind it the number of a fragment, which stands here.
    pub(super) const FRAGMENT: u8 = 0xF7;
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
    pub(crate) fn read<'a>(data: &mut &'a [u8], fragments: &[&'a [u8]]) -> Self {
        let byte = |data: &mut &[u8]| {
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
                Self::Literal(literal.to_vec())
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
            Self::Literal(literal) => write_literal(literal, data)?,
            Self::Class(class) => data.extend([tag::CLASS, *class]),
            Self::Repeat(node, least, most) => {
                data.extend([tag::REPEAT, *least, most.unwrap_or(tag::NO_END)]);
                node.write(data)?;
            }
            Self::Edge => data.push(tag::EDGE),
            Self::Start => data.push(tag::START),
            Self::End => data.push(tag::END),
            Self::Row(parts) | Self::Either(parts) => {
                let is_row = matches!(self, Self::Row(_));
                data.push(if is_row { tag::ROW } else { tag::EITHER });
                data.push(count(parts.len(), "parts")?);
                for part in parts {
                    part.write(data)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes bytes, and the fragments among them.
fn write_literal(literal: &[u8], data: &mut Vec<u8>) -> Result<(), String> {
    let mut parts = Vec::new();
    let mut rest = literal;
    while let Some(at) = rest.iter().position(|byte| *byte == MARK) {
        let number = rest.get(at + 1).ok_or("half a fragment")? - 1;
        parts.push((&rest[..at], Some(number)));
        rest = &rest[at + 2..];
    }
    parts.push((rest, None));
    let pieces: usize = parts
        .iter()
        .map(|(bytes, number)| usize::from(!bytes.is_empty()) + usize::from(number.is_some()))
        .sum();
    if pieces != 1 {
        data.extend([tag::ROW, count(pieces, "fragments")?]);
    }
    for (bytes, number) in parts {
        if !bytes.is_empty() {
            data.push(count(bytes.len(), "bytes in a row")?);
            data.extend(bytes);
        }
        if let Some(number) = number {
            data.extend([tag::FRAGMENT, number]);
        }
    }
    Ok(())
}

fn count(count: usize, of: &str) -> Result<u8, String> {
    u8::try_from(count)
        .ok()
        .filter(|count| *count < tag::FIRST)
        .ok_or_else(|| format!("{count} {of}, too many"))
}

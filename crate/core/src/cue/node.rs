//! A cue's pattern as a tree: written by the build script, read by the library when needed.
//!
//! Both share this module, so that one writes what the other reads.

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
    (0..=u8::MAX)
        .step_by(8)
        .zip(class)
        .flat_map(|(first, bits)| {
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
    /// As often as possible, at least and at most so many times; `None` is no upper bound.
    Repeat(Box<Node>, u8, Option<u8>),
    /// The edge of a word.
    Edge,
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// All of these, in order.
    Row(Vec<Node>),
    /// One of several, the first that leads to a match.
    Either(Vec<Node>),
}

/// What the parts of a pattern begin with in the data: bytes that no literal contains.
///
/// Parts follow one another without a separator, so a literal goes on up to the next of these.
pub(crate) mod tag {
    /// The lowest byte of a literal; a number is written with this added to it.
    pub(crate) const LITERAL: u8 = 0x20;
    /// Followed by the number of the class.
    pub(crate) const CLASS: u8 = 0x01;
    /// Followed by a most: up to so many bytes of the first class, as the gaps of most patterns are.
    pub(crate) const GAP: u8 = 0x02;
    /// Followed by the least, the most ([`NO_END`] for none) and what repeats, up to [`CLOSE`].
    pub(crate) const REPEAT: u8 = 0x03;
    pub(crate) const NO_END: u8 = 0xFF;
    /// Followed by what may be there or not, up to [`CLOSE`].
    pub(crate) const OPTIONAL: u8 = 0x04;
    pub(crate) const EDGE: u8 = 0x05;
    pub(crate) const START: u8 = 0x06;
    pub(crate) const END: u8 = 0x07;
    /// Followed by parts, or by several ways with [`OR`] between them, up to [`CLOSE`].
    pub(crate) const OPEN: u8 = 0x08;
    pub(crate) const OR: u8 = 0x0B;
    pub(crate) const CLOSE: u8 = 0x0C;
    /// Followed by the number of a fragment, whose tree stands here.
    pub(crate) const FRAGMENT: u8 = 0x0E;
    /// End of a pattern.
    pub(crate) const DONE: u8 = 0x0F;
    /// Marks where a run of parts begins that the pattern is looked for by; itself no part.
    pub(crate) const RUN: u8 = 0x10;
    /// A bit of a run's mark: the run is of the next way, not of that of the run before.
    pub(crate) const NEXT_WAY: u8 = 0x01;
    /// A bit of a run's mark: the run has as many parts as the byte behind the mark says, not one.
    pub(crate) const SEVERAL: u8 = 0x02;
    pub(crate) const LAST_RUN: u8 = RUN | NEXT_WAY | SEVERAL;
}

/// Highest number of repetitions that can be written.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
pub(crate) const MOST_TIMES: u8 = tag::NO_END - tag::LITERAL - 1;

/// Byte that stands in a literal for a fragment; behind it stands the fragment's number plus one.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
pub(crate) const MARK: u8 = 0x01;

impl Node {
    /// Reads parts and ways up to the end of `data` or the [`tag::CLOSE`] that ends them, and
    /// moves `data` behind it; `fragments` has the trees of the fragments.
    ///
    /// Where data is cut short, nothing more is read; the build script has written all of it.
    pub(crate) fn read(data: &mut &'static [u8], fragments: &[&'static [u8]]) -> Self {
        let mut ways = Vec::new();
        let mut way = Self::read_row(data, fragments);
        while byte(data) == tag::OR {
            ways.push(std::mem::replace(&mut way, Self::read_row(data, fragments)));
        }
        if ways.is_empty() {
            return way;
        }
        ways.push(way);
        Self::Either(ways)
    }

    fn read_row(data: &mut &'static [u8], fragments: &[&'static [u8]]) -> Self {
        let mut parts = Vec::new();
        let mut last = None;
        while !matches!(data.first(), None | Some(&(tag::OR | tag::CLOSE))) {
            parts.extend(last.replace(Self::read_part(data, fragments)));
        }
        match last {
            Some(only) if parts.is_empty() => only,
            last => {
                parts.extend(last);
                Self::Row(parts)
            }
        }
    }

    /// The alternatives of a pattern, and whether they begin at the edge of a word; most patterns
    /// have several.
    pub(crate) fn ways(&self) -> (bool, &[Self]) {
        match self {
            Self::Either(ways) => (false, ways),
            Self::Row(parts) => match &parts[..] {
                [Self::Edge, Self::Either(ways)] => (true, ways),
                _ => (false, std::slice::from_ref(self)),
            },
            _ => (false, std::slice::from_ref(self)),
        }
    }

    /// Reads one part and moves `data` behind it.
    pub(crate) fn read_part(data: &mut &'static [u8], fragments: &[&'static [u8]]) -> Self {
        let length = data.iter().take_while(|byte| **byte >= tag::LITERAL);
        let (literal, rest) = data.split_at(length.count());
        if !literal.is_empty() {
            *data = rest;
            return Self::Literal(literal.into());
        }
        match byte(data) {
            tag::CLASS => Self::Class(number(data)),
            tag::GAP => Self::Repeat(Box::new(Self::Class(0)), 0, Some(number(data))),
            tag::REPEAT => {
                let least = number(data);
                let most = match byte(data) {
                    tag::NO_END => None,
                    most => Some(most.saturating_sub(tag::LITERAL)),
                };
                Self::Repeat(Box::new(Self::read(data, fragments)), least, most)
            }
            tag::OPTIONAL => Self::Repeat(Box::new(Self::read(data, fragments)), 0, Some(1)),
            tag::EDGE => Self::Edge,
            tag::START => Self::Start,
            tag::END => Self::End,
            tag::OPEN => Self::read(data, fragments),
            mark @ tag::RUN..=tag::LAST_RUN => {
                if mark & tag::SEVERAL != 0 {
                    number(data);
                }
                Self::read_part(data, fragments)
            }
            tag::FRAGMENT => {
                let fragment = fragments.get(usize::from(number(data)));
                Self::read_part(&mut fragment.copied().unwrap_or(&[]), fragments)
            }
            _ => Self::Literal([][..].into()),
        }
    }

    /// Writes what [`Node::read`] reads up to the end of the data.
    ///
    /// # Errors
    /// Says what it cannot hold.
    #[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
    pub(crate) fn write(&self, data: &mut Vec<u8>) -> Result<(), String> {
        let Self::Either(ways) = self else {
            return self.write_row(data);
        };
        for (at, way) in ways.iter().enumerate() {
            if at > 0 {
                data.push(tag::OR);
            }
            way.write_row(data)?;
        }
        Ok(())
    }

    /// Writes it as one part, between [`tag::OPEN`] and [`tag::CLOSE`].
    ///
    /// # Errors
    /// Says what it cannot hold.
    #[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
    pub(crate) fn write_closed(&self, data: &mut Vec<u8>) -> Result<(), String> {
        data.push(tag::OPEN);
        self.write(data)?;
        data.push(tag::CLOSE);
        Ok(())
    }

    /// Writes the parts of a row.
    #[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
    fn write_row(&self, data: &mut Vec<u8>) -> Result<(), String> {
        match self {
            Self::Literal(literal) => write_literal(literal, data)?,
            Self::Row(parts) => {
                for part in parts {
                    part.write_row(data)?;
                }
            }
            Self::Either(_) => self.write_closed(data)?,
            Self::Class(class) => data.extend([tag::CLASS, written(*class)?]),
            Self::Repeat(node, 0, Some(most)) if **node == Self::Class(0) => {
                data.extend([tag::GAP, written(*most)?]);
            }
            Self::Repeat(node, least, most) => {
                match (least, most) {
                    (0, Some(1)) => data.push(tag::OPTIONAL),
                    _ => {
                        let most = most.map_or(Ok(tag::NO_END), written)?;
                        data.extend([tag::REPEAT, written(*least)?, most]);
                    }
                }
                node.write(data)?;
                data.push(tag::CLOSE);
            }
            Self::Edge => data.push(tag::EDGE),
            Self::Start => data.push(tag::START),
            Self::End => data.push(tag::END),
        }
        Ok(())
    }
}

fn byte(data: &mut &'static [u8]) -> u8 {
    let (first, rest) = data.split_first().unwrap_or((&tag::CLOSE, &[]));
    *data = rest;
    *first
}

/// Reads a number and moves `data` behind it.
pub(crate) fn number(data: &mut &'static [u8]) -> u8 {
    byte(data).saturating_sub(tag::LITERAL)
}

/// A number as it stands in the data.
///
/// # Errors
/// When it is too high.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
pub(crate) fn written(number: u8) -> Result<u8, String> {
    let byte = number.checked_add(tag::LITERAL);
    let byte = byte.filter(|byte| *byte != tag::NO_END);
    byte.ok_or_else(|| format!("no byte for {number}"))
}

/// Writes bytes, and the fragments among them.
#[cfg_attr(not(test), allow(dead_code, reason = "only the build script writes"))]
fn write_literal(literal: &[u8], data: &mut Vec<u8>) -> Result<(), String> {
    let mut bytes = literal.iter();
    while let Some(byte) = bytes.next() {
        match *byte {
            MARK => {
                let number = bytes.next().ok_or("half a fragment")?;
                data.extend([tag::FRAGMENT, written(number - 1)?]);
            }
            byte if byte < tag::LITERAL => return Err(format!("byte {byte} in a literal")),
            byte => data.push(byte),
        }
    }
    Ok(())
}

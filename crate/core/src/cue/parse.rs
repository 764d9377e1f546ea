//! Turns a pattern, in the syntax of the `regex` crate, into its tree; used by the build script.

use super::node::{self, Class, MOST_TIMES, Node};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{self, Hir, HirKind, Look};

/// Reads patterns, and numbers the classes that they share.
pub(crate) struct Parser {
    pub(crate) classes: Vec<Class>,
}

impl Default for Parser {
    fn default() -> Self {
        // The first class is `.`, that of the gaps: all but the line end.
        let mut class = [0xFF; 32];
        class[usize::from(b'\n' >> 3)] &= !(1 << (b'\n' & 7));
        Self {
            classes: vec![class],
        }
    }
}

impl Parser {
    /// The tree of a pattern.
    ///
    /// # Errors
    /// Says what the pattern has that no tree can hold.
    pub(crate) fn parse(&mut self, pattern: &str) -> Result<Node, String> {
        let hir = ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(pattern)
            .map_err(|error| error.to_string())?;
        if hir.properties().minimum_len().unwrap_or(0) == 0 {
            return Err("matches nothing at all".to_owned());
        }
        self.node(&hir)
    }

    fn node(&mut self, hir: &Hir) -> Result<Node, String> {
        Ok(match hir.kind() {
            HirKind::Empty => Node::Literal([][..].into()),
            HirKind::Literal(literal) => Node::Literal(literal.0.to_vec().into()),
            HirKind::Class(hir::Class::Bytes(class)) => {
                let bytes = class.iter().flat_map(|range| range.start()..=range.end());
                Node::Class(self.class(bytes)?)
            }
            HirKind::Class(hir::Class::Unicode(letters)) => Node::Either(
                letters
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
                    .map(|letter| Node::Literal(letter.to_string().into_bytes().into()))
                    .collect(),
            ),
            HirKind::Look(Look::WordAscii) => Node::Edge,
            HirKind::Look(Look::Start) => Node::Start,
            HirKind::Look(Look::End) => Node::End,
            HirKind::Look(look) => return Err(format!("{look:?} is no edge of a word")),
            HirKind::Capture(capture) => self.node(&capture.sub)?,
            HirKind::Concat(parts) => Node::Row(self.nodes(parts)?),
            HirKind::Alternation(parts) => Node::Either(self.nodes(parts)?),
            HirKind::Repetition(repetition) => self.repeat(repetition)?,
        })
    }

    fn nodes(&mut self, parts: &[Hir]) -> Result<Vec<Node>, String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn repeat(&mut self, repetition: &hir::Repetition) -> Result<Node, String> {
        let hir::Repetition {
            min, max, greedy, ..
        } = *repetition;
        if !greedy {
            return Err("repeats as little as it can".to_owned());
        }
        let sub = &repetition.sub;
        if sub.properties().minimum_len().unwrap_or(0) == 0 {
            return Err("repeats what may be nothing".to_owned());
        }
        let node = match sub.kind() {
            HirKind::Literal(literal) if literal.0.len() == 1 => {
                Node::Class(self.class(literal.0.iter().copied())?)
            }
            _ => self.node(sub)?,
        };
        let most = u32::from(MOST_TIMES);
        if min > most {
            return Err(format!("repeats over {most} times at least"));
        }
        // More times than a byte can say are two repetitions in a row.
        let first = Node::Repeat(
            Box::new(node.clone()),
            min as u8,
            max.map(|max| max.min(most) as u8),
        );
        Ok(match max.and_then(|max| max.checked_sub(most)) {
            None | Some(0) => first,
            Some(more) if more <= most => Node::Row(vec![
                first,
                Node::Repeat(Box::new(node), 0, Some(more as u8)),
            ]),
            Some(_) => return Err(format!("repeats over {} times", 2 * most)),
        })
    }

    fn class(&mut self, bytes: impl Iterator<Item = u8>) -> Result<u8, String> {
        let mut class = [0; 32];
        for byte in bytes {
            node::add(&mut class, byte);
        }
        let number = match self.classes.iter().position(|known| *known == class) {
            Some(number) => number,
            None => {
                self.classes.push(class);
                self.classes.len() - 1
            }
        };
        Ok(u8::try_from(number).map_err(|_| "over 256 classes")?)
    }
}

//! From a pattern to a program. The build script does it; the library never sees a pattern.

use super::op;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassBytes, Hir, HirKind, Look, Repetition};

/// Programs with the classes that they share.
#[derive(Default)]
pub(crate) struct Compiler {
    pub(crate) classes: Vec<op::Class>,
}

/// One program on its way.
struct Writer<'a> {
    classes: &'a mut Vec<op::Class>,
    code: Vec<u8>,
    meets: u16,
}

impl Compiler {
    /// The program of a pattern in the syntax of the `regex` crate, with the number of its meets.
    ///
    /// # Errors
    /// Says what the pattern has that no program can do.
    pub(crate) fn program(&mut self, pattern: &str) -> Result<(u16, Vec<u8>), String> {
        let hir = ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build()
            .parse(pattern)
            .map_err(|error| error.to_string())?;
        if hir.properties().minimum_len().unwrap_or(0) == 0 {
            return Err("matches nothing at all".to_owned());
        }
        let mut writer = Writer {
            classes: &mut self.classes,
            code: Vec::new(),
            meets: 0,
        };
        writer.put(&hir)?;
        writer.code.push(op::MATCH);
        Ok((writer.meets, writer.code))
    }
}

impl Writer<'_> {
    fn put(&mut self, hir: &Hir) -> Result<(), String> {
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(literal) => {
                self.code.push(op::LITERAL);
                self.bytes(&literal.0)?;
            }
            HirKind::Class(Class::Bytes(class)) => {
                let class = self.class(class)?;
                self.code.extend([op::CLASS, class]);
            }
            HirKind::Class(Class::Unicode(letters)) => {
                let letters: Vec<String> = letters
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
                    .map(String::from)
                    .collect();
                self.set(&letters.iter().map(String::as_bytes).collect::<Vec<_>>())?;
            }
            HirKind::Look(Look::WordAscii) => self.code.push(op::EDGE),
            HirKind::Look(Look::Start) => self.code.push(op::START),
            HirKind::Look(Look::End) => self.code.push(op::END),
            HirKind::Look(look) => return Err(format!("{look:?} is no edge of a word")),
            HirKind::Capture(capture) => self.put(&capture.sub)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    self.put(part)?;
                }
            }
            HirKind::Alternation(parts) => self.either(parts)?,
            HirKind::Repetition(repetition) => self.repeat(repetition)?,
        }
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.code
            .push(u8::try_from(bytes.len()).map_err(|_| "a literal of over 255 bytes")?);
        self.code.extend(bytes);
        Ok(())
    }

    fn either(&mut self, parts: &[Hir]) -> Result<(), String> {
        let literals: Option<Vec<&[u8]>> = parts.iter().map(literal).collect();
        if let Some(literals) = literals {
            return self.set(&literals);
        }
        let mut ends = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let other = (at + 1 < parts.len()).then(|| self.jump(op::TRY));
            self.put(part)?;
            if let Some(other) = other {
                ends.push(self.jump(op::GO));
                self.land(other)?;
            }
        }
        for end in ends {
            self.land(end)?;
        }
        self.meet()
    }

    fn set(&mut self, literals: &[&[u8]]) -> Result<(), String> {
        self.code.push(op::SET);
        self.code
            .push(u8::try_from(literals.len()).map_err(|_| "over 255 words in a set")?);
        for literal in literals {
            self.bytes(literal)?;
        }
        self.meet()
    }

    fn repeat(&mut self, repetition: &Repetition) -> Result<(), String> {
        let Repetition {
            min,
            max,
            greedy,
            ref sub,
        } = *repetition;
        if !greedy {
            return Err("repeats as little as it can".to_owned());
        }
        if let Some(class) = self.one_byte(sub)? {
            return self.repeat_class(class, min, max);
        }
        if sub.properties().minimum_len().unwrap_or(0) == 0 {
            return Err("repeats what may be nothing".to_owned());
        }
        for _ in 0..min {
            self.put(sub)?;
        }
        match max {
            Some(max) => {
                let mut ends = Vec::new();
                for _ in min..max {
                    ends.push(self.jump(op::TRY));
                    self.put(sub)?;
                }
                for end in ends {
                    self.land(end)?;
                }
                self.meet()
            }
            None => {
                let start = self.code.len();
                self.meet()?;
                let end = self.jump(op::TRY);
                self.put(sub)?;
                let back = self.jump(op::GO);
                self.land_at(back, start)?;
                self.land(end)
            }
        }
    }

    fn repeat_class(&mut self, class: u8, min: u32, max: Option<u32>) -> Result<(), String> {
        const MOST: u32 = op::NO_END as u32 - 1;
        if min > MOST {
            return Err("repeats over 254 times at least".to_owned());
        }
        let most = max.map_or(op::NO_END, |max| max.min(MOST) as u8);
        self.code.extend([op::REPEAT, class, min as u8, most]);
        if max != Some(min) {
            self.meet()?;
        }
        match max {
            Some(max) if max > MOST => self.repeat_class(class, 0, Some(max - MOST)),
            _ => Ok(()),
        }
    }

    /// The class of what is one byte, whatever it is.
    fn one_byte(&mut self, hir: &Hir) -> Result<Option<u8>, String> {
        match hir.kind() {
            HirKind::Class(Class::Bytes(class)) => self.class(class).map(Some),
            HirKind::Literal(literal) if literal.0.len() == 1 => {
                let mut class = [0; 32];
                let byte = literal.0[0];
                class[usize::from(byte >> 3)] |= 1 << (byte & 7);
                self.number(class).map(Some)
            }
            HirKind::Capture(capture) => self.one_byte(&capture.sub),
            _ => Ok(None),
        }
    }

    fn class(&mut self, class: &ClassBytes) -> Result<u8, String> {
        let mut bits = [0; 32];
        for byte in class.iter().flat_map(|range| range.start()..=range.end()) {
            bits[usize::from(byte >> 3)] |= 1 << (byte & 7);
        }
        self.number(bits)
    }

    fn number(&mut self, class: op::Class) -> Result<u8, String> {
        let number = match self.classes.iter().position(|known| *known == class) {
            Some(number) => number,
            None => {
                self.classes.push(class);
                self.classes.len() - 1
            }
        };
        Ok(u8::try_from(number).map_err(|_| "over 256 classes")?)
    }

    fn meet(&mut self) -> Result<(), String> {
        self.code.push(op::MEET);
        self.code.extend(self.meets.to_le_bytes());
        self.meets = self.meets.checked_add(1).ok_or("too many ways")?;
        Ok(())
    }

    /// Writes a jump, and gives the place where its aim is to be written.
    fn jump(&mut self, op: u8) -> usize {
        self.code.extend([op, 0, 0]);
        self.code.len() - 2
    }

    fn land(&mut self, jump: usize) -> Result<(), String> {
        self.land_at(jump, self.code.len())
    }

    fn land_at(&mut self, jump: usize, aim: usize) -> Result<(), String> {
        let aim = u16::try_from(aim).map_err(|_| "a program of over 65,535 bytes")?;
        self.code[jump..jump + 2].copy_from_slice(&aim.to_le_bytes());
        Ok(())
    }
}

/// The bytes of what is nothing but bytes.
fn literal(hir: &Hir) -> Option<&[u8]> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(&literal.0),
        HirKind::Capture(capture) => literal(&capture.sub),
        _ => None,
    }
}

//! Runs the programs that the build script made of the patterns.
//!
//! The `regex` crate did this before, and is what the tests hold the programs against. It
//! compiles patterns where they are used: its parser and its engines were a quarter of the
//! module that people download, and the first judgement after a start waited 0.3 s for it.

use super::op;

/// All programs.
pub(crate) struct Programs {
    classes: Vec<op::Class>,
    code: &'static [u8],
    programs: Vec<Program>,
}

struct Program {
    /// Where its code begins.
    start: u32,
    /// Number of its meets.
    meets: u16,
    /// The bytes that a match can begin with.
    first: op::Class,
}

/// Room to work in, kept from one search to the next.
#[derive(Default)]
pub(crate) struct Room {
    /// What is still to be tried: places in code and text, the last of the latter included.
    open: Vec<Open>,
    /// Meets that were passed: a bit each for every byte of the text.
    passed: Vec<u64>,
}

#[derive(Clone, Copy)]
struct Open {
    at: u32,
    low: u32,
    high: u32,
}

impl Programs {
    /// Reads what the build script wrote: the number of classes and the classes, then of each
    /// program the number of its meets, its length and its code.
    pub(crate) fn new(data: &'static [u8]) -> Self {
        let mut programs = Self {
            classes: Vec::new(),
            code: data,
            programs: Vec::new(),
        };
        let count = usize::from(programs.byte(0));
        let mut at = 1;
        for _ in 0..count {
            let mut class = [0; 32];
            class.copy_from_slice(&data[at..at + 32]);
            programs.classes.push(class);
            at += 32;
        }
        while at < data.len() {
            let (meets, length) = (programs.short(at), programs.short(at + 2));
            let mut first = [0; 32];
            programs.firsts(at + 4, at + 4, &mut first);
            programs.programs.push(Program {
                start: at as u32 + 4,
                meets: meets as u16,
                first,
            });
            at += 4 + length;
        }
        programs
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.programs.len()
    }

    /// First match of a program: of those that begin first the one that the pattern prefers.
    pub(crate) fn find(
        &self,
        program: usize,
        text: &[u8],
        room: &mut Room,
    ) -> Option<std::ops::Range<usize>> {
        let program = &self.programs[program];
        let bits = usize::from(program.meets) * (text.len() + 1);
        room.passed.clear();
        room.passed.resize(bits.div_ceil(64), 0);
        (0..text.len())
            .filter(|&start| has(&program.first, text[start]))
            .find_map(|start| {
                self.run(program.start as usize, text, start, room)
                    .map(|end| start..end)
            })
    }

    /// End of the match that begins at `from`.
    fn run(&self, start: usize, text: &[u8], from: usize, room: &mut Room) -> Option<usize> {
        room.open.clear();
        let (mut at, mut place) = (start, from);
        loop {
            let going = match self.code[at] {
                op::MATCH => return Some(place),
                op::LITERAL => {
                    let literal = self.counted(at + 1);
                    let stands = text[place..].starts_with(literal);
                    place += literal.len();
                    at += 2 + literal.len();
                    stands
                }
                op::CLASS => {
                    let class = &self.classes[usize::from(self.byte(at + 1))];
                    let stands = text.get(place).is_some_and(|byte| has(class, *byte));
                    place += 1;
                    at += 2;
                    stands
                }
                op::REPEAT => {
                    let class = &self.classes[usize::from(self.byte(at + 1))];
                    let least = usize::from(self.byte(at + 2));
                    let most = match self.byte(at + 3) {
                        op::NO_END => usize::MAX,
                        most => usize::from(most),
                    };
                    let rest = &text[place..];
                    let count = rest
                        .iter()
                        .take(most)
                        .take_while(|byte| has(class, **byte))
                        .count();
                    at += 4;
                    if count > least {
                        room.open.push(Open {
                            at: at as u32,
                            low: (place + least) as u32,
                            high: (place + count - 1) as u32,
                        });
                    }
                    place += count;
                    count >= least
                }
                op::EDGE => {
                    at += 1;
                    is_edge(text, place)
                }
                op::START => {
                    at += 1;
                    place == 0
                }
                op::END => {
                    at += 1;
                    place == text.len()
                }
                op::SET => {
                    let count = self.byte(at + 1);
                    at += 2;
                    let before = room.open.len();
                    for _ in 0..count {
                        let literal = self.counted(at);
                        at += 1 + literal.len();
                        if text[place..].starts_with(literal) {
                            let end = (place + literal.len()) as u32;
                            room.open.push(Open {
                                at: 0,
                                low: end,
                                high: end,
                            });
                        }
                    }
                    for open in &mut room.open[before..] {
                        open.at = at as u32;
                    }
                    // The first is taken first.
                    room.open[before..].reverse();
                    false
                }
                op::TRY => {
                    room.open.push(Open {
                        at: (start + self.short(at + 1)) as u32,
                        low: place as u32,
                        high: place as u32,
                    });
                    at += 3;
                    true
                }
                op::GO => {
                    at = start + self.short(at + 1);
                    true
                }
                // The build script writes no other than `MEET`.
                _ => {
                    let bit = self.short(at + 1) * (text.len() + 1) + place;
                    let word = &mut room.passed[bit / 64];
                    let passed = *word >> (bit % 64) & 1 == 1;
                    *word |= 1 << (bit % 64);
                    at += 3;
                    !passed
                }
            };
            if !going {
                let open = room.open.last_mut()?;
                (at, place) = (open.at as usize, open.high as usize);
                if open.low == open.high {
                    room.open.pop();
                } else {
                    open.high -= 1;
                }
            }
        }
    }

    /// Adds the bytes that can stand first from `at` on, in the program that begins at `start`.
    fn firsts(&self, start: usize, mut at: usize, first: &mut op::Class) {
        let mut add = |byte: u8| first[usize::from(byte >> 3)] |= 1 << (byte & 7);
        loop {
            match self.code[at] {
                op::LITERAL => return add(self.code[at + 2]),
                op::CLASS | op::REPEAT => {
                    let class = self.classes[usize::from(self.byte(at + 1))];
                    first
                        .iter_mut()
                        .zip(class)
                        .for_each(|(to, from)| *to |= from);
                    if self.code[at] == op::CLASS || self.byte(at + 2) > 0 {
                        return;
                    }
                    return self.firsts(start, at + 4, first);
                }
                op::EDGE | op::START | op::END => at += 1,
                op::SET => {
                    let count = self.byte(at + 1);
                    at += 2;
                    let mut empty = false;
                    for _ in 0..count {
                        let literal = self.counted(at);
                        at += 1 + literal.len();
                        match literal.first() {
                            Some(byte) => add(*byte),
                            None => empty = true,
                        }
                    }
                    if !empty {
                        return;
                    }
                }
                op::TRY => {
                    self.firsts(start, start + self.short(at + 1), first);
                    return self.firsts(start, at + 3, first);
                }
                op::GO => at = start + self.short(at + 1),
                op::MEET => at += 3,
                _ => return,
            }
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.code[at]
    }

    fn short(&self, at: usize) -> usize {
        usize::from(u16::from_le_bytes([self.code[at], self.code[at + 1]]))
    }

    fn counted(&self, at: usize) -> &'static [u8] {
        &self.code[at + 1..at + 1 + usize::from(self.code[at])]
    }
}

/// Whether a byte is in a class.
fn has(class: &op::Class, byte: u8) -> bool {
    class[usize::from(byte >> 3)] >> (byte & 7) & 1 == 1
}

/// Whether a word begins or ends before `place`, as `\b` has it in patterns of bytes.
fn is_edge(text: &[u8], place: usize) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| super::key::is_word(*byte));
    is_word(place.checked_sub(1).and_then(|before| text.get(before))) != is_word(text.get(place))
}

//! Looks for one pattern in a stretch of text.
//!
//! The `regex` crate says what a pattern means, and the tests hold this against it. It does
//! not run here: its parser and its engines were a quarter of the module that people
//! download, and the first judgement after a start waited 0.3 s for them.

use super::key::is_word;
use super::node::{Class, Node};
use std::ops::Range;

/// A pattern, ready to be looked for.
pub(crate) struct Program {
    steps: Vec<Step>,
    /// Number of its meets.
    meets: usize,
    /// The bytes that a match can begin with.
    first: Class,
}

/// One step; the next one follows it.
enum Step {
    Literal(Box<[u8]>),
    Class(Class),
    /// So many bytes of a class, as many as can be.
    Repeat(Class, usize, usize),
    Edge,
    Start,
    End,
    /// One of these, the first that will do.
    Set(Box<[Box<[u8]>]>),
    /// Goes on here, and there if that fails.
    Try(usize),
    /// Goes on there.
    Go(usize),
    /// Ways meet: whoever comes to the same byte a second time has failed before.
    Meet(usize),
    Match,
}

/// Room to work in, kept from one search to the next.
#[derive(Default)]
pub(crate) struct Room {
    open: Vec<Open>,
    /// Meets that were passed: a bit each for every byte of the text.
    passed: Vec<u64>,
}

/// What is still to be tried: a step at the places from the highest down to the lowest.
struct Open {
    step: usize,
    low: usize,
    high: usize,
}

impl Program {
    /// Compiles a tree, whose classes are of `classes`.
    pub(crate) fn new(node: &Node, classes: &[Class]) -> Self {
        let mut program = Self {
            steps: Vec::new(),
            meets: 0,
            first: [0; 32],
        };
        program.put(node, classes);
        program.steps.push(Step::Match);
        program.firsts(0);
        program
    }

    fn put(&mut self, node: &Node, classes: &[Class]) {
        let class = |number: &u8| {
            classes
                .get(usize::from(*number))
                .copied()
                .unwrap_or([0; 32])
        };
        match node {
            Node::Literal(literal) if literal.is_empty() => {}
            Node::Literal(literal) => self.steps.push(Step::Literal(literal[..].into())),
            Node::Class(number) => self.steps.push(Step::Class(class(number))),
            Node::Edge => self.steps.push(Step::Edge),
            Node::Start => self.steps.push(Step::Start),
            Node::End => self.steps.push(Step::End),
            Node::Row(parts) => parts.iter().for_each(|part| self.put(part, classes)),
            Node::Either(parts) => self.put_either(parts, classes),
            Node::Repeat(node, least, most) => {
                if let Node::Class(number) = &**node {
                    let most = most.map_or(usize::MAX, usize::from);
                    let least = usize::from(*least);
                    self.steps.push(Step::Repeat(class(number), least, most));
                    if least != most {
                        self.meet();
                    }
                    return;
                }
                for _ in 0..*least {
                    self.put(node, classes);
                }
                match most {
                    Some(most) => {
                        let mut ends = Vec::new();
                        for _ in *least..*most {
                            ends.push(self.jump(Step::Try));
                            self.put(node, classes);
                        }
                        ends.into_iter().for_each(|end| self.land(end));
                        self.meet();
                    }
                    None => {
                        let start = self.steps.len();
                        self.meet();
                        let end = self.jump(Step::Try);
                        self.put(node, classes);
                        self.steps.push(Step::Go(start));
                        self.land(end);
                    }
                }
            }
        }
    }

    fn put_either(&mut self, parts: &[Node], classes: &[Class]) {
        let literals: Option<Box<[Box<[u8]>]>> = parts
            .iter()
            .map(|part| match part {
                Node::Literal(literal) => Some(literal[..].into()),
                _ => None,
            })
            .collect();
        if let Some(literals) = literals {
            self.steps.push(Step::Set(literals));
        } else {
            let mut ends = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                let is_last = at + 1 == parts.len();
                let other = (!is_last).then(|| self.jump(Step::Try));
                self.put(part, classes);
                if let Some(other) = other {
                    ends.push(self.jump(Step::Go));
                    self.land(other);
                }
            }
            ends.into_iter().for_each(|end| self.land(end));
        }
        self.meet();
    }

    fn meet(&mut self) {
        self.steps.push(Step::Meet(self.meets));
        self.meets += 1;
    }

    /// Adds a step whose aim [`Program::land`] says later; gives its place.
    fn jump(&mut self, step: fn(usize) -> Step) -> usize {
        self.steps.push(step(0));
        self.steps.len() - 1
    }

    fn land(&mut self, jump: usize) {
        let here = self.steps.len();
        if let Some(Step::Try(aim) | Step::Go(aim)) = self.steps.get_mut(jump) {
            *aim = here;
        }
    }

    /// Adds the bytes that can stand first from a step on.
    fn firsts(&mut self, mut at: usize) {
        loop {
            match &self.steps[at] {
                Step::Literal(literal) => {
                    add(&mut self.first, literal[0]);
                    return;
                }
                Step::Class(class) | Step::Repeat(class, ..) => {
                    let can_be_none = matches!(self.steps[at], Step::Repeat(_, 0, _));
                    self.first
                        .iter_mut()
                        .zip(class)
                        .for_each(|(to, from)| *to |= from);
                    if !can_be_none {
                        return;
                    }
                }
                Step::Set(literals) => {
                    for literal in literals {
                        if let Some(byte) = literal.first() {
                            add(&mut self.first, *byte);
                        }
                    }
                    if literals.iter().all(|literal| !literal.is_empty()) {
                        return;
                    }
                }
                Step::Try(other) => {
                    let other = *other;
                    self.firsts(other);
                }
                Step::Go(aim) => {
                    at = *aim;
                    continue;
                }
                Step::Edge | Step::Start | Step::End | Step::Meet(_) => {}
                Step::Match => return,
            }
            at += 1;
        }
    }

    /// The first match: of those that begin first the one that the pattern prefers.
    pub(crate) fn find(&self, text: &[u8], room: &mut Room) -> Option<Range<usize>> {
        let bits = self.meets * (text.len() + 1);
        room.passed.clear();
        room.passed.resize(bits.div_ceil(64), 0);
        (0..text.len())
            .filter(|&start| has(&self.first, text[start]))
            .find_map(|start| self.run(text, start, room).map(|end| start..end))
    }

    /// End of the match that begins at `from`.
    fn run(&self, text: &[u8], from: usize, room: &mut Room) -> Option<usize> {
        room.open.clear();
        let (mut at, mut place) = (0, from);
        loop {
            let step = &self.steps[at];
            at += 1;
            let goes_on = match step {
                Step::Match => return Some(place),
                Step::Literal(literal) => {
                    let stands = text[place..].starts_with(literal);
                    place += literal.len();
                    stands
                }
                Step::Class(class) => {
                    let stands = text.get(place).is_some_and(|byte| has(class, *byte));
                    place += 1;
                    stands
                }
                Step::Repeat(class, least, most) => {
                    let count = text[place..]
                        .iter()
                        .take(*most)
                        .take_while(|byte| has(class, **byte))
                        .count();
                    if count > *least {
                        room.open.push(Open {
                            step: at,
                            low: place + least,
                            high: place + count - 1,
                        });
                    }
                    place += count;
                    count >= *least
                }
                Step::Edge => is_edge(text, place),
                Step::Start => place == 0,
                Step::End => place == text.len(),
                Step::Set(literals) => {
                    // What is opened last is tried first.
                    for literal in literals.iter().rev() {
                        if text[place..].starts_with(literal) {
                            room.open.push(Open::at(at, place + literal.len()));
                        }
                    }
                    false
                }
                Step::Try(other) => {
                    room.open.push(Open::at(*other, place));
                    true
                }
                Step::Go(aim) => {
                    at = *aim;
                    true
                }
                Step::Meet(number) => {
                    let bit = number * (text.len() + 1) + place;
                    let word = &mut room.passed[bit / 64];
                    let passed = *word >> (bit % 64) & 1 == 1;
                    *word |= 1 << (bit % 64);
                    !passed
                }
            };
            if !goes_on {
                let open = room.open.last_mut()?;
                (at, place) = (open.step, open.high);
                if open.low == open.high {
                    room.open.pop();
                } else {
                    open.high -= 1;
                }
            }
        }
    }
}

impl Open {
    fn at(step: usize, place: usize) -> Self {
        Self {
            step,
            low: place,
            high: place,
        }
    }
}

fn add(class: &mut Class, byte: u8) {
    class[usize::from(byte >> 3)] |= 1 << (byte & 7);
}

fn has(class: &Class, byte: u8) -> bool {
    class[usize::from(byte >> 3)] >> (byte & 7) & 1 == 1
}

/// Whether a word begins or ends before `place`, as `\b` has it in patterns of bytes.
fn is_edge(text: &[u8], place: usize) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| is_word(*byte));
    is_word(place.checked_sub(1).and_then(|before| text.get(before))) != is_word(text.get(place))
}

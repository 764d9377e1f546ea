//! Looks for one pattern in a stretch of text.
//!
//! The `regex` crate says what a pattern means, and the tests hold this against it. It does
//! not run here: its parser and its engines were a quarter of the module that people
//! download, and the first judgement after a start waited 0.3 s for them.

use super::key::is_word;
use super::node::{Class, Node, add, has};
use std::ops::Range;

/// A pattern, ready to be looked for.
pub(crate) struct Program {
    steps: Vec<Step>,
    /// Number of its meets.
    meets: usize,
    /// The bytes that a match can begin with.
    first: Box<[bool; 256]>,
    /// The bytes that can follow, by the five low bits of the first: those tell letters apart.
    second: Box<[Class; 32]>,
    /// A match begins at the edge of a word.
    at_edge: bool,
}

/// One step; the next one follows it.
enum Step {
    Literal(Box<[u8]>),
    Class(Class),
    /// So many bytes of a class, as many as can be.
    Repeat(Repeat),
    Edge,
    Start,
    End,
    /// One of these, the first that will do.
    Set(Set),
    /// Goes on here, and there if that fails; with the bytes that can stand first of either.
    Try(usize, Box<[Class; 2]>),
    /// Goes on there.
    Go(usize),
    /// Ways meet: whoever comes to the same byte a second time has failed before.
    Meet(usize),
    Match,
}

/// A repeated class of bytes.
struct Repeat {
    class: Class,
    /// The only byte that is not in the class: `.` has all but the line end.
    but: Option<u8>,
    least: usize,
    most: usize,
    /// The bytes that can stand behind it.
    next: Class,
    /// The edge of a word stands behind it.
    to_edge: bool,
}

/// Literals, none of them empty.
struct Set {
    /// One more than the list of those that begin with a byte; 0 where none does.
    lists: Box<[u8; 256]>,
    /// In the pattern's order, which counts only where the first byte is the same.
    literals: Vec<Vec<Box<[u8]>>>,
}

/// Room to work in, kept from one search to the next.
#[derive(Default)]
pub(crate) struct Room {
    open: Vec<Open>,
    /// The edges of words: a bit each for every place of the text, its end included.
    edges: Vec<u64>,
    /// Meets that were passed: a bit each for every byte of the text.
    passed: Vec<u64>,
}

/// What is still to be tried: a step at the places from the highest down to the lowest.
struct Open {
    step: usize,
    low: usize,
    high: usize,
    /// The [`Step::Repeat`] before it, or [`NO_REPEAT`].
    repeat: usize,
}

const NO_REPEAT: usize = usize::MAX;

impl Program {
    /// Compiles a tree, whose classes are of `classes`.
    pub(crate) fn new(node: &Node, classes: &[Class]) -> Self {
        let mut program = Self {
            steps: Vec::new(),
            meets: 0,
            first: Box::new([false; 256]),
            second: Box::new([[0; 32]; 32]),
            at_edge: false,
        };
        program.put(node, classes);
        program.steps.push(Step::Match);
        for at in 0..program.steps.len() {
            match program.steps[at] {
                Step::Try(other, _) => {
                    let firsts = [at + 1, other].map(|at| program.firsts(at));
                    program.steps[at] = Step::Try(other, Box::new(firsts));
                }
                Step::Repeat(_) => program.look_behind(at),
                _ => {}
            }
        }
        let first = program.firsts(0);
        for byte in 0..=u8::MAX {
            program.first[usize::from(byte)] = has(&first, byte);
        }
        program.add_seconds(0);
        program.at_edge = matches!(program.steps[0], Step::Edge);
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
                    self.steps.push(Step::Repeat(Repeat {
                        class: class(number),
                        but: all_but_one(&class(number)),
                        least,
                        most,
                        next: [0; 32],
                        to_edge: false,
                    }));
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
                            ends.push(self.jump(open_try));
                            self.put(node, classes);
                        }
                        ends.into_iter().for_each(|end| self.land(end));
                        self.meet();
                    }
                    None => {
                        let start = self.steps.len();
                        self.meet();
                        let end = self.jump(open_try);
                        self.put(node, classes);
                        self.steps.push(Step::Go(start));
                        self.land(end);
                    }
                }
            }
        }
    }

    fn put_either(&mut self, parts: &[Node], classes: &[Class]) {
        if let Some(set) = Set::new(parts) {
            self.steps.push(Step::Set(set));
        } else {
            let mut ends = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                let is_last = at + 1 == parts.len();
                let other = (!is_last).then(|| self.jump(open_try));
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
        if let Some(Step::Try(aim, _) | Step::Go(aim)) = self.steps.get_mut(jump) {
            *aim = here;
        }
    }

    /// Notes in a [`Step::Repeat`] what can stand behind it.
    fn look_behind(&mut self, at: usize) {
        let next = self.firsts(at + 1);
        let behind = self.steps[at + 1..].iter();
        let to_edge = behind
            .skip_while(|step| matches!(step, Step::Meet(_)))
            .take(1)
            .any(|step| matches!(step, Step::Edge));
        if let Step::Repeat(repeat) = &mut self.steps[at] {
            (repeat.next, repeat.to_edge) = (next, to_edge);
        }
    }

    /// The bytes that can stand first from a step on; all where nothing need stand there.
    fn firsts(&self, at: usize) -> Class {
        let mut class = [0; 32];
        self.add_firsts(at, &mut class);
        class
    }

    fn add_firsts(&self, mut at: usize, firsts: &mut Class) {
        loop {
            match &self.steps[at] {
                Step::Literal(literal) => return add(firsts, literal[0]),
                Step::Class(class) => return add_all(firsts, class),
                Step::Repeat(repeat) => {
                    add_all(firsts, &repeat.class);
                    if repeat.least > 0 {
                        return;
                    }
                }
                Step::Set(set) => {
                    let literals = set.literals.iter().flatten();
                    return literals.for_each(|literal| add(firsts, literal[0]));
                }
                Step::Try(other, _) => self.add_firsts(*other, firsts),
                Step::Go(aim) => {
                    at = *aim;
                    continue;
                }
                Step::Edge | Step::Start | Step::End | Step::Meet(_) => {}
                Step::Match => return *firsts = [0xFF; 32],
            }
            at += 1;
        }
    }

    /// Adds the bytes that can follow the first from a step on.
    fn add_seconds(&mut self, mut at: usize) {
        loop {
            let behind = at + 1;
            match &self.steps[at] {
                Step::Literal(literal) => {
                    let second = self.second_of(literal, behind);
                    let first = literal[0];
                    return add_all(&mut self.second[usize::from(first & 31)], &second);
                }
                Step::Class(class) => {
                    let (class, second) = (*class, self.firsts(behind));
                    return self.follow(&class, &second);
                }
                Step::Repeat(repeat) => {
                    let (class, least) = (repeat.class, repeat.least);
                    let mut second = class;
                    add_all(&mut second, &self.firsts(behind));
                    self.follow(&class, &second);
                    if least > 0 {
                        return;
                    }
                }
                Step::Set(set) => {
                    let pairs: Vec<(u8, Class)> = set
                        .literals
                        .iter()
                        .flatten()
                        .map(|literal| (literal[0], self.second_of(literal, behind)))
                        .collect();
                    for (first, second) in pairs {
                        add_all(&mut self.second[usize::from(first & 31)], &second);
                    }
                    return;
                }
                Step::Try(other, _) => {
                    let other = *other;
                    self.add_seconds(other);
                }
                Step::Go(aim) => {
                    at = *aim;
                    continue;
                }
                Step::Edge | Step::Start | Step::End | Step::Meet(_) => {}
                Step::Match => return,
            }
            at = behind;
        }
    }

    /// The second byte of a literal, or what can stand at the step behind it.
    fn second_of(&self, literal: &[u8], behind: usize) -> Class {
        match literal.get(1) {
            Some(byte) => {
                let mut class = [0; 32];
                add(&mut class, *byte);
                class
            }
            None => self.firsts(behind),
        }
    }

    /// Lets the bytes of `second` follow those of `first`.
    fn follow(&mut self, first: &Class, second: &Class) {
        for byte in (0..=u8::MAX).filter(|byte| has(first, *byte)) {
            add_all(&mut self.second[usize::from(byte & 31)], second);
        }
    }

    /// The first match in the text that `room` has read: of those that begin first the one that
    /// the pattern prefers.
    pub(crate) fn find(&self, text: &[u8], room: &mut Room) -> Option<Range<usize>> {
        let mut is_clear = false;
        let mut from = 0;
        while let Some(start) = self.start(text, from, room) {
            from = start + 1;
            if !is_clear {
                let bits = self.meets * (text.len() + 1);
                room.passed.clear();
                room.passed.resize(bits.div_ceil(64), 0);
                is_clear = true;
            }
            if let Some(end) = self.run(text, start, room) {
                return Some(start..end);
            }
        }
        None
    }

    /// The next place from `from` on where a match can begin.
    fn start(&self, text: &[u8], mut from: usize, room: &Room) -> Option<usize> {
        loop {
            if self.at_edge {
                from = room.edge_from(from)?;
            }
            let byte = *text.get(from)?;
            let follows = |next: &u8| has(&self.second[usize::from(byte & 31)], *next);
            if self.first[usize::from(byte)] && text.get(from + 1).is_none_or(follows) {
                return Some(from);
            }
            from += 1;
        }
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
                    let stands = stands(literal, text, place);
                    place += literal.len();
                    stands
                }
                Step::Class(class) => {
                    let stands = text.get(place).is_some_and(|byte| has(class, *byte));
                    place += 1;
                    stands
                }
                Step::Repeat(repeat) => {
                    let rest = &text[place..];
                    let rest = &rest[..repeat.most.min(rest.len())];
                    let end = match repeat.but {
                        Some(but) => rest.iter().position(|byte| *byte == but),
                        None => rest.iter().position(|byte| !has(&repeat.class, *byte)),
                    };
                    let count = end.unwrap_or(rest.len());
                    if count >= repeat.least {
                        room.open.push(Open {
                            step: at,
                            low: place + repeat.least,
                            high: place + count,
                            repeat: at - 1,
                        });
                    }
                    false
                }
                Step::Edge => room.is_edge(place),
                Step::Start => place == 0,
                Step::End => place == text.len(),
                Step::Set(set) => {
                    let list = text
                        .get(place)
                        .map_or(0, |byte| set.lists[usize::from(*byte)]);
                    let list = usize::from(list).checked_sub(1);
                    // What is opened last is tried first.
                    for literal in list
                        .iter()
                        .flat_map(|list| set.literals[*list].iter().rev())
                    {
                        if stands(literal, text, place) {
                            room.open.push(Open::at(at, place + literal.len()));
                        }
                    }
                    false
                }
                Step::Try(other, firsts) => {
                    let can = |class: &Class| text.get(place).is_none_or(|byte| has(class, *byte));
                    let here = can(&firsts[0]);
                    if can(&firsts[1]) {
                        if here {
                            room.open.push(Open::at(*other, place));
                        } else {
                            at = *other;
                        }
                        true
                    } else {
                        here
                    }
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
                (at, place) = self.next(text, room)?;
            }
        }
    }

    /// What is to be tried next: a step and the place where it is to stand.
    fn next(&self, text: &[u8], room: &mut Room) -> Option<(usize, usize)> {
        loop {
            let open = room.open.pop()?;
            let Some(Step::Repeat(repeat)) = self.steps.get(open.repeat) else {
                return Some((open.step, open.high));
            };
            let mut high = open.high;
            loop {
                if repeat.to_edge {
                    match room.edge_to(high) {
                        Some(edge) if edge >= open.low => high = edge,
                        _ => break,
                    }
                }
                if text.get(high).is_none_or(|byte| has(&repeat.next, *byte)) {
                    if high > open.low {
                        room.open.push(Open {
                            high: high - 1,
                            ..open
                        });
                    }
                    return Some((open.step, high));
                }
                if high == open.low {
                    break;
                }
                high -= 1;
            }
        }
    }
}

impl Room {
    /// Notes where the words of a text begin and end, as `\b` has it in patterns of bytes.
    pub(crate) fn read(&mut self, text: &[u8]) {
        self.edges.clear();
        self.edges.resize(text.len() / 64 + 1, 0);
        let mut in_word = false;
        for (place, byte) in text.iter().enumerate() {
            let is_word = is_word(*byte);
            self.edges[place / 64] |= u64::from(in_word != is_word) << (place % 64);
            in_word = is_word;
        }
        self.edges[text.len() / 64] |= u64::from(in_word) << (text.len() % 64);
    }

    fn is_edge(&self, place: usize) -> bool {
        self.edges[place / 64] >> (place % 64) & 1 == 1
    }

    /// The first edge from a place on.
    fn edge_from(&self, place: usize) -> Option<usize> {
        let mut word = place / 64;
        let mut bits = self.edges.get(word)? & (u64::MAX << (place % 64));
        while bits == 0 {
            word += 1;
            bits = *self.edges.get(word)?;
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }

    /// The last edge up to a place.
    fn edge_to(&self, place: usize) -> Option<usize> {
        let mut word = place / 64;
        let mut bits = self.edges[word] & (u64::MAX >> (63 - place % 64));
        while bits == 0 {
            word = word.checked_sub(1)?;
            bits = self.edges[word];
        }
        Some(word * 64 + 63 - bits.leading_zeros() as usize)
    }
}

/// A [`Step::Try`] whose aim and bytes are not known yet.
fn open_try(aim: usize) -> Step {
    Step::Try(aim, Box::default())
}

impl Set {
    /// None of parts that are not all literals with a byte at least.
    fn new(parts: &[Node]) -> Option<Self> {
        let mut set = Self {
            lists: Box::new([0; 256]),
            literals: Vec::new(),
        };
        for part in parts {
            let Node::Literal(literal) = part else {
                return None;
            };
            let list = &mut set.lists[usize::from(*literal.first()?)];
            if *list == 0 {
                set.literals.push(Vec::new());
                *list = u8::try_from(set.literals.len()).ok()?;
            }
            set.literals[usize::from(*list) - 1].push(literal[..].into());
        }
        Some(set)
    }
}

impl Open {
    fn at(step: usize, place: usize) -> Self {
        Self {
            step,
            low: place,
            high: place,
            repeat: NO_REPEAT,
        }
    }
}

/// The byte that alone is not in a class.
fn all_but_one(class: &Class) -> Option<u8> {
    let mut others = (0..=u8::MAX).filter(|byte| !has(class, *byte));
    let other = others.next();
    other.filter(|_| others.next().is_none())
}

fn add_all(class: &mut Class, other: &Class) {
    class
        .iter_mut()
        .zip(other)
        .for_each(|(to, from)| *to |= from);
}

/// Whether a literal stands at a place. Most do not, and differ in their first byte.
fn stands(literal: &[u8], text: &[u8], place: usize) -> bool {
    text[place..].len() >= literal.len()
        && literal
            .iter()
            .zip(&text[place..])
            .all(|(wanted, byte)| wanted == byte)
}

//! Looks for one pattern in a stretch of text.
//!
//! The `regex` crate says what a pattern means, and the tests hold this against it. It does
//! not run here: its parser and its engines would be a quarter of the module that people
//! download, and the first judgement after a start would wait 0.3 s for them.

use super::key::is_word;
use super::node::{Class, Node, add, has};
use std::ops::Range;

/// A pattern, ready to be looked for.
pub(crate) struct Program {
    steps: Vec<Step>,
    /// How many [`Step::Meet`]s it has.
    meets: usize,
    /// The bytes that a match can begin with.
    first: Box<[bool; 256]>,
    /// The bytes that can follow, by the low five bits of the first: these tell letters apart.
    second: Box<[Class; 32]>,
    /// A match begins at the edge of a word.
    at_edge: bool,
}

/// One step; the next one follows it.
enum Step {
    Literal(Box<[u8]>),
    Class(Class),
    /// Bytes of a class, as many as possible.
    Repeat(Repeat),
    Edge,
    Start,
    End,
    /// One of these literals, the first that leads to a match.
    Set(Set),
    /// Goes on at the first of these steps that leads to a match.
    Ways(Box<[Way]>),
    /// Jumps to a step.
    Go(usize),
    /// Ways join here; a second arrival at the same byte fails, since the first did.
    Meet(usize),
    Match,
}

/// Where to go on.
struct Way {
    step: usize,
    /// The bytes that can come first there.
    firsts: Few,
}

/// Approximate byte set: bytes that share a bit are not told apart.
#[derive(Clone, Copy)]
struct Few(u64);

/// A repeated class of bytes.
struct Repeat {
    class: Class,
    /// The only byte that is not in the class, if it lacks just one: `.` lacks the line end.
    but: Option<u8>,
    least: usize,
    most: usize,
    /// The bytes that can follow it.
    next: Few,
    /// The edge of a word must follow it.
    to_edge: bool,
}

/// Literals, none of them empty.
struct Set {
    /// One more than the list of those that begin with a byte; 0 where none does.
    lists: Box<[u8; 256]>,
    /// In the pattern's order, which matters only among those with the same first byte.
    literals: Vec<Vec<Box<[u8]>>>,
}

/// Room to work in, kept from one search to the next.
#[derive(Default)]
pub(crate) struct Room {
    open: Vec<Open>,
    /// The edges of words: a bit each for every place of the text, its end included.
    edges: Vec<u64>,
    /// The [`Step::Meet`]s that were passed: for each, a bit for every place of the text.
    passed: Vec<u64>,
}

/// What is still to be tried: a step, at the places from `high` down to `low`.
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
                Step::Ways(_) => program.look_along(at),
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
                        next: Few(0),
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
                        let mut skips = Vec::new();
                        for _ in *least..*most {
                            skips.push(self.part_ways());
                            self.put(node, classes);
                        }
                        skips.into_iter().for_each(|skip| self.way(skip));
                        self.meet();
                    }
                    None => {
                        let start = self.steps.len();
                        self.meet();
                        let skip = self.part_ways();
                        self.put(node, classes);
                        self.steps.push(Step::Go(start));
                        self.way(skip);
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
            let mut ways = None;
            for part in parts {
                match ways {
                    Some(ways) => {
                        ends.push(self.steps.len());
                        self.steps.push(Step::Go(0));
                        self.way(ways);
                    }
                    None => ways = Some(self.part_ways()),
                }
                self.put(part, classes);
            }
            for end in ends {
                self.steps[end] = Step::Go(self.steps.len());
            }
        }
        self.meet();
    }

    fn meet(&mut self) {
        self.steps.push(Step::Meet(self.meets));
        self.meets += 1;
    }

    /// Adds a step where ways part, and returns its index. The first way goes on right behind it.
    fn part_ways(&mut self) -> usize {
        let at = self.steps.len();
        self.steps.push(Step::Ways(Box::new([Way::to(at + 1)])));
        at
    }

    /// Lets one more way lead from a step to here.
    fn way(&mut self, from: usize) {
        let way = Way::to(self.steps.len());
        if let Step::Ways(ways) = &mut self.steps[from] {
            *ways = std::mem::take(ways).into_iter().chain([way]).collect();
        }
    }

    /// Notes in a [`Step::Ways`] which bytes each way can begin with.
    fn look_along(&mut self, at: usize) {
        let Step::Ways(ways) = &mut self.steps[at] else {
            return;
        };
        let mut ways = std::mem::take(ways);
        for way in &mut ways {
            way.firsts = Few::of(&self.firsts(way.step));
        }
        self.steps[at] = Step::Ways(ways);
    }

    /// Notes in a [`Step::Repeat`] what can follow it.
    fn look_behind(&mut self, at: usize) {
        let next = self.firsts(at + 1);
        let behind = self.steps[at + 1..].iter();
        let to_edge = behind
            .skip_while(|step| matches!(step, Step::Meet(_)))
            .take(1)
            .any(|step| matches!(step, Step::Edge));
        if let Step::Repeat(repeat) = &mut self.steps[at] {
            (repeat.next, repeat.to_edge) = (Few::of(&next), to_edge);
        }
    }

    /// The bytes that what follows from a step on can begin with; all of them where it can be empty.
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
                Step::Ways(ways) => {
                    return ways
                        .iter()
                        .for_each(|way| self.add_firsts(way.step, firsts));
                }
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

    /// Adds the bytes that can come second from a step on.
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
                Step::Ways(ways) => {
                    let ways: Vec<usize> = ways.iter().map(|way| way.step).collect();
                    return ways.into_iter().for_each(|way| self.add_seconds(way));
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

    /// The second byte of a literal; of a single byte, what the step behind it can begin with.
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

    /// The leftmost match in the text that `room` has read: of those that begin there, the one
    /// that the pattern prefers.
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

    /// End of the match that begins at `from`, if one does.
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
                    let count = repeat.count(&text[place..]);
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
                    // What is opened last is tried first.
                    for literal in set.that_begin(text.get(place)).iter().rev() {
                        if stands(literal, text, place) {
                            room.open.push(Open::at(at, place + literal.len()));
                        }
                    }
                    false
                }
                Step::Ways(ways) => {
                    let first = room.part_ways(ways, text, place);
                    at = first.unwrap_or(at);
                    first.is_some()
                }
                Step::Go(aim) => {
                    at = *aim;
                    true
                }
                Step::Meet(number) => room.pass(number * (text.len() + 1) + place),
            };
            if !goes_on {
                (at, place) = self.next(text, room)?;
            }
        }
    }

    /// What is to be tried next: a step and the place to try it at.
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
                if repeat.next.meets(Few::at(text, high)) {
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
        let mut before = 0;
        for (edges, bytes) in self.edges.iter_mut().zip(text.chunks(64)) {
            let mut words = 0;
            for (bit, byte) in bytes.iter().enumerate() {
                words |= u64::from(is_word(*byte)) << bit;
            }
            *edges = words ^ (words << 1 | before);
            before = words >> 63;
        }
        // A last chunk of fewer than 64 bytes has the edge at the end already.
        if text.len().is_multiple_of(64) {
            self.edges[text.len() / 64] = before;
        }
    }

    /// Opens the ways that can be gone from a place on, all but the first, whose step it returns.
    fn part_ways(&mut self, ways: &[Way], text: &[u8], place: usize) -> Option<usize> {
        let here = Few::at(text, place);
        let mut first = None;
        // What is opened last is tried first.
        for way in ways.iter().rev() {
            if way.firsts.meets(here)
                && let Some(later) = first.replace(way.step)
            {
                self.open.push(Open::at(later, place));
            }
        }
        first
    }

    /// Passes a [`Step::Meet`], by its bit for the place; false where it was passed there before.
    fn pass(&mut self, bit: usize) -> bool {
        let word = &mut self.passed[bit / 64];
        let passed = *word >> (bit % 64) & 1 == 1;
        *word |= 1 << (bit % 64);
        !passed
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

impl Way {
    /// A way whose first bytes are not known yet.
    fn to(step: usize) -> Self {
        Self {
            step,
            firsts: Few(0),
        }
    }
}

impl Few {
    /// The bit of a byte: lower-case letters have one each; digits and punctuation share the others.
    fn bit(byte: u8) -> u8 {
        byte & 31 | byte >> 1 & 32
    }

    fn of(class: &Class) -> Self {
        let mut few = 0;
        for (at, bits) in class.iter().enumerate() {
            few |= u64::from(*bits) << Self::bit(at as u8 * 8);
        }
        Self(few)
    }

    /// The byte at a place; all bytes at the end of the text, where what follows may be empty.
    fn at(text: &[u8], place: usize) -> Self {
        Self(
            text.get(place)
                .map_or(u64::MAX, |byte| 1 << Self::bit(*byte)),
        )
    }

    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Repeat {
    /// How many bytes it takes from the beginning of a text.
    fn count(&self, text: &[u8]) -> usize {
        let text = &text[..self.most.min(text.len())];
        let end = match self.but {
            Some(but) => text.iter().position(|byte| *byte == but),
            None => text.iter().position(|byte| !has(&self.class, *byte)),
        };
        end.unwrap_or(text.len())
    }
}

impl Set {
    /// `None` unless all parts are literals of at least one byte.
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

    /// Its literals that begin with a byte, in the pattern's order.
    fn that_begin(&self, byte: Option<&u8>) -> &[Box<[u8]>] {
        let list = byte.map_or(0, |byte| self.lists[usize::from(*byte)]);
        match usize::from(list).checked_sub(1) {
            Some(list) => &self.literals[list],
            None => &[],
        }
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

/// The byte that a class lacks, if it lacks just one.
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

/// Whether a literal stands at a place. Most do not, and already differ in the first byte.
fn stands(literal: &[u8], text: &[u8], place: usize) -> bool {
    text[place..].len() >= literal.len()
        && literal
            .iter()
            .zip(&text[place..])
            .all(|(wanted, byte)| wanted == byte)
}

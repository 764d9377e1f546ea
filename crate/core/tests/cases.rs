//! The texts of `tests/cases`, `tests/lessons` and `tests/held`, judged natively by the engine that
//! ships.

mod common;

use doorchain_core::{Engine, Level, PageFacts, Verdict, parse_address};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt::Write as _,
    fs,
};

/// What must be right, what was learned from, and what nobody has read.
const FOLDERS: [&str; 3] = ["cases", "lessons", "held"];

/// Least share of the scams held back that are warned of, and most of the innocents; docs/MODEL.md
/// has the figures.
const LEAST_WARNED: f64 = 0.75;
const MOST_ALARMS: f64 = 0.02;

/// Share of common shingles (Jaccard) from which two cases count as one written twice.
const ALIKE: f64 = 0.5;

const KINDS: [Kind; 7] = [
    Kind::Page,
    Kind::Email,
    Kind::Sms,
    Kind::Call,
    Kind::Chat,
    Kind::Typed,
    Kind::Host,
];

const LANGUAGES: [&str; 10] = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "hi"];

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    kind: Kind,
    lang: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    facts: PageFacts,
    expect: Expect,
    why: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Page,
    Email,
    Sms,
    Call,
    Chat,
    Typed,
    Host,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
enum Expect {
    Caution,
    Notice,
    Quiet,
    /// Caution or above.
    Warned,
    /// Below caution.
    NotWarned,
}

impl Expect {
    fn holds(self, level: Level) -> bool {
        match self {
            Self::Caution => level == Level::Caution,
            Self::Notice => level == Level::Notice,
            Self::Quiet => level == Level::Quiet,
            Self::Warned => level >= Level::Caution,
            Self::NotWarned => level < Level::Caution,
        }
    }

    fn warns(self) -> bool {
        matches!(self, Self::Caution | Self::Warned)
    }
}

impl Case {
    /// As the engine meets it: a page at its address, a message at none.
    fn judge(&self, engine: &Engine) -> Verdict {
        match self.kind {
            Kind::Typed => engine.judge_typed(&self.url, &self.text),
            Kind::Host => engine.judge_address(&self.url),
            Kind::Page | Kind::Email | Kind::Sms | Kind::Call | Kind::Chat => {
                let facts = PageFacts {
                    title: self.title.clone(),
                    from: self.from.clone(),
                    text: self.text.clone(),
                    ..self.facts.clone()
                };
                engine.judge_page(&self.url, &facts)
            }
        }
    }

    /// Everything that was written for it, in one piece.
    fn written(&self) -> String {
        format!("{} {} {}", self.title, self.text, self.facts.hidden_text)
    }

    /// Runs of three words; of three letters where a script sets no spaces between words.
    fn shingles(&self) -> HashSet<String> {
        let text = self.written().to_lowercase();
        let (units, glue): (Vec<String>, _) = if self.lang == "ja" {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            (letters.map(String::from).collect(), "")
        } else {
            let words = text.split(|c: char| !c.is_alphanumeric());
            let words = words.filter(|word| !word.is_empty());
            (words.map(str::to_owned).collect(), " ")
        };
        units.windows(3).map(|run| run.join(glue)).collect()
    }
}

fn cases(folder: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in common::files(folder) {
        let data = fs::read_to_string(&path).expect("is UTF-8");
        for (number, line) in data.lines().enumerate() {
            match serde_json::from_str(line) {
                Ok(case) => cases.push(case),
                Err(error) => panic!("{}:{}: {error}", path.display(), number + 1),
            }
        }
    }
    cases
}

#[test]
fn every_text_is_well_formed_and_there_are_enough() {
    let mut ids = HashSet::new();
    for case in FOLDERS.into_iter().flat_map(cases) {
        let id = &case.id;
        assert!(!case.why.trim().is_empty(), "{id}: no reason given");
        match case.kind {
            Kind::Host => assert!(
                !case.url.is_empty() && case.text.is_empty(),
                "{id}: a host is an address alone"
            ),
            Kind::Page => assert!(!case.url.is_empty(), "{id}: a page has an address"),
            _ => assert!(
                case.url.is_empty() && !case.text.is_empty(),
                "{id}: a message is its text"
            ),
        }
        assert!(ids.insert(case.id.clone()), "{}: twice", case.id);
    }
    let cases = cases("cases");
    let mut kinds = BTreeMap::new();
    let mut languages = BTreeMap::new();
    for case in &cases {
        let warns = case.expect.warns();
        *kinds.entry((case.kind, warns)).or_insert(0) += 1;
        *languages.entry((case.lang.as_str(), warns)).or_insert(0) += 1;
    }
    for warns in [true, false] {
        let count = cases
            .iter()
            .filter(|case| case.expect.warns() == warns)
            .count();
        assert!(count >= if warns { 400 } else { 600 }, "{count} of {warns}");
        for kind in KINDS {
            assert!(kinds.contains_key(&(kind, warns)), "{kind:?}, {warns}");
        }
        for language in LANGUAGES {
            assert!(
                languages.contains_key(&(language, warns)),
                "{language}, {warns}"
            );
        }
    }
    assert_eq!(languages.len(), 2 * LANGUAGES.len(), "{languages:?}");
}

/// What is held back measures nothing if its like was learned from.
#[test]
fn no_text_is_written_twice() {
    let cases: Vec<Case> = FOLDERS.into_iter().flat_map(cases).collect();
    let shingles: Vec<_> = cases.iter().map(Case::shingles).collect();
    let mut with: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut alike = String::new();
    for (i, one) in shingles.iter().enumerate() {
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        for shingle in one {
            let others = with.entry(shingle).or_default();
            for other in &*others {
                *common.entry(*other).or_default() += 1;
            }
            others.push(i);
        }
        for (j, common) in common {
            let all = one.len() + shingles[j].len() - common;
            if common as f64 >= ALIKE * all as f64 {
                let _ = writeln!(
                    alike,
                    "{} and {}: {common} of {all}",
                    cases[j].id, cases[i].id
                );
            }
        }
    }
    assert!(alike.is_empty(), "near duplicates:\n{alike}");
}

#[test]
fn what_nobody_has_read_is_judged_as_well_as_is_said() {
    let engine = Engine::new(parse_address);
    let held = cases("held");
    for (warns, holds) in [
        (
            true,
            &(|share| share >= LEAST_WARNED) as &dyn Fn(f64) -> bool,
        ),
        (false, &|share| share <= MOST_ALARMS),
    ] {
        let of_them: Vec<_> = held
            .iter()
            .filter(|case| case.expect.warns() == warns)
            .collect();
        let warned = of_them
            .iter()
            .filter(|case| case.judge(&engine).level >= Level::Caution);
        let warned = warned.count();
        assert!(
            holds(warned as f64 / of_them.len() as f64),
            "{warned} of {} are warned of where {warns} is due",
            of_them.len()
        );
    }
}

/// What a scammer could put around any text: warnings, notices, stories.
const PADDING: [&str; 6] = [
    "Ticket 448120. No action is needed if this was you.",
    "Beware of scams: police warn that fraudsters pretend to be well-known firms.",
    "Our staff will never ask you for your password. Do not share this code with anyone.",
    "According to the police, victims lost their life savings last year.",
    "Thank you for shopping with us. Nothing more is needed from your side.",
    "My grandmother laughed when she read the story in the newspaper.",
];

/// What one could put in a heading.
const HEADINGS: [&str; 4] = [
    "API endpoint, JSON webhook",
    "About 1,200 results. People also ask",
    "So get this, I got one of those calls",
    "The Amazon rainforest",
];

/// What one could put into each sentence.
const ASIDES: [&str; 2] = [", and never reply to this mail", " (api json)"];

/// What is drawn as a blank, or not at all, in place of blanks and between letters.
const BLANKS: [&str; 3] = ["\u{3164}", "\u{2800}", "\u{a0}"];
const NOTHINGS: [&str; 3] = ["\u{1d173}", "\u{20dd}", "\u{200b}"];

/// Evidence enough to be chosen, and of no way to Amazon or into a computer.
const DECOY: &str = "Your account is locked. You must act within 24 hours or your account will be \
    closed. Press 1 to cancel. Enter your card number and CVV. Log in to your online bank now.";

/// Something of no meaning, longer than what is judged together.
fn filler() -> String {
    "The garden was quiet and the road was wide.\n".repeat(70)
}

/// Largest share of warned texts that one line of padding may silence.
const MOST_SILENCED: f64 = 0.2;

#[test]
fn nothing_beside_a_scam_silences_many() {
    let engine = Engine::new(parse_address);
    let mut warned = cases("cases");
    warned.retain(|case| {
        !matches!(case.kind, Kind::Typed | Kind::Host)
            && !case.text.is_empty()
            && case.expect.warns()
            && case.judge(&engine).level >= Level::Caution
    });
    assert!(warned.len() > 500);
    // One case of so many: what is long takes its time.
    let check_each = |step: usize, what: &str, most: f64, pad: &dyn Fn(&mut Case)| {
        let cases: Vec<_> = warned.iter().step_by(step).collect();
        let silenced = cases.iter().filter(|case| {
            let mut padded = (**case).clone();
            pad(&mut padded);
            padded.judge(&engine).level < Level::Caution
        });
        let share = silenced.count() as f64 / cases.len() as f64;
        assert!(share <= most, "{what:?} silences {share:.2}");
    };
    let check = |what: &str, most: f64, pad: &dyn Fn(&mut Case)| check_each(1, what, most, pad);
    for line in PADDING {
        check(line, MOST_SILENCED, &|case| {
            case.text = format!("{line}\n{}", case.text);
        });
        check(line, MOST_SILENCED, &|case| {
            case.text = format!("{}\n{line}", case.text);
        });
    }
    for heading in HEADINGS {
        check(heading, 0.15, &|case| {
            case.facts.heading.push(heading.to_owned());
        });
    }
    for aside in ASIDES {
        check(aside, 0.12, &|case| {
            case.text = case.text.replace(". ", &format!("{aside}. "));
        });
    }
    for blank in BLANKS {
        check(blank, 0.0, &|case| {
            case.text = case.text.replace(' ', blank)
        });
    }
    for nothing in NOTHINGS {
        check(nothing, 0.0, &|case| {
            case.text = spread(&case.text, nothing);
        });
    }
    check_each(4, "a decoy far below", 0.05, &|case| {
        case.text = format!("{}\n{}{DECOY}", case.text, filler());
    });
    check_each(16, "each sentence many times before it", 0.05, &|case| {
        let far = filler();
        let decoys: String = case
            .text
            .split_inclusive(['.', '!', '?'])
            .take(3)
            .map(|sentence| format!("Never trust {sentence}\n{far}").repeat(6))
            .collect();
        case.text = decoys + &case.text;
    });
}

/// A text with something between the letters of its Latin words.
fn spread(text: &str, between: &str) -> String {
    let mut spread = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        spread.push(letter);
        if letter.is_ascii_alphabetic() && letters.peek().is_some_and(char::is_ascii_alphabetic) {
            spread += between;
        }
    }
    spread
}

/// Ids of the cases that the engine is known to get wrong; none may join them unsaid.
fn open_cases() -> BTreeSet<&'static str> {
    include_str!("../../../tests/cases/open.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .collect()
}

#[test]
fn every_case_gets_the_level_it_must() {
    let engine = Engine::new(parse_address);
    let cases = cases("cases");
    let mut open = open_cases();
    let mut wrong = String::new();
    let mut count = 0;
    for case in &cases {
        let verdict = case.judge(&engine);
        let is_open = open.remove(case.id.as_str());
        if case.expect.holds(verdict.level) {
            assert!(
                !is_open,
                "{} is right now: take it out of open.tsv",
                case.id
            );
            continue;
        }
        if is_open {
            continue;
        }
        count += 1;
        let codes: Vec<_> = verdict
            .reasons
            .iter()
            .map(|reason| reason.code.as_ref())
            .collect();
        let start: String = case.written().chars().take(160).collect();
        let _ = writeln!(
            wrong,
            "{}: {:?} where {:?} is due ({}), score {:.1}, [{}]\n    {} {}",
            case.id,
            verdict.level,
            case.expect,
            case.why,
            verdict.score,
            codes.join(" "),
            case.url,
            start.trim().replace('\n', " / "),
        );
    }
    assert!(count == 0, "{count} of {} cases:\n{wrong}", cases.len());
    assert!(open.is_empty(), "open.tsv names no case: {open:?}");
}

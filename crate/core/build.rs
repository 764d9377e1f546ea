//! Cuts the data files down to what is needed at run time.
//!
//! Sources and dates stay in the tree, where people check them, and out of the
//! program, where nobody reads them. Malformed data fails the build.

#[path = "src/cue/anchor.rs"]
mod anchor;
#[path = "src/cue/fours.rs"]
mod fours;
#[path = "src/cue/fragment.rs"]
mod fragment;
#[path = "src/host/hash.rs"]
mod hash;
#[path = "src/text/invisible.rs"]
mod invisible;
#[path = "src/cue/key.rs"]
#[allow(dead_code, reason = "most of it is the library's")]
mod key;
#[path = "src/text/letter.rs"]
mod letter;
#[path = "src/cue/node.rs"]
#[allow(dead_code, reason = "only the library reads")]
mod node;
#[path = "src/cue/parse.rs"]
mod parse;
#[path = "src/cue/patterns.rs"]
#[allow(dead_code, reason = "most of it is the library's")]
mod patterns;
#[path = "src/cue/source.rs"]
mod source;
#[path = "src/cue/window.rs"]
mod window;
#[path = "src/bits/writer.rs"]
mod writer;

use invisible::is_invisible;
use letter::fold_char;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for source in [
        "bits/writer",
        "cue/anchor",
        "cue/fours",
        "cue/fragment",
        "cue/key",
        "cue/node",
        "cue/parse",
        "cue/patterns",
        "cue/source",
        "cue/window",
        "host/hash",
        "text/invisible",
        "text/letter",
    ] {
        println!("cargo::rerun-if-changed=src/{source}.rs");
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let write = |name: &str, bytes: &[u8]| {
        fs::write(Path::new(&out).join(name), bytes).expect("OUT_DIR can be written");
    };
    write("suffixes.bin", &suffixes());
    let cues = cues();
    write("folds.bin", &folds(&cues.letters));
    write("small.bin", &small());
    write("cues.tsv", cues.lines.concat().as_bytes());
    write("cue_lines.bin", &cues.numbers);
    write("cue_patterns.bin", &cues.patterns);
    write("cue_windows.bin", &cues.windows);
    write("bank_signs.tsv", bank_signs().as_bytes());
    write("confusables.tsv", cut("confusables.tsv", 3, 2).as_bytes());
    write("structure.tsv", cut("structure.tsv", 5, 3).as_bytes());
    write("advice.tsv", advice().as_bytes());
    write("addresses.tsv", addresses().as_bytes());
    let tools = table("tools.tsv", 7);
    write("owners.tsv", owners(&tools).as_bytes());
    write("tools.tsv", facts(&tools, |_| true).as_bytes());
    write(
        "tools_web.tsv",
        facts(&tools, |kind| {
            // Hosts are in `owners.tsv`.
            matches!(kind, "support_page" | "installer" | "port" | "server_port")
        })
        .as_bytes(),
    );
}

/// Rows of a data file without its comments and its heading, each with `columns` fields.
fn table(name: &str, columns: usize) -> Vec<Vec<String>> {
    let path = Path::new("data").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'))
        .skip(1)
        .map(|(at, line)| {
            let row: Vec<_> = line.split('\t').map(str::to_owned).collect();
            assert_eq!(row.len(), columns, "{name}:{}: {line}", at + 1);
            row
        })
        .collect()
}

/// The first `kept` columns of a data file.
fn cut(name: &str, columns: usize, kept: usize) -> String {
    let rows = table(name, columns).into_iter();
    rows.map(|row| row[..kept].join("\t") + "\n").collect()
}

/// The signs of a bank: sign, place, and the patterns that stand for it there.
fn bank_signs() -> String {
    table("bank_signs.tsv", 6)
        .chunk_by(|a, b| a[..2] == b[..2])
        .map(|rows| {
            let patterns: Vec<_> = rows.iter().map(|row| row[3].as_str()).collect();
            format!("{}\t{}\t{}\n", rows[0][0], rows[0][1], patterns.join("\t"))
        })
        .collect()
}

/// What addresses tell: a line for each kind, with its values in order.
fn addresses() -> String {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table("addresses.tsv", 5) {
        let (kind, value) = match row[0].as_str() {
            // Told apart for people alone.
            "dynamic" => ("free", row[1].clone()),
            "letter" => ("letter", row[1..3].join("\t")),
            kind => (kind, row[1].clone()),
        };
        kinds.entry(kind.to_owned()).or_default().insert(value);
    }
    kinds
        .into_iter()
        .map(|(kind, values)| {
            let values: Vec<_> = values.into_iter().collect();
            format!("{kind}\t{}\n", values.join("\t"))
        })
        .collect()
}

/// Country, kind, name and value of each fact for the reader.
fn advice() -> String {
    let sources: BTreeSet<_> = table("sources.tsv", 3)
        .into_iter()
        .map(|mut row| row.swap_remove(0))
        .collect();
    let mut seen = BTreeSet::new();
    let mut out = String::new();
    for row in table("advice.tsv", 6) {
        assert!(
            row[0].len() == 2 && row[0].bytes().all(|byte| byte.is_ascii_uppercase()),
            "advice.tsv: country {}",
            row[0]
        );
        assert!(sources.contains(&row[4]), "advice.tsv: source {}", row[4]);
        assert!(
            row[5].len() == 10 && row[5].split('-').all(|part| part.parse::<u32>().is_ok()),
            "advice.tsv: date {}",
            row[5]
        );
        let line = row[..4].join("\t");
        assert!(
            seen.insert(line.clone()),
            "advice.tsv: {line} is there twice"
        );
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// The letters that fold to anything but their lower case, as `text/table.rs` reads them; not those
/// that fold to a script in which no cue is written, or to a Han letter that stands in none.
fn folds(asked: &BTreeSet<char>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut last = 0;
    for c in '\u{80}'..=char::MAX {
        let mut folded = String::new();
        fold_char(c, |part| folded.push(part));
        let is_asked = |part: char| !letter::is_foreign(part) || asked.contains(&part);
        if folded == c.to_lowercase().collect::<String>()
            || !folded.is_empty() && !folded.chars().any(is_asked)
        {
            continue;
        }
        let mut distance = u32::from(c) - last;
        last = u32::from(c);
        while distance >= 0x80 {
            bytes.push(distance as u8 | 0x80);
            distance >>= 7;
        }
        bytes.push(distance as u8);
        bytes.push(u8::try_from(folded.len()).expect("the longest is a blessing of 33 bytes"));
        bytes.extend(folded.bytes());
    }
    assert!(bytes.len() < 1 << 16, "places are counted with 16 bits");
    bytes
}

/// Capitals and how far from them their small letters are, as `text/small.rs` reads them.
fn small() -> Vec<u8> {
    struct Run {
        first: u32,
        last: u32,
        step: u32,
        distance: u32,
    }
    let mut runs: Vec<Run> = Vec::new();
    for capital in '\u{80}'..=char::MAX {
        let small = u32::from(capital.to_lowercase().next().unwrap_or(capital));
        let code = u32::from(capital);
        let distance = small.wrapping_sub(code);
        if distance == 0 {
            continue;
        }
        if let Some(run) = runs.last_mut().filter(|run| run.distance == distance) {
            let step = code - run.last;
            if run.first == run.last && step <= 2 || step == run.step {
                (run.last, run.step) = (code, step);
                continue;
            }
        }
        runs.push(Run {
            first: code,
            last: code,
            step: 1,
            distance,
        });
    }
    let mut bytes = Vec::new();
    let mut last = 0;
    for run in runs {
        let steps = (run.last - run.first) / run.step;
        for number in [run.first - last, steps, run.step, run.distance] {
            bytes.extend(&number.to_le_bytes()[..3]);
        }
        last = run.last;
    }
    bytes
}

/// The public suffix list as hashes.
///
/// The number of rules with 16 bits; then of each, in ascending order, the gap to the one before
/// in Rice's code and a bit that says "private". [`hash::BITS`] tell the
/// rules apart (checked here), and a name that is none of them is taken for one about once in
/// 9,000; no domain that is listed is (a test asks).
///
/// Of the list's ICANN section plain rules of three labels and more are left out. They are those of towns and
/// schools (`aisai.aichi.jp`, `k12.ca.us`), a fifth of all: a site there counts as its town's.
/// Those where Amazon's customers have their hosts are left out: `Owners::hosting` tells these apart.
fn suffixes() -> Vec<u8> {
    let mut seen = BTreeMap::new();
    let amazon = table("amazon.tsv", 4);
    let hosting: Vec<&str> = (amazon.iter())
        .filter(|row| row[1] == "hosting")
        .map(|row| row[0].as_str())
        .collect();
    for row in table("public_suffixes.tsv", 2) {
        let is_in = |domain: &&str| {
            let above = row[0].strip_suffix(domain);
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
        };
        let is_of_a_place =
            row[1] == "icann" && row[0].split('.').count() > 2 && !row[0].starts_with(['*', '!']);
        if is_of_a_place || hosting.iter().any(is_in) {
            continue;
        }
        // `!city.kobe.jp` and `*.kobe.jp` keep their mark where the walk meets it: at the far end.
        let (mark, name) = match row[0].strip_prefix('!') {
            Some(name) => ("!", name),
            None => ("", row[0].as_str()),
        };
        let hash = name
            .bytes()
            .rev()
            .chain(mark.bytes())
            .fold(hash::START, hash::add);
        let private = match row[1].as_str() {
            "icann" => 0,
            "private" => 1,
            other => panic!("public_suffixes.tsv: section {other}"),
        };
        let hash = hash >> (64 - hash::BITS);
        if let Some((other, _)) = seen.insert(hash, (row[0].clone(), private)) {
            panic!("public_suffixes.tsv: {other} and {} share a hash", row[0]);
        }
    }
    let count = u16::try_from(seen.len()).expect("fewer than 65,536 rules");
    let mut bits = writer::Writer::default();
    bits.number(count.into(), 16);
    let mut last = 0;
    for (hash, (_, private)) in seen {
        let gap = hash - last;
        last = hash;
        bits.rice(gap, hash::GAP_BITS);
        bits.number(private, 1);
    }
    bits.bytes()
}

/// Whose domains are, by what stands behind their first dot, in order: a line of a dot and that,
/// then one for each domain with what stands before it and, if it is no bank's, whose it is: `=a` Amazon's, `=c`
/// Amazon's where others write, `=h` Amazon's with customers under it, `=t` and the id a tool's.
///
/// Labels are in order, so that many begin as the one before does: a capital stands for so many letters of that.
/// Names of banks are for those who check the list: people know theirs by its address.
fn owners(tools: &[Vec<String>]) -> String {
    let mut domains: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut put = |domain: &str, owner: String| {
        let (label, above) = domain.split_once('.').unwrap_or((domain, ""));
        let labels = domains.entry(above.to_owned()).or_default();
        if labels.insert(label.to_owned(), owner).is_some() {
            panic!("{domain} has two owners");
        }
    };
    for row in table("amazon.tsv", 4) {
        let owner = match row[1].as_str() {
            "hosting" => "=h",
            "community" => "=c",
            _ => "=a",
        };
        put(&row[0], owner.to_owned());
    }
    for row in table("banks.tsv", 6) {
        put(&row[0], String::new());
    }
    for row in tools
        .iter()
        .filter(|row| matches!(row[1].as_str(), "site" | "relay"))
    {
        put(&row[3], format!("=t{}", row[0]));
    }
    let mut lines = String::new();
    for (above, labels) in domains {
        lines += &format!(".{above}\n");
        let mut last = String::new();
        for (label, owner) in labels {
            let pairs = last.bytes().zip(label.bytes());
            let shared = pairs.take_while(|(a, b)| a == b).count().min(25);
            if shared > 1 {
                lines.push(char::from(b'A' + shared as u8));
            }
            let rest = if shared > 1 { &label[shared..] } else { &label };
            lines += &format!("{rest}{owner}\n");
            last = label;
        }
    }
    lines
}

/// The tools: a line of id and name, then one for each fact of the wanted kinds, which begins
/// with a tab: kind and value, behind them system and grade where they are not `any` and `-`.
fn facts(tools: &[Vec<String>], wanted: impl Fn(&str) -> bool) -> String {
    let mut lines = String::new();
    for tool in tools.chunk_by(|a, b| a[0] == b[0]) {
        let (name, facts) = tool.split_first().expect("no chunk is empty");
        assert_eq!(name[1], "name", "tools.tsv: {} has no name", name[0]);
        lines += &format!("{}\t{}\n", name[0], name[3]);
        for row in facts.iter().filter(|row| wanted(&row[1])) {
            lines += &format!("\t{}\t{}", row[1], row[3]);
            if (row[2].as_str(), row[4].as_str()) != ("any", "-") {
                lines += &format!("\t{}\t{}", row[2], row[4]);
            }
            lines.push('\n');
        }
    }
    lines
}

/// What the engine has of the cues.
struct Cues {
    /// Code, whether for typed text alone, weight: each once.
    lines: Vec<String>,
    /// The line of each cue.
    numbers: Vec<u8>,
    /// All that stand in a pattern.
    letters: BTreeSet<char>,
    /// What `cue/patterns.rs` reads.
    patterns: Vec<u8>,
    /// Where the window of each literal begins, in the order in which the patterns tell them: four
    /// bits each, the first of a byte the lower.
    windows: Vec<u8>,
}

fn cues() -> Cues {
    let mut parser = parse::Parser::default();
    let mut wrong = Vec::new();
    let (fragments, marks) = fragments(&mut parser, &mut wrong);
    let mut lines = Vec::new();
    let mut numbers = Vec::new();
    let mut letters = BTreeSet::new();
    let mut trees = Vec::new();
    for file in source::FILES {
        let scope = if *file == source::TYPED { "typed" } else { "" };
        let path = format!("data/cues/{file}.tsv");
        println!("cargo::rerun-if-changed={path}");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        for row in source::rows(&text) {
            assert_eq!(row.len(), 9, "{path}: {row:?}");
            let line = format!("{}\t{scope}\t{}\n", row[1], row[4]);
            let number = lines.iter().position(|known| *known == line);
            let number = number.unwrap_or_else(|| {
                lines.push(line);
                lines.len() - 1
            });
            numbers.push(u8::try_from(number).expect("few kinds of cues"));
            let pattern = source::pattern(row[2], row[3]);
            letters.extend(pattern.chars());
            let written = parser
                .parse(&marked(&pattern, &marks))
                .and_then(|node| tree(|data| node.write(data)));
            match written {
                Ok(tree) => trees.push((row[0].to_owned(), tree)),
                Err(error) => wrong.push(format!("{}: {error}", row[0])),
            }
        }
    }
    let fours = fours();
    let anchors = anchor::Anchors {
        fours: &fours,
        classes: &parser.classes,
        fragments: &fragments,
    };
    let count = |count: usize| u8::try_from(count).expect("fewer than 256");
    let mut patterns = vec![count(parser.classes.len())];
    patterns.extend(parser.classes.concat());
    patterns.push(count(fragments.len()));
    for tree in &fragments {
        // Some are found by what stands beside them alone.
        patterns.extend(anchors.marked(tree).unwrap_or(tree.clone()));
        patterns.push(node::tag::DONE);
    }
    for (id, tree) in &trees {
        match anchors.marked(tree) {
            Ok(marked) => patterns.extend([&marked[..], &[node::tag::DONE]].concat()),
            Err(error) => wrong.push(format!("{id}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Cues {
        lines,
        numbers,
        letters,
        windows: windows(&patterns, &fours),
        patterns,
    }
}

/// A fragment's name, and the mark that stands for it in a pattern.
type Mark = (String, String);

/// A pattern with a mark for each fragment in it.
fn marked(pattern: &str, marks: &[Mark]) -> String {
    let marks = marks
        .iter()
        .map(|(name, mark)| (name.as_str(), mark.as_str()));
    fragment::expand(pattern, marks)
}

/// The trees of what many patterns share, and the marks for them; what cannot be read is told in `wrong`.
fn fragments(parser: &mut parse::Parser, wrong: &mut Vec<String>) -> (Vec<Vec<u8>>, Vec<Mark>) {
    let mut fragments = Vec::new();
    let mut marks = Vec::new();
    for row in table("cues/fragments.tsv", 2) {
        let pattern = source::pattern("", &row[1]);
        match parser
            .parse(&marked(&pattern, &marks))
            .and_then(|node| tree(|data| node.write_closed(data)))
        {
            Ok(tree) => fragments.push(tree),
            Err(error) => wrong.push(format!("{}: {error}", row[0])),
        }
        let number = char::from(u8::try_from(marks.len() + 1).expect("few fragments"));
        let mark = format!("{}{number}", char::from(node::MARK));
        marks.push((row[0].clone(), mark));
    }
    (fragments, marks)
}

/// How often bytes stand in a row.
fn fours() -> fours::Fours {
    let rows = table("fours.tsv", 2);
    let lines = rows.iter().map(|row| (row[0].as_str(), row[1].as_str()));
    fours::Fours::read(lines).unwrap_or_else(|error| panic!("{error}"))
}

/// Where the windows of all literals begin, two to a byte.
fn windows(patterns: &[u8], fours: &fours::Fours) -> Vec<u8> {
    let patterns = patterns::Patterns::new(patterns.to_vec().leak());
    let mut literals = Vec::new();
    for cue in 0..patterns.count() {
        patterns.literals(cue, None, |literal, _| literals.push(literal.to_vec()));
    }
    // The library counts cues, their ways and their windows in 16 bits.
    assert!(literals.len() < 1 << 16, "{} windows", literals.len());
    let starts = window::starts(&literals, fours);
    starts
        .chunks(2)
        .map(|two| two.iter().rfold(0, |byte, start| byte << 4 | start))
        .collect()
}

/// What a tree is written as.
fn tree(write: impl Fn(&mut Vec<u8>) -> Result<(), String>) -> Result<Vec<u8>, String> {
    let mut tree = Vec::new();
    write(&mut tree)?;
    Ok(tree)
}

//! Cuts the data files down to what is needed at run time.
//!
//! Sources and dates stay in the tree, where people check them, and out of the
//! program, where nobody reads them. Malformed data fails the build.

#[path = "src/cue/anchor.rs"]
mod anchor;
#[path = "src/cue/compile.rs"]
mod compile;
#[path = "src/cue/fragment.rs"]
mod fragment;
#[path = "src/host/hash.rs"]
mod hash;
#[path = "src/cue/key.rs"]
mod key;
#[path = "src/text/letter.rs"]
mod letter;
#[path = "src/cue/op.rs"]
mod op;
#[path = "src/cue/source.rs"]
mod source;

use letter::{fold_char, is_invisible};

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for source in [
        "cue/anchor",
        "cue/compile",
        "cue/fragment",
        "cue/key",
        "cue/op",
        "cue/source",
        "host/hash",
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
    write("cues.tsv", cues.lines.as_bytes());
    write("cue_programs.bin", &cues.programs);
    write("cue_grams.bin", &cues.grams);
    write("cue_needs.bin", &cues.needs);
    let signs = table("bank_signs.tsv", 6);
    let signs: String = signs
        .iter()
        .map(|row| format!("{}\t{}\t{}\n", row[0], row[1], row[3]))
        .collect();
    write("bank_signs.tsv", signs.as_bytes());
    write("advice.tsv", advice().as_bytes());
    let addresses: BTreeSet<_> = table("addresses.tsv", 5)
        .iter()
        .map(|row| row[..3].join("\t") + "\n")
        .collect();
    write(
        "addresses.tsv",
        addresses.into_iter().collect::<String>().as_bytes(),
    );
    let tools = table("tools.tsv", 7);
    write("owners.tsv", owners(&tools).as_bytes());
    write("tools.tsv", facts(&tools, |_| true).as_bytes());
    write(
        "tools_web.tsv",
        facts(&tools, |kind| {
            matches!(
                kind,
                "name" | "site" | "relay" | "support_page" | "installer" | "port" | "server_port"
            )
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

/// The public suffix list as a hash table.
///
/// 257 offsets of 16 bits, by the first byte of a hash; then three bytes a rule,
/// sorted: 23 more bits of the hash and one that says "private". 31 bits tell the
/// rules apart (checked here), and a name that is none of them is taken for one
/// about once in 200,000; all that it would change is where its site begins.
fn suffixes() -> Vec<u8> {
    let mut seen = BTreeMap::new();
    for row in table("public_suffixes.tsv", 2) {
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
        if let Some((other, _)) = seen.insert(hash | 1, (row[0].clone(), private)) {
            panic!("public_suffixes.tsv: {other} and {} share a hash", row[0]);
        }
    }
    let mut bytes = Vec::new();
    for first in 0..=256u32 {
        let before = seen.keys().filter(|hash| **hash >> 24 < first).count();
        let before = u16::try_from(before).expect("fewer than 65,536 rules");
        bytes.extend(before.to_le_bytes());
    }
    for (hash, (_, private)) in &seen {
        let entry = (hash & !1) | private;
        bytes.extend(&entry.to_be_bytes()[1..]);
    }
    bytes
}

/// `domain`, whose it is (`a` Amazon, `b` bank, `t` tool) with the bank's name or the tool's id; sorted.
fn owners(tools: &[Vec<String>]) -> String {
    let mut lines = BTreeMap::new();
    let mut put = |domain: &str, owner: String| {
        if let Some(other) = lines.insert(domain.to_owned(), owner) {
            panic!("{domain} has two owners, one of them {other}");
        }
    };
    for row in table("amazon.tsv", 4) {
        put(&row[0], "a".to_owned());
    }
    for row in table("banks.tsv", 6) {
        put(&row[0], format!("b{}", row[1]));
    }
    for row in tools
        .iter()
        .filter(|row| matches!(row[1].as_str(), "site" | "relay"))
    {
        put(&row[3], format!("t{}", row[0]));
    }
    lines
        .into_iter()
        .map(|(domain, owner)| format!("{domain}\t{owner}\n"))
        .collect()
}

/// The tools' facts of the wanted kinds: tool, kind, system, value, grade.
fn facts(tools: &[Vec<String>], wanted: impl Fn(&str) -> bool) -> String {
    let named: BTreeSet<_> = tools
        .iter()
        .filter(|row| row[1] == "name")
        .map(|row| &row[0])
        .collect();
    tools
        .iter()
        .inspect(|row| assert!(named.contains(&row[0]), "tools.tsv: {} has no name", row[0]))
        .filter(|row| wanted(&row[1]))
        .map(|row| row[..5].join("\t") + "\n")
        .collect()
}

/// What the engine has of the cues.
struct Cues {
    /// Code, whether for typed text alone, weight.
    lines: String,
    programs: Vec<u8>,
    /// Windows of the literals that the patterns need, each with the cues it stands for.
    grams: Vec<u8>,
    /// What else each pattern needs.
    needs: Vec<u8>,
}

fn cues() -> Cues {
    let fragments: Vec<_> = table("cues/fragments.tsv", 2)
        .into_iter()
        .map(|row| (row[0].clone(), source::pattern("", &row[1])))
        .collect();
    let mut lines = String::new();
    let mut windows: BTreeMap<Vec<u8>, BTreeSet<u16>> = BTreeMap::new();
    let mut number = 0u16;
    let mut needs = Sets::default();
    let mut compiler = compile::Compiler::default();
    let mut codes = Vec::new();
    let mut wrong = Vec::new();
    for file in source::FILES {
        let scope = if *file == source::TYPED { "typed" } else { "" };
        let path = format!("data/cues/{file}.tsv");
        println!("cargo::rerun-if-changed={path}");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        for row in source::rows(&text) {
            assert_eq!(row.len(), 9, "{path}: {row:?}");
            lines += &format!("{}\t{scope}\t{}\n", row[1], row[4]);
            let whole = fragment::expand(
                &source::pattern(row[2], row[3]),
                fragments
                    .iter()
                    .map(|(name, part)| (name.as_str(), part.as_str())),
            );
            let Some((needed, ways)) = anchor::anchors(&whole) else {
                wrong.push(format!("{}: no literal of three bytes to look for", row[0]));
                continue;
            };
            match compiler.program(&whole) {
                Ok((meets, code)) => {
                    let length = u16::try_from(code.len()).expect("its jumps have 16 bits");
                    codes.extend(meets.to_le_bytes());
                    codes.extend(length.to_le_bytes());
                    codes.extend(code);
                }
                Err(error) => wrong.push(format!("{}: {error}", row[0])),
            }
            needs.add(&ways);
            for literal in needed {
                windows.entry(window(&literal)).or_default().insert(number);
            }
            number += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut programs = vec![u8::try_from(compiler.classes.len()).expect("fewer than 256 classes")];
    programs.extend(compiler.classes.concat());
    programs.extend(codes);
    let mut grams = Vec::new();
    for (window, owners) in windows {
        grams.push(window.len() as u8);
        grams.extend(window);
        grams.push(u8::try_from(owners.len()).expect("fewer than 256 cues need one window"));
        grams.extend(owners.iter().flat_map(|owner| owner.to_le_bytes()));
    }
    Cues {
        lines,
        programs,
        grams,
        needs: needs.bytes(),
    }
}

/// Sets of keys that cues need, each written once, and the cues' ways to match.
#[derive(Default)]
struct Sets {
    numbers: BTreeMap<Vec<u16>, usize>,
    sets: Vec<Vec<u16>>,
    cues: Vec<u8>,
}

impl Sets {
    /// Adds a cue by its ways to match.
    fn add(&mut self, ways: &[Vec<anchor::Set>]) {
        // Where one way needs nothing, there is nothing to ask.
        let mut asked = Vec::new();
        for way in ways {
            if way.is_empty() {
                asked.clear();
                break;
            }
            asked.push(way.iter().map(keys).collect::<BTreeSet<_>>());
        }
        self.cues.push(asked.len() as u8);
        for way in asked {
            self.cues.push(way.len() as u8);
            for set in way {
                let number = *self.numbers.entry(set).or_insert_with_key(|set| {
                    self.sets.push(set.clone());
                    self.sets.len() - 1
                });
                let number = u16::try_from(number).expect("fewer than 65,536 sets");
                self.cues.extend(number.to_le_bytes());
            }
        }
    }

    fn bytes(self) -> Vec<u8> {
        let count = u16::try_from(self.sets.len()).expect("fewer than 65,536 sets");
        let keys: usize = self.sets.iter().map(Vec::len).sum();
        assert!(keys < 1 << 16, "the keys are counted with 16 bits");
        let mut bytes = count.to_le_bytes().to_vec();
        for set in self.sets {
            bytes.push(u8::try_from(set.len()).expect("no more keys than literals"));
            bytes.extend(set.iter().flat_map(|key| key.to_le_bytes()));
        }
        bytes.extend(self.cues);
        bytes
    }
}

/// One key a literal: of its four rarest bytes in a row, or of its three bytes.
fn keys(set: &anchor::Set) -> Vec<u16> {
    // Words that the texts in question have anyway tell little.
    const EXPECTED: [&str; 4] = [" amazon ", " prime ", " account ", " your "];
    let told = |four: &&[u8]| {
        let expected = EXPECTED.iter().any(|word| {
            word.as_bytes()
                .windows(four.len())
                .any(|part| part == *four)
        });
        (!expected, four.iter().map(rarity).sum::<usize>())
    };
    let keys: BTreeSet<_> = set
        .iter()
        .map(|literal| {
            let four = literal.windows(literal.len().min(4)).max_by_key(told);
            let mut bytes = [0; 4];
            if let Some(four) = four {
                bytes[..four.len()].copy_from_slice(four);
            }
            key::of(u32::from_le_bytes(bytes), key::NEED_BITS) as u16
        })
        .collect();
    keys.into_iter().collect()
}

/// Up to eight bytes of a literal, beginning where four rare bytes stand.
fn window(literal: &[u8]) -> Vec<u8> {
    let last = literal.len().saturating_sub(4);
    let start = (0..=last)
        .max_by_key(|&at| {
            let head: usize = literal[at..].iter().take(4).map(rarity).sum();
            (
                head + 4 * (literal.len() - at).min(8),
                std::cmp::Reverse(at),
            )
        })
        .unwrap_or(0);
    literal[start..].iter().copied().take(8).collect()
}

/// Place of a byte among all by its frequency in running text; as in any count of European languages.
fn rarity(byte: &u8) -> usize {
    const COMMON: &[u8] = b" etaoinsrhldcumfpgywbvkxjqz0123456789";
    COMMON
        .iter()
        .position(|common| common == byte)
        .unwrap_or(20)
}

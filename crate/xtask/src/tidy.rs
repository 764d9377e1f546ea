//! Checks that tie code, data, words and documents to one another.

use regex::Regex;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Data files that name things of our own, or are learned, and so state no fact of the world.
const OWN: &[&str] = &[
    "reasons.tsv",
    "fragments.tsv",
    "masks.tsv",
    "fusion.tsv",
    "fours.tsv",
];

/// Every text file of the tree, by its path from the top with `/`; pictures and the like are left out.
fn sources() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    walk(&crate::root(), "", &mut files);
    assert!(
        files.contains_key("Cargo.toml"),
        "the top of the tree is elsewhere"
    );
    files
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("folder can be read") {
        let entry = entry.expect("entry can be read");
        let name = entry.file_name().into_string().expect("name is UTF-8");
        let path = format!("{prefix}{name}");
        if ["target", "dist", "node_modules", ".git"].contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{path}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.insert(path, text);
        }
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("pattern is well formed")
}

fn read_json(path: &str) -> Value {
    let text = fs::read_to_string(crate::root().join(path)).expect(path);
    serde_json::from_str(&text).expect(path)
}

/// Rows of a table below its header, cells by their column.
fn rows(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let header: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
    lines
        .map(|line| header.iter().copied().zip(line.split('\t')).collect())
        .collect()
}

#[test]
fn no_words_are_left_that_nothing_asks_for() {
    let english = read_json("extension/_locales/en/messages.json");
    let english = english.as_object().expect("messages by key");
    let files = sources();
    let shell: String = files
        .iter()
        .filter(|(path, _)| {
            *path == "manifest.json"
                || path.starts_with("extension/") && !path.contains("/_locales/")
        })
        .map(|(_, text)| text.as_str())
        .collect();

    let literals = regex(r#"["'](?:__MSG_)?(\w+?)(?:__)?["']"#);
    let literals: BTreeSet<_> = literals
        .captures_iter(&shell)
        .map(|found| found.extract::<1>().1[0])
        .collect();
    let holes = regex(r"\$\{[^}]*\}");
    let templates: Vec<_> = regex(r"`(\w*\$\{[^`]*)`")
        .captures_iter(&shell)
        .filter(|found| holes.replace_all(&found[1], "").chars().any(|c| c == '_'))
        .map(|found| regex(&format!("^{}$", holes.replace_all(&found[1], r"\w+"))))
        .collect();
    for key in english.keys() {
        let used =
            literals.contains(key.as_str()) || templates.iter().any(|form| form.is_match(key));
        assert!(used, "nothing asks for {key}");
    }
}

#[test]
fn every_fact_has_a_source_and_a_date() {
    let date = regex(r"\b20\d\d-[01]\d-[0-3]\d\b");
    let mut facts = 0;
    for (path, text) in sources() {
        let Some((folder, name)) = path.rsplit_once('/') else {
            continue;
        };
        if !folder.starts_with("crate/") || !name.ends_with(".tsv") || OWN.contains(&name) {
            continue;
        }
        let head = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .collect::<String>();
        if head.contains("Source: ") {
            assert!(date.is_match(&head), "{path}: its source has no date");
            continue;
        }
        for row in rows(&text) {
            facts += 1;
            let cell = |names: &[&str]| names.iter().find_map(|name| row.get(name)).copied();
            let source = cell(&["source", "what"]).unwrap_or_default();
            assert!(!source.trim().is_empty(), "{path}: no source: {row:?}");
            let when = cell(&["date", "checked"]);
            let dated = when.is_some_and(|when| date.is_match(when));
            // For a source itself its revision is as good.
            let dated = dated
                || row
                    .get("revision")
                    .is_some_and(|revision| !revision.is_empty());
            assert!(dated, "{path}: no date: {row:?}");
        }
    }
    assert!(facts > 0);
}

#[test]
fn the_manifest_fits_the_tree() {
    let manifest = read_json("manifest.json");
    assert_eq!(
        manifest["version"],
        env!("CARGO_PKG_VERSION"),
        "Cargo.toml has another version"
    );
    assert!(
        manifest.get("web_accessible_resources").is_none(),
        "a page could tell that the extension is there"
    );
    let text = manifest.to_string();
    for file in regex(r#""([\w/-]+\.(?:js|html|css|png|svg))""#).captures_iter(&text) {
        let path = format!("extension/{}", &file[1]);
        assert!(
            crate::root().join(&path).is_file(),
            "{path} is named in manifest.json"
        );
    }
}

#[test]
fn the_core_asks_nothing_of_the_world() {
    // A module stands behind `std::` or, up to the semicolon, in the braces of an import.
    let world = regex(
        r"\bstd::(?:\{[^;]*\b)?(?:(?:env|fs|io|os|process|thread)\b|net::(?:\{[^;]*\b)?\w*(?:Tcp|Udp|Socket))|\b(?:SystemTime|Instant)\b|\bunsafe\b|\be?print(?:ln)?!",
    );
    for caught in [
        "std::fs::read(path)",
        "use std::{\n    fs,\n    path::Path,\n};",
        "use std::{collections::BTreeMap, io::{self, Read}};",
        "use std::net::{IpAddr, TcpStream};",
        "use std::{net::{IpAddr, ToSocketAddrs}, str};",
    ] {
        assert!(world.is_match(caught), "{caught}");
    }
    for innocent in [
        "use std::{net::Ipv4Addr, str};\nlet fs = env;",
        "use std::net::{Ipv4Addr, Ipv6Addr};",
    ] {
        assert!(!world.is_match(innocent), "{innocent}");
    }
    for (path, text) in sources() {
        if path.starts_with("crate/core/src/") && !path.ends_with("/tests.rs") {
            let code: Vec<_> = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            if let Some(found) = world.find(&code.join("\n")) {
                panic!("{path}: {}", found.as_str());
            }
        }
    }
}

/// The core leaves out what has a code that it does not know; `cue/tests.rs` asks the same of cues.
#[test]
fn every_reason_in_the_code_is_known() {
    let files = sources();
    let known: BTreeSet<_> = rows(&files["crate/core/data/reasons.tsv"])
        .into_iter()
        .map(|row| row["code"])
        .collect();
    // As an argument, as a field, and as what a choice between codes gives.
    let forms = regex(
        r#"\badd\(\s*(?:[&\w.()]+,\s*)?"(\w+)"|\breasons\.find\("(\w+)"|\bcode: "(\w+)"|\bcode = (?:if|match) [^;]*;"#,
    );
    let literal = regex(r#""(\w+)""#);
    let mut found = BTreeSet::new();
    for (path, text) in &files {
        let judges = ["page.rs", "page/", "judge.rs", "host/"];
        let name = path.strip_prefix("crate/core/src/").unwrap_or_default();
        if !judges.iter().any(|judge| name.starts_with(judge)) || name.ends_with("/tests.rs") {
            continue;
        }
        for place in forms.find_iter(text) {
            for code in literal.captures_iter(place.as_str()) {
                let code = code.extract::<1>().1[0];
                assert!(known.contains(code), "{path}: no reason is called {code}");
                found.insert(code);
            }
        }
    }
    assert!(found.len() > 15, "{found:?}");
}

#[test]
fn nothing_is_left_over() {
    // In pieces, so that this file does not find itself.
    let words = [
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("X", "XX"),
        concat!("todo", "!("),
        concat!("dbg", "!("),
        concat!("#[ig", "nore"),
        concat!("console", ".log("),
        concat!("test", ".skip("),
        concat!("test", ".only("),
        concat!("it", ".skip("),
        concat!("it", ".only("),
        concat!("describe", ".only("),
        concat!("debug", "ger;"),
    ];
    let place = regex(concat!(
        r"(?:^|[\s'",
        r#""`=(])/(?:work|root|home/\w+|Users/\w+)/"#
    ));
    for (path, text) in sources() {
        if path.ends_with("-lock.json") || path.ends_with(".jsonl") || path.ends_with(".tsv") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let at = format!("{path}:{}: {line}", number + 1);
            assert!(
                !words.iter().any(|word| line.contains(word)),
                "left over: {at}"
            );
            assert!(!place.is_match(line), "a place on one machine: {at}");
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let link = regex(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)");
    for (path, text) in sources() {
        if !path.ends_with(".md") {
            continue;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in link.captures_iter(&text) {
            let to = crate::root().join(folder).join(&link[1]);
            let made = link[1].starts_with("dist/");
            assert!(made || to.exists(), "{path} links to {}", &link[1]);
        }
    }
}

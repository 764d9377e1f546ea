//! The data files of hosts, banks and tools: well-formed, unique, sorted, sourced.

use std::collections::{BTreeMap, BTreeSet};

/// Rows of a data file without comments and heading.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').collect())
}

fn sources() -> BTreeSet<&'static str> {
    rows(include_str!("../data/sources.tsv"))
        .map(|row| {
            assert_eq!(row.len(), 3, "{row:?}");
            row[0]
        })
        .collect()
}

/// Every cell filled and trimmed, the last two a known source and a date.
fn check_rows(name: &str, text: &str, columns: usize) {
    let sources = sources();
    let mut count = 0;
    for row in rows(text) {
        assert_eq!(row.len(), columns, "{name}: {row:?}");
        for cell in &row {
            assert!(!cell.is_empty() && cell.trim() == *cell, "{name}: {row:?}");
        }
        assert!(
            sources.contains(row[columns - 2]),
            "{name}: no such source: {row:?}"
        );
        let date = row[columns - 1].as_bytes();
        assert!(
            date.len() == 10
                && date.iter().enumerate().all(|(at, byte)| match at {
                    4 | 7 => *byte == b'-',
                    _ => byte.is_ascii_digit(),
                }),
            "{name}: {row:?}"
        );
        count += 1;
    }
    assert!(count > 0, "{name} is empty");
}

fn is_host(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    })
}

/// Hosts sorted, each once.
fn check_hosts<'a>(name: &str, hosts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let hosts: Vec<_> = hosts.collect();
    for pair in hosts.windows(2) {
        assert!(pair[0] < pair[1], "{name}: {} before {}", pair[0], pair[1]);
    }
    for host in &hosts {
        assert!(is_host(host), "{name}: {host}");
    }
    hosts
}

const AMAZON: &str = include_str!("../data/amazon.tsv");
const BANKS: &str = include_str!("../data/banks.tsv");
const TOOLS: &str = include_str!("../data/tools.tsv");
const ADDRESSES: &str = include_str!("../data/addresses.tsv");
const ADVICE: &str = include_str!("../data/advice.tsv");
const BANK_SIGNS: &str = include_str!("../data/bank_signs.tsv");

#[test]
fn every_row_is_whole_and_sourced() {
    check_rows("amazon.tsv", AMAZON, 4);
    check_rows("banks.tsv", BANKS, 6);
    check_rows("tools.tsv", TOOLS, 7);
    check_rows("addresses.tsv", ADDRESSES, 5);
    check_rows("bank_signs.tsv", BANK_SIGNS, 6);
    check_rows("advice.tsv", ADVICE, 6);
}

#[test]
fn every_source_is_used() {
    let used: BTreeSet<_> = [
        (AMAZON, 4),
        (BANKS, 6),
        (TOOLS, 7),
        (ADDRESSES, 5),
        (BANK_SIGNS, 6),
        (ADVICE, 6),
    ]
    .into_iter()
    .flat_map(|(text, columns)| rows(text).map(move |row| row[columns - 2]))
    .collect();
    let unused: Vec<_> = sources().difference(&used).copied().collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn amazons_hosts() {
    let hosts = check_hosts("amazon.tsv", rows(AMAZON).map(|row| row[0]));
    for row in rows(AMAZON).filter(|row| !matches!(row[1], "hosting" | "community")) {
        let above = row[0].match_indices('.').map(|(at, _)| &row[0][at + 1..]);
        for above in above {
            assert!(!hosts.contains(&above), "{row:?} stands under {above}");
        }
    }
}

#[test]
fn banks_of_each_country() {
    let hosts = check_hosts("banks.tsv", rows(BANKS).map(|row| row[0]));
    assert!(hosts.len() >= 1_500, "{}", hosts.len());
    for host in &hosts {
        assert!(
            psl::domain_str(host).is_some(),
            "others live under {host}, a public suffix"
        );
    }
    let listed: BTreeSet<_> = hosts.iter().copied().collect();
    let mut countries = BTreeMap::<&str, usize>::new();
    for row in rows(BANKS) {
        let mut above = row[0];
        while let Some((_, rest)) = above.split_once('.') {
            assert!(
                !listed.contains(rest),
                "{} stands under {rest} already",
                row[0]
            );
            above = rest;
        }
        assert!(
            row[1].chars().count() <= 48,
            "too long to be shown: {row:?}"
        );
        assert!(
            matches!(row[3], "bank" | "payment" | "transfer" | "crypto"),
            "{row:?}"
        );
        for country in row[2].split(',') {
            assert!(
                country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()),
                "{row:?}"
            );
            *countries.entry(country).or_default() += 1;
        }
    }
    let every = [
        ("GB", 400),
        ("IE", 200),
        ("US", 500),
        ("CA", 200),
        ("AU", 200),
        ("NZ", 200),
        ("IN", 300),
        ("DE", 1_000),
        ("FR", 300),
        ("ES", 300),
        ("IT", 300),
        ("NL", 200),
        ("JP", 200),
        ("BR", 100),
        ("MX", 100),
        ("CH", 80),
        ("PL", 60),
        ("AT", 50),
        ("BE", 30),
        ("PT", 30),
        ("LU", 10),
        // Of these the largest alone: Amazon sells there, or Amazon's callers have been.
        ("SE", 12),
        ("DK", 10),
        ("NO", 8),
        ("FI", 10),
        ("CZ", 8),
        ("GR", 4),
        ("TR", 10),
        ("ZA", 7),
        ("EG", 3),
        ("AE", 8),
        ("SA", 6),
        ("SG", 6),
        ("HK", 3),
    ];
    for (country, least) in every {
        let count = countries.remove(country).unwrap_or_default();
        assert!(count >= least, "{country}: {count}");
    }
    assert!(countries.is_empty(), "no country of ours: {countries:?}");
}

#[test]
fn fifteen_hundred_banks_are_named_by_others_too() {
    let named = rows(BANKS)
        .filter(|row| row[4] != "editors" && psl::domain_str(row[0]) == Some(row[0]))
        .count();
    assert!(named >= 1_500, "{named}");
}

#[test]
fn what_everybody_visits_is_no_bank() {
    let banks: BTreeSet<_> = rows(BANKS).map(|row| row[0]).collect();
    for innocent in [
        "amazon.co.uk",
        "amazon.com",
        "amazon.de",
        "apple.com",
        "bbc.co.uk",
        "bing.com",
        "ebay.com",
        "facebook.com",
        "github.com",
        "gmx.de",
        "google.co.uk",
        "google.com",
        "gov.uk",
        "live.com",
        "microsoft.com",
        "netflix.com",
        "nhs.uk",
        "office.com",
        "outlook.com",
        "reddit.com",
        "t-online.de",
        "web.de",
        "whatsapp.com",
        "wikipedia.org",
        "yahoo.com",
        "youtube.com",
    ] {
        assert!(!banks.contains(innocent), "{innocent}");
    }
}

/// Hosts that serve many ends: a visit says nothing of remote access.
const BROAD: [&str; 12] = [
    "zoho.com",
    "goto.com",
    "google.com",
    "microsoft.com",
    "github.com",
    "github.io",
    "apple.com",
    "amazonaws.com",
    "cisco.com",
    "solarwinds.com",
    "archive.org",
    "cloudfront.net",
];

#[test]
fn tools() {
    const KINDS: [&str; 19] = [
        "name",
        "site",
        "relay",
        "support_page",
        "installer",
        "process",
        "port",
        "server_port",
        "session_connection",
        "session_process",
        "session_argument",
        "session_log",
        "session_event",
        "session_desktop",
        "session_metric",
        "session_socket",
        "session_login",
        "fresh_process",
        "login_service",
    ];
    let mut seen = BTreeSet::new();
    let mut hosts = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let mut before = ("", 0);
    for row in rows(TOOLS) {
        let [id, kind, system, value, grade, ..] = row[..] else {
            panic!("{row:?}");
        };
        let order = KINDS
            .iter()
            .position(|known| *known == kind)
            .unwrap_or_else(|| panic!("no such kind: {row:?}"));
        assert!((id, order) >= before, "out of order: {row:?}");
        assert!(
            id == before.0 || kind == "name",
            "a name comes first: {row:?}"
        );
        before = (id, order);
        ids.insert(id);
        assert!(seen.insert((id, kind, system, value)), "twice: {row:?}");
        assert!(
            matches!(system, "any" | "linux" | "windows" | "macos"),
            "{row:?}"
        );
        if kind == "server_port" {
            // Whose connections count, and which system's.
            assert!(
                seen.iter()
                    .any(|known| (known.0, known.1) == (id, "process")),
                "{row:?}"
            );
        }
        let of_session =
            kind.starts_with("session") || matches!(kind, "server_port" | "fresh_process");
        assert_eq!(
            of_session,
            matches!(grade, "proof" | "good" | "weak"),
            "{row:?}"
        );
        match kind {
            "site" | "relay" => {
                assert!(
                    is_host(value) && psl::domain_str(value).is_some(),
                    "{row:?}"
                );
                assert!(!BROAD.contains(&value), "too broad: {row:?}");
                if let Some(other) = hosts.insert(value, id) {
                    panic!("{value} is {other}'s and {id}'s");
                }
            }
            "port" | "server_port" => {
                assert!(value.parse::<u16>().is_ok_and(|port| port > 0), "{row:?}")
            }
            "installer" => {
                let letters = value.bytes().filter(u8::is_ascii_alphanumeric).count();
                assert!(letters >= 3 && value == value.to_lowercase(), "{row:?}");
            }
            "session_connection" => {
                let (name, port) = value.split_once(':').unwrap_or((value, "1"));
                assert!(!name.is_empty() && name.ends_with(".exe") == (system == "windows"));
                assert!(port.parse::<u16>().is_ok_and(|port| port > 0), "{row:?}");
            }
            "process" | "session_process" if system == "windows" => {
                assert!(
                    value.ends_with(".exe") && value == value.to_lowercase(),
                    "{row:?}"
                );
            }
            "fresh_process" => {
                assert!(seen.contains(&(id, "process", system, value)), "{row:?}");
                assert_eq!(grade, "weak", "it only asks: {row:?}");
                let better = |known: &&(&str, &str, &str, &str)| {
                    known.0 == id
                        && (known.1.starts_with("session") || known.1 == "server_port")
                        && (known.2 == system || known.2 == "any")
                };
                assert_eq!(seen.iter().find(better), None, "{row:?}");
            }
            "session_argument" => assert!(value.contains(' '), "{row:?}"),
            _ => {}
        }
    }
    assert!(ids.len() >= 150, "{}", ids.len());
}

#[test]
fn address_words() {
    let mut seen = BTreeSet::new();
    for row in rows(ADDRESSES) {
        assert!(seen.insert((row[0], row[1])), "twice: {row:?}");
        match row[0] {
            "guard" | "tenant" | "carrier" | "mail" | "invoice" | "free" | "dynamic"
            | "shortener" | "suffix" => {
                assert!(is_host(row[1]), "{row:?}");
            }
            "public" | "suffix_inside" | "stem" => {
                assert!(is_host(&row[1].replace('*', "x")), "{row:?}");
            }
            "letter" => assert_eq!(row[1].chars().count(), 1, "{row:?}"),
            "service" | "filler" | "product" | "shared" | "plan" | "name" | "trade" | "nature"
            | "word" => {
                assert_eq!(row[1], row[1].to_lowercase(), "{row:?}");
            }
            other => panic!("no such row: {other}"),
        }
    }
}

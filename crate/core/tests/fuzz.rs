//! The fuzz targets' entry points on inputs drawn by chance: as many as a test run has time for, and
//! by a stable compiler.

mod common;
#[path = "../../../fuzz/fuzz_targets/entry.rs"]
#[expect(unreachable_pub, reason = "the targets are crates of their own")]
mod entry;

use doorchain_core::Event;
use proptest::{
    collection::vec, prelude::*, sample::select, strategy::ValueTree, string::string_regex,
    test_runner::TestRunner,
};
use serde_json::json;
use std::{fs, sync::LazyLock};

/// Texts of the cases: what is near them goes farther into the judge than any noise.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut texts = Vec::new();
    for path in common::files("cases") {
        let lines = fs::read_to_string(path).expect("is UTF-8");
        texts.extend(lines.lines().filter_map(|line| {
            let case: serde_json::Value = serde_json::from_str(line).ok()?;
            Some(case["text"].as_str()?.to_owned())
        }));
    }
    texts.sort();
    texts
});

/// What is written to break a reader: half letters, marks nobody sees, halves of entities.
fn noise() -> BoxedStrategy<String> {
    let noise =
        "(\\PC|[ \n\t\u{0}.&;#@%/]|&amp;|&#x|xn--|\u{200b}|\u{34e}|\u{430}|\u{1f600}|।|。){0,24}";
    string_regex(noise).expect("a pattern").boxed()
}

/// A part of a text of the cases.
fn part() -> impl Strategy<Value = String> {
    let bounds = (select(&TEXTS[..]), 0.0..1.0, 0.0..1.0);
    bounds.prop_map(|(text, one, other): (String, f64, f64)| {
        let count = text.chars().count() as f64;
        let (from, to) = (one.min(other) * count, one.max(other) * count);
        let taken = text.chars().skip(from as usize);
        taken.take((to - from) as usize + 1).collect()
    })
}

/// Parts of texts, noise between them, and some of it again and again.
fn text() -> BoxedStrategy<String> {
    let pieces = vec((prop_oneof![part(), noise()], 1..4usize), 0..6);
    let text = pieces.prop_map(|pieces| {
        let pieces = pieces.iter().map(|(piece, times)| piece.repeat(*times));
        pieces.collect()
    });
    text.boxed()
}

/// Addresses of all sorts, and what is none.
fn url() -> BoxedStrategy<String> {
    let pieces = [
        "https://",
        "http:",
        "data:",
        "//",
        "@",
        ":",
        "/",
        "?",
        "#",
        "%",
        "[",
        "]",
        ".",
        "-",
        "xn--",
        "amazon",
        "arnazon",
        "prime",
        "barclays",
        "anydesk",
        "com",
        "co.uk",
        "127.0.0.1",
        "\u{430}",
    ];
    let whole = [
        "https://www.barclays.co.uk/",
        "https://anydesk.com/en/downloads/windows",
        "https://www.amazon.de/gp/cart",
        "https://news.example.org/",
        "about:blank",
        "",
    ];
    prop_oneof![
        select(whole.to_vec()).prop_map(str::to_owned),
        vec(select(pieces.to_vec()), 0..9).prop_map(|pieces| pieces.concat()),
        noise(),
    ]
    .boxed()
}

/// Facts of a page, as JSON.
fn facts() -> BoxedStrategy<serde_json::Value> {
    let texts = || vec(text(), 0..3);
    let urls = || vec(url(), 0..3);
    let field = (
        noise(),
        text(),
        select(vec!["password", "text", "tel", "\u{0}"]),
    );
    let fields = vec(field, 0..3).prop_map(|fields| {
        let fields = fields.into_iter();
        let fields =
            fields.map(|(name, label, kind)| json!({ "name": name, "label": label, "type": kind }));
        fields.collect::<Vec<_>>()
    });
    let traps = vec(
        select(vec!["fullScreen", "loopingSound", "blockedExit"]),
        0..5,
    );
    let words = (text(), text(), text(), texts(), texts(), text());
    (words, urls(), urls(), texts(), fields, traps)
        .prop_map(|((title, text, hidden, heading, alts, from), images, links, ids, fields, traps)| {
            json!({
                "title": title, "text": text, "hiddenText": hidden, "heading": heading, "imageAlts": alts,
                "from": from, "imageHosts": images, "styleHosts": images, "linkHosts": links, "ids": ids,
                "forms": [{ "fields": fields }], "looseFields": fields, "traps": traps,
            })
        })
        .boxed()
}

/// A message of a content script.
fn content() -> impl Strategy<Value = serde_json::Value> {
    let presses = [
        "dismiss",
        "wrong",
        "onThePhone",
        "explain",
        "alone",
        "notAlone",
        "leave",
        "endSession",
        "goOn",
    ];
    prop_oneof![
        Just(json!({ "message": "hello", "document": 1 })),
        Just(json!({ "message": "numbersChanged", "again": true })),
        any::<bool>().prop_map(|live| json!({ "message": "sharesScreen", "live": live })),
        text().prop_map(|text| json!({ "message": "typed", "text": text })),
        facts().prop_map(|facts| json!({ "message": "read", "facts": facts })),
        select(presses.to_vec()).prop_map(|press| json!({ "message": "pressed", "press": press })),
    ]
}

/// A change of the settings.
fn change() -> impl Strategy<Value = serde_json::Value> {
    let switches = select(vec!["strict", "voice", "listeners", "forgetPin"]);
    prop_oneof![
        (switches, any::<bool>()).prop_map(|(change, on)| json!({ "change": change, "on": on })),
        (noise(), any::<bool>())
            .prop_map(|(site, quiet)| json!({ "change": "site", "site": site, "quiet": quiet })),
        noise().prop_map(|code| json!({ "change": "country", "code": code })),
        any::<u32>().prop_map(
            |minutes| json!({ "change": "allowHelper", "tool": "anydesk", "minutes": minutes })
        ),
        Just(json!({ "change": "alarmOff" })),
        Just(json!({ "change": "clear" })),
        (noise(), any::<u32>()).prop_map(|(hash, rounds)| {
            json!({ "change": "pin", "pin": { "salt": hash, "rounds": rounds, "hash": hash } })
        }),
    ]
}

/// A report of the companion.
fn report() -> impl Strategy<Value = serde_json::Value> {
    let finding = (noise(), select(vec!["anydesk", "", "\u{0}"]), any::<u32>());
    let states = select(vec!["active", "none", "unknown"]);
    (states, vec(finding, 0..3)).prop_map(|(state, findings)| {
        let findings = findings.into_iter().map(|(id, tool, since)| {
            json!({ "id": id, "tool": tool, "name": id, "since": since, "pids": [since], "confidence": "proof" })
        });
        json!({ "state": state, "findings": findings.collect::<Vec<_>>() })
    })
}

/// A line of the target `step`.
fn line() -> impl Strategy<Value = String> {
    let tab = || select(vec![0, 1, 2, u32::MAX]);
    let private = any::<bool>;
    let event = prop_oneof![
        4 => (tab(), url(), private())
            .prop_map(|(tab, url, private)| json!({ "event": "opened", "tab": tab, "url": url, "private": private })),
        8 => (tab(), select(vec![0, 7, 1 << 40]), url(), private(), content()).prop_map(
            |(tab, frame, url, private, content): (u32, u64, _, _, _)| json!({
                "event": "content", "tab": tab, "frame": frame, "url": url, "private": private, "content": content,
            })
        ),
        2 => report().prop_map(|report| json!({ "event": "report", "report": report })),
        2 => change().prop_map(|change| json!({ "event": "page", "page": { "message": "change", "change": change, "proof": null } })),
        1 => any::<bool>().prop_map(|on| json!({ "event": "page", "page": { "message": "alarm", "on": on } })),
        1 => Just(json!({ "event": "page", "page": { "message": "endSession" } })),
        1 => tab().prop_map(|tab| json!({ "event": "closed", "tab": tab })),
        1 => tab().prop_map(|tab| json!({ "event": "unreached", "tab": tab })),
        1 => (url(), noise(), private()).prop_map(
            |(url, name, private)| json!({ "event": "downloaded", "url": url, "fileName": name, "private": private })
        ),
        1 => vec(any::<u16>(), 0..4).prop_map(|ports| json!({ "event": "listening", "ports": ports })),
        1 => (noise(), any::<bool>(), any::<bool>()).prop_map(
            |(finding, gone, back)| json!({ "event": "ended", "finding": finding, "gone": gone, "cameBack": back })
        ),
        1 => Just(json!({ "event": "woke" })),
        1 => noise().prop_map(|language| json!({ "event": "started", "language": language })),
    ];
    prop_oneof![
        12 => event.prop_map(|event| event.to_string()),
        3 => select(vec![0, 1_000, 31_000, 3_600_000, 90_000_000, u64::MAX]).prop_map(|passed| passed.to_string()),
        1 => noise(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_address_is_judged(url in url()) {
        entry::address(&url);
    }

    #[test]
    fn any_typed_text_is_judged(text in text()) {
        entry::typed(&text);
    }

    #[test]
    fn any_page_is_judged(url in url(), facts in facts(), text in text(), bytes in vec(any::<u8>(), 0..200)) {
        entry::page(format!("{url}\n{facts}").as_bytes());
        entry::page(format!("{url}\n{text}").as_bytes());
        entry::page(&bytes);
    }

    #[test]
    fn any_course_of_events_is_guarded(lines in vec(line(), 0..30)) {
        entry::step(&lines.join("\n"));
    }
}

/// A line of which nothing is understood would prove nothing.
#[test]
fn events_are_drawn_as_the_core_has_them() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..400 {
        let drawn = line().new_tree(&mut runner).expect("a line").current();
        if drawn.starts_with("{\"") {
            let read: Result<Event, _> = serde_json::from_str(&drawn);
            assert!(read.is_ok(), "{read:?}: {drawn}");
        }
    }
}

//! `cargo bench -p doorchain-core`: what a judgement costs natively.
//!
//! Prints the median of many runs, in microseconds. `tests/bench/engine.js` has the same in Chromium.

use doorchain_core::{Engine, PageFacts, parse_address};
use std::hint::black_box;
use std::time::Instant;

const ARTICLE: &str = "The council met on Tuesday to talk about the bridge over the river. Repairs have cost more than was planned, and the works will go on until spring. People who live near it say that the noise keeps them awake. A spokeswoman said that the account would be settled within 30 days and that nobody would have to pay twice. The library opens again in May, with new hours and a larger room for children. ";
const SCAM: &str = "Thank you for choosing Amazon Prime. Your annual membership will renew automatically today and £139.99 will be charged to the card we hold. If you did not authorise this renewal, call our cancellation department at once on 0808 157 0142. An Amazon technician will connect to your computer with AnyDesk to cancel the charge and send the refund to your bank account. ";

fn main() {
    // `cargo test --benches` runs this too; it has nothing to test.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let ready = median(15, || {
        black_box(Engine::new(parse_address));
    });
    println!("engine ready: {ready:.0} us");
    let with_text = median(15, || {
        black_box(Engine::new(parse_address).judge_typed("", "a text"));
    });
    println!("engine ready, and the first text: {with_text:.0} us");
    let engine = Engine::new(parse_address);
    for (name, text) in [
        ("article", ARTICLE.repeat(20 * 1024 / ARTICLE.len() + 1)),
        ("scam", SCAM.repeat(20 * 1024 / SCAM.len() + 1)),
        (
            "one endless sentence",
            "a press one amazon call ".repeat(854),
        ),
        (
            "disguises",
            "A\u{200b}m\u{430}zon a.m.a.z.o.n 4CCOUNT ".repeat(460),
        ),
    ] {
        let mut end = 20 * 1024;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let facts = PageFacts {
            text: text[..end].to_owned(),
            ..PageFacts::default()
        };
        let time = median(101, || {
            black_box(engine.judge_page("https://www.example.org/", black_box(&facts)));
        });
        println!("20 KB, {name}: {time:.0} us");
    }
    let typed = "he says I must install teamviewer to cancel my amazon prime and not hang up";
    let time = median(1001, || {
        black_box(engine.judge_typed("https://www.example.org/", black_box(typed)));
    });
    println!("a keystroke: {time:.1} us");
    let time = median(1001, || {
        black_box(engine.judge_address(black_box("https://amazon-refund-desk.example.com/a")));
    });
    println!("a host: {time:.2} us");
}

/// Median time of a run in microseconds.
fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    run();
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}

use doorchain_core::*;
use std::io::BufRead;
fn parse(u: &str) -> Option<Address> {
    let url = url::Url::parse(u).ok()?;
    Some(Address {
        scheme: url.scheme().into(),
        host: url.host_str().unwrap_or("").into(),
        port: url.port(),
        path: url.path().into(),
        query: url.query().unwrap_or("").into(),
        user_info: url.username().into(),
    })
}
fn main() {
    let e = Engine::new(parse);
    let mode = std::env::args().nth(1).unwrap();
    for l in std::io::stdin().lock().lines() {
        let l = l.unwrap();
        if mode == "bank" {
            let v: serde_json::Value = serde_json::from_str(&l).unwrap();
            let mut f: PageFacts = serde_json::from_value(v["facts"].clone()).unwrap_or_default();
            f.title = v["title"].as_str().unwrap_or("").into();
            f.text = v["text"].as_str().unwrap_or("").into();
            let j = e.judge_page("https://unknown.example/", &f);
            if j.bank_like {
                println!("{}\t{}\t{}\t{}", v["label"], v["url"], f.title, v["id"])
            }
        } else {
            let h = l.split('\t').next().unwrap();
            let j = e.judge_address(&format!("https://{h}/"));
            println!(
                "{:?}\t{}\t{:?}",
                j.level,
                l,
                j.reasons
                    .iter()
                    .map(|r| r.code.as_str())
                    .collect::<Vec<_>>()
            );
        }
    }
}

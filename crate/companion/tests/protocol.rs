//! PROTOCOL.md says what the code does.

use doorchain_core::protocol::{
    CompanionAnswer, CompanionAsk, CompanionRequest, CompanionResponse, ErrorCode, FRAME_CAP,
    HOST_NAME, VERSION,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../PROTOCOL.md");

fn examples() -> Vec<Value> {
    PAGE.split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().expect("closed"))
        .map(|example| serde_json::from_str(example).expect(example))
        .collect()
}

/// Reads an example and writes it again: a field that the code does not know would be lost.
fn round_trip<T: DeserializeOwned + Serialize>(example: &Value) -> T {
    let read: T = serde_json::from_value(example.clone())
        .unwrap_or_else(|error| panic!("{error}: {example}"));
    let again = serde_json::to_value(&read).expect("serialises");
    assert_eq!(&again, example);
    read
}

#[test]
fn every_message_has_an_example_that_the_code_understands() {
    let mut seen = BTreeSet::new();
    for example in examples() {
        if example.get("ask").is_some() {
            let request: CompanionRequest = round_trip(&example);
            assert_eq!(request.version, VERSION);
            seen.insert(match request.ask {
                CompanionAsk::Hello => "ask hello",
                CompanionAsk::Sessions => "ask sessions",
                CompanionAsk::End { .. } => "ask end",
            });
        } else {
            seen.insert(match round_trip(&example) {
                CompanionResponse::Ok { answer, .. } => match answer {
                    CompanionAnswer::Hello { .. } => "answer hello",
                    CompanionAnswer::Sessions { .. } => "answer sessions",
                    CompanionAnswer::End { .. } => "answer end",
                },
                CompanionResponse::Error { number, code, .. } => {
                    assert_eq!(number, code as u32);
                    "error"
                }
            });
        }
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
}

#[test]
fn every_error_is_in_the_table() {
    let all = [
        ErrorCode::BadRequest,
        ErrorCode::TooLarge,
        ErrorCode::Version,
        ErrorCode::UnknownFinding,
        ErrorCode::EndFailed,
    ];
    for (index, code) in all.into_iter().enumerate() {
        // A new code does not compile until it is added above.
        match code {
            ErrorCode::BadRequest
            | ErrorCode::TooLarge
            | ErrorCode::Version
            | ErrorCode::UnknownFinding
            | ErrorCode::EndFailed => {}
        }
        assert_eq!(code as usize, index + 1);
        let name = serde_json::to_value(code).expect("serialises");
        let row = format!("| {} | `{}` |", code as u32, name.as_str().expect("text"));
        assert!(PAGE.contains(&row), "{row}");
    }
}

#[test]
fn version_cap_and_name_are_the_codes() {
    assert!(PAGE.contains(&format!("**{VERSION}.**")));
    assert_eq!(FRAME_CAP, 1_048_576);
    assert!(PAGE.contains("1,048,576 bytes"));
    assert!(PAGE.contains(HOST_NAME));
}

/// Whether a test plays this with the real server and a real client, on Linux.
fn is_played(tool: &str, kind: &str) -> bool {
    match kind {
        "server_port" => {
            ["gnome-remote-desktop", "krfb", "tigervnc", "x11vnc", "xrdp"].contains(&tool)
        }
        "session_connection" => ["tigervnc", "x11vnc", "x2go"].contains(&tool),
        _ => false,
    }
}

/// Whether a test plays this with a process under the tool's name, or with a log of its shape.
fn has_stand_in(tool: &str, kind: &str, system: &str) -> bool {
    match kind {
        "session_process" | "session_argument" | "fresh_process" => system != "macos",
        "session_log" => match system {
            "linux" => true,
            "windows" => ["ammyy", "anydesk", "supremo", "ultraviewer"].contains(&tool),
            _ => false,
        },
        "session_login" => true,
        _ => false,
    }
}

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').collect())
}

/// What is read of a tool's logs on a system: the files, and how they tell of a session.
fn logs(tool: &str, system: &str) -> String {
    const LOGS: &str = include_str!("../data/logs.tsv");
    const WORDS: &str = include_str!("../data/log_words.tsv");
    let said: Vec<String> = ["asked", "begun", "ended"]
        .into_iter()
        .map(|says| {
            let words = rows(WORDS).filter(|row| (row[0], row[1]) == (tool, says));
            let words: Vec<&str> = words.map(|row| row[3].trim()).collect();
            words.join(", ")
        })
        .filter(|words| !words.is_empty())
        .collect();
    let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows(LOGS).filter(|row| (row[0], row[1]) == (tool, system)) {
        let name = row[3].rsplit('/').next().expect("a file");
        files.entry(row[4]).or_default().insert(name);
    }
    let told: Vec<String> = (files.into_iter())
        .map(|(reader, names)| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let how = match reader {
                "lines" => said.join(" / "),
                "growth" => "is being written to".to_owned(),
                "entry" => "was written to within the hour".to_owned(),
                "span" => "start / end".to_owned(),
                _ => panic!("{reader}"),
            };
            format!("{}: {how}", names.join(", "))
        })
        .collect();
    assert!(!told.is_empty(), "nothing is read of {tool} on {system}");
    format!("log, {}", told.join("; "))
}

/// The table of tools with their evidence, out of the data, and the tools that have none.
fn evidence() -> String {
    const TOOLS: &str = include_str!("../../core/data/tools.tsv");
    const SOURCES: &str = include_str!("../../core/data/sources.tsv");
    let sources: BTreeMap<&str, &str> = rows(SOURCES).map(|row| (row[0], row[1])).collect();
    let names: BTreeMap<&str, &str> = rows(TOOLS)
        .filter(|row| row[1] == "name")
        .map(|row| (row[0], row[3]))
        .collect();
    let systems: BTreeMap<&str, BTreeSet<&str>> = rows(TOOLS)
        .filter(|row| row[1] == "process")
        .fold(BTreeMap::new(), |mut systems, row| {
            systems.entry(row[0]).or_default().insert(row[2]);
            systems
        });
    let mut table = BTreeSet::new();
    for row in rows(TOOLS) {
        let [tool, kind, system, value, grade, source, date] = row[..] else {
            panic!("{row:?}");
        };
        let what = match kind {
            "session_process" => format!("process `{value}`"),
            "session_argument" => format!("process `{value}`"),
            "fresh_process" => format!("process `{value}`, begun later than the system"),
            "session_connection" => match value.split_once(':') {
                Some((process, port)) => {
                    format!("connection of `{process}` to port {port} or up to 99 above")
                }
                None => format!("any connection of `{value}`"),
            },
            "session_log" => String::new(),
            "session_event" => format!("event log, {value}"),
            "session_desktop" => format!("Terminal Services, client protocol {value}"),
            "session_metric" => format!("system metric {value}"),
            "session_socket" => format!("`{value}`")
                .replacen(": ", "`: ", 1)
                .replace("end`", "end"),
            "session_login" => format!("login of type {value} from elsewhere, by logind"),
            "server_port" => "connection to its own port".to_owned(),
            _ => continue,
        };
        let on: Vec<&str> = match system {
            "any" => systems.get(tool).into_iter().flatten().copied().collect(),
            system => vec![system],
        };
        for system in on {
            let what = match kind {
                "session_log" => logs(tool, system),
                _ => what.clone(),
            };
            let tried = if is_played(tool, kind) && system == "linux" {
                "a session"
            } else if has_stand_in(tool, kind, system) {
                "a stand-in"
            } else {
                "no"
            };
            table.insert(format!(
                "| {} | {system} | {what} | {grade} | {tried} | {} ({date}) |",
                names[tool], sources[source]
            ));
        }
    }
    let mut text = "| tool | system | evidence | grade | tried | source |\n\
                    | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for row in table {
        text.push_str(&row);
        text.push('\n');
    }
    let evident: BTreeSet<&str> = rows(TOOLS)
        .filter(|row| row[4] != "-")
        .map(|row| row[0])
        .collect();
    let silent: Vec<&str> = (systems.keys())
        .filter(|tool| !evident.contains(*tool))
        .map(|tool| names[tool])
        .collect();
    text.push_str(&format!(
        "\nOf these {} no mark of a session is known; by the \
         companion they are always `none`, and only their pages and installers count, as exposure: {}.\n",
        silent.len(),
        silent.join(", ")
    ));
    text
}

#[test]
fn the_table_of_evidence_is_the_datas() {
    let (before, rest) = PAGE
        .split_once("--test protocol` -->\n")
        .expect("the table begins");
    let (table, after) = rest
        .split_once("<!-- end of evidence -->")
        .expect("the table ends");
    if table == evidence() {
        return;
    }
    if std::env::var_os("UPDATE").is_some() {
        let page = format!(
            "{before}--test protocol` -->\n{}<!-- end of evidence -->{after}",
            evidence()
        );
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../PROTOCOL.md");
        std::fs::write(path, page).expect("written");
        return;
    }
    panic!("PROTOCOL.md is stale: UPDATE=1 cargo test -p doorchain-companion --test protocol");
}

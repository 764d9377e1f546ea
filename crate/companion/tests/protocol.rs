//! PROTOCOL.md says what the code does.

use doorchain_core::protocol::{
    CompanionAnswer, CompanionAsk, CompanionRequest, CompanionResponse, ErrorCode, FRAME_CAP,
    HOST_NAME, VERSION,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

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

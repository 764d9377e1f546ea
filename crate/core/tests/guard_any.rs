//! What holds of the guard whatever happens, in any order and on any clock.

use doorchain_core::{
    Access, Change, CompanionHealth, Confidence, ContentMessage, Direction, Effect, Engine, Event,
    Finding, Millis, PageFacts, PageMessage, PinHash, Press, SessionReport, SessionState, Settings,
    State, View, parse_address,
};
use proptest::{option, prelude::*, sample::select};
use serde_json::Value;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(parse_address));

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Banks, tools, a page that is neither, and texts that are no address.
const ADDRESSES: [&str; 10] = [
    "https://www.barclays.co.uk/",
    "https://www.lloydsbank.com/",
    "https://anydesk.com/en/downloads/windows",
    "https://remotedesktop.google.com/support",
    "https://news.example.org/",
    "",
    "not an address",
    "about:blank",
    "https://",
    "https://%",
];

/// What comes between two looks at the guard.
#[derive(Clone, Debug)]
enum Act {
    Happens(Box<Event>),
    /// So many milliseconds go by, or the clock is set back.
    Clock(i64),
    /// The browser ends: only the settings are left.
    Restart,
    /// The stored moments are these, in turn, as milliseconds from now.
    Dates(Vec<i64>),
}

fn act() -> impl Strategy<Value = Act> {
    let year = 365 * DAY as i64;
    prop_oneof![
        12 => event().prop_map(|event| Act::Happens(Box::new(event))),
        4 => (0..40 * SECOND as i64).prop_map(Act::Clock),
        1 => select(vec![31 * MINUTE as i64, 13 * HOUR as i64]).prop_map(Act::Clock),
        1 => (-year..year).prop_map(Act::Clock),
        1 => Just(Act::Restart),
        1 => prop::collection::vec(prop_oneof![-year..year, Just(i64::MAX), Just(i64::MIN)], 1..9)
            .prop_map(Act::Dates),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let tab = || 0..4_u32;
    let url = || select(&ADDRESSES[..]).prop_map(str::to_owned);
    let frame = prop_oneof![4 => Just(0), 1 => select(vec![7, 1 << 40])];
    let files = select(vec![
        "AnyDesk.exe",
        "TeamViewer_Setup.exe",
        "letter.pdf",
        "\u{0}/..",
    ]);
    let ports = prop::collection::vec(select(vec![0, 3_389, 5_900, 5_939, u16::MAX]), 0..3);
    prop_oneof![
        1 => Just(Event::Started { language: None }),
        6 => (tab(), url(), any::<bool>())
            .prop_map(|(tab, url, private)| Event::Opened { tab, url, private }),
        18 => (tab(), frame, url(), any::<bool>(), content()).prop_map(
            |(tab, frame, url, private, content)| Event::Content {
                tab,
                frame,
                url,
                private,
                content,
            }
        ),
        8 => page().prop_map(|page| Event::Page { page }),
        1 => tab().prop_map(|tab| Event::Closed { tab }),
        2 => (url(), files, any::<bool>()).prop_map(|(url, file, private)| Event::Downloaded {
            url,
            file_name: file.to_owned(),
            private,
        }),
        1 => ports.prop_map(|ports| Event::Listening { ports }),
        8 => report().prop_map(|report| Event::Report { report }),
        2 => health().prop_map(|health| Event::Companion { health }),
        1 => (select(vec!["a", "b"]), any::<bool>(), any::<bool>()).prop_map(
            |(finding, gone, came_back)| Event::Ended {
                finding: finding.to_owned(),
                gone,
                came_back,
            }
        ),
        1 => any::<(bool, bool)>().prop_map(|(sites, private_windows)| Event::Access {
            access: Access {
                sites,
                private_windows,
            },
        }),
        1 => tab().prop_map(|tab| Event::Unreached { tab }),
        1 => Just(Event::Woke),
    ]
}

fn content() -> impl Strategy<Value = ContentMessage> {
    let scam = "Your Amazon Prime membership renews today for £39.99. To cancel, call us and \
                download AnyDesk so that our technician can connect to your computer.";
    let texts = move || select(vec![scam, "Download AnyDesk for Windows", ""]);
    let press = select(vec![
        Press::Dismiss,
        Press::Wrong,
        Press::OnThePhone,
        Press::Explain,
        Press::Alone,
        Press::NotAlone,
        Press::Leave,
        Press::EndSession,
        Press::GoOn,
    ]);
    prop_oneof![
        4 => (1..4u32).prop_map(|document| ContentMessage::Hello { document }),
        3 => texts().prop_map(|text| ContentMessage::Read {
            facts: Box::new(PageFacts {
                text: text.to_owned(),
                ..PageFacts::default()
            }),
        }),
        1 => texts().prop_map(|text| ContentMessage::Typed {
            text: text.to_owned(),
        }),
        6 => press.prop_map(|press| ContentMessage::Pressed { press }),
        1 => any::<bool>().prop_map(|live| ContentMessage::SharesScreen { live }),
        1 => any::<bool>().prop_map(|again| ContentMessage::NumbersChanged { again }),
    ]
}

fn pin() -> PinHash {
    PinHash {
        salt: "A".repeat(24),
        rounds: 600_000,
        hash: "B".repeat(44),
    }
}

fn page() -> impl Strategy<Value = PageMessage> {
    let proof = option::of(select(vec!["wrong".to_owned(), pin().hash]));
    prop_oneof![
        1 => Just(PageMessage::Status { tab: Some(1) }),
        8 => (change(), proof)
            .prop_map(|(change, proof)| PageMessage::Change { change, proof }),
        2 => Just(PageMessage::Alarm),
        1 => Just(PageMessage::EndSession),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let tool = || select(vec!["x11vnc", "anydesk"]).prop_map(str::to_owned);
    let cheap = PinHash { rounds: 1, ..pin() };
    prop_oneof![
        (
            select(vec!["barclays.co.uk", "example.org", ""]),
            any::<bool>()
        )
            .prop_map(|(site, quiet)| Change::Site {
                site: site.to_owned(),
                quiet,
            }),
        any::<bool>().prop_map(|on| Change::Strict { on }),
        any::<bool>().prop_map(|on| Change::Voice { on }),
        any::<bool>().prop_map(|on| Change::Listeners { on }),
        Just(Change::Country { code: None }),
        (tool(), any::<u32>()).prop_map(|(tool, minutes)| Change::AllowHelper { tool, minutes }),
        tool().prop_map(|tool| Change::ForbidHelper { tool }),
        Just(Change::AlarmOff),
        Just(Change::Clear),
        select(vec![None, Some(pin()), Some(cheap)]).prop_map(|pin| Change::Pin { pin }),
        any::<bool>().prop_map(|on| Change::ForgetPin { on }),
    ]
}

fn report() -> impl Strategy<Value = SessionReport> {
    let finding = (
        select(vec!["a", "b"]),
        select(vec!["x11vnc", "anydesk"]),
        select(vec![Direction::Inbound, Direction::Outbound]),
        select(vec![Confidence::Weak, Confidence::Good, Confidence::Proof]),
    )
        .prop_map(|(id, tool, direction, confidence)| Finding {
            id: id.to_owned(),
            tool: tool.to_owned(),
            name: tool.to_owned(),
            direction,
            confidence,
            ..Finding::default()
        });
    let state = select(vec![
        SessionState::Active,
        SessionState::Active,
        SessionState::None,
        SessionState::Unknown,
    ]);
    (state, prop::collection::vec(finding, 0..3)).prop_map(|(state, findings)| SessionReport {
        state,
        findings,
        failed: Vec::new(),
    })
}

fn health() -> impl Strategy<Value = CompanionHealth> {
    let why = String::new();
    let release = String::new();
    select(vec![
        CompanionHealth::Unasked,
        CompanionHealth::Well { release },
        CompanionHealth::Missing,
        CompanionHealth::WrongVersion { version: 9 },
        CompanionHealth::Broken { why },
    ])
}

/// Calls `look` with the name and the number of everything that is dated.
fn moments(value: &mut Value, look: &mut impl FnMut(&str, &mut Value)) {
    const NAMES: [&str; 13] = [
        "at",
        "since",
        "until",
        "alarm",
        "aloneAt",
        "askedAt",
        "lastActive",
        "reportedAt",
        "wentOn",
        "closedUntil",
        "goesAt",
        "goOnAt",
        "wakeAt",
    ];
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if field.is_u64() && NAMES.contains(&name.as_str()) {
                    look(name, field);
                } else {
                    moments(field, look);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| moments(item, look)),
        _ => {}
    }
}

fn moment_after(now: Millis, ms: i64) -> Millis {
    Millis(now.0.saturating_add_signed(ms))
}

/// Nothing that was lies ahead, and nothing that is to be lies further off than it may.
fn no_moment_is_made_up(state: &State, now: Millis) {
    let mut stored = serde_json::to_value(state).unwrap();
    moments(&mut stored, &mut |name, at| {
        let at = Millis(at.as_u64().unwrap());
        let ahead = match name {
            "until" => 12 * HOUR,
            "closedUntil" => HOUR,
            "goesAt" => DAY,
            "goOnAt" => 30 * SECOND,
            "lastActive" => MINUTE,
            "wakeAt" => {
                assert!(at > now, "to be woken in the past");
                return;
            }
            _ => 0,
        };
        assert!(at <= now.after(ahead), "{name} is {at:?} at {now:?}");
    });
}

/// The settings of `after` keep all that those of `before` protect by.
fn nothing_is_loosened(before: &Settings, after: &Settings) {
    assert!(after.strict || !before.strict, "strict");
    assert!(after.voice || !before.voice, "voice");
    assert!(after.listeners || !before.listeners, "listeners");
    let known = |site: &String| before.quiet_sites.contains(site);
    assert!(after.quiet_sites.iter().all(known), "a site");
    let known = |helper| before.helpers.contains(helper);
    assert!(after.helpers.iter().all(known), "a helper");
    assert!(before.kept.alarm.is_none() || after.kept.alarm.is_some());
    assert_eq!(before.pin.is_some(), after.pin.is_some());
    let goes = |settings: &Settings| {
        settings
            .pin
            .as_ref()
            .is_some_and(|pin| pin.goes_at.is_some())
    };
    assert!(goes(before) || !goes(after), "the PIN is to go");
    assert!(before.incident.is_empty() || !after.incident.is_empty());
}

fn covers(view: Option<&View>) -> bool {
    matches!(view, Some(View::Pause { .. } | View::Stop { .. }))
}

/// Whether an event can be why a cover is lifted that was there before it.
fn can_lift(event: &Event, frozen: bool) -> bool {
    match event {
        // The page is another one, or one is gone that was why.
        Event::Opened { .. } | Event::Closed { .. } => true,
        // It is seen that nobody is there any more.
        Event::Report { .. } | Event::Companion { .. } | Event::Ended { .. } => true,
        Event::Content { content, .. } => match content {
            ContentMessage::Hello { .. } | ContentMessage::SharesScreen { live: false } => true,
            // The answers.
            ContentMessage::Pressed { press } => matches!(press, Press::Alone | Press::GoOn),
            _ => false,
        },
        Event::Page {
            page: PageMessage::Change { change, .. },
        } => *change == Change::AlarmOff || !frozen,
        _ => false,
    }
}

fn step(state: State, event: Event, now: Millis) -> (State, Vec<Effect>) {
    let step = ENGINE.step(state, event, now);
    no_moment_is_made_up(&step.state, now);
    let stored = serde_json::to_string(&step.state).unwrap();
    assert_eq!(serde_json::from_str::<State>(&stored).unwrap(), step.state);
    (step.state, step.effects)
}

fn happens(before: State, event: Event, now: Millis) -> State {
    let status = ENGINE.status(&before, None, now);
    let (after, effects) = step(before.clone(), event.clone(), now);
    if !status.sessions.is_empty() {
        nothing_is_loosened(&before.settings, &after.settings);
    }
    for id in before.memory.tabs.keys() {
        let Some(tab) = after.memory.tabs.get(id) else {
            continue;
        };
        let (old, new) = (before.memory.tabs[id].shown.as_ref(), tab.shown.as_ref());
        assert!(
            !covers(old) || covers(new) || can_lift(&event, status.frozen),
            "{event:?} made {old:?} {new:?}"
        );
        let said = effects.iter().rev().find_map(|effect| match effect {
            Effect::Show { tab, view } if *tab == id => Some(view),
            _ => None,
        });
        assert!(old == new || said == new, "{new:?} is not drawn");
    }
    after
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_event_on_any_state_gives_a_step(acts in prop::collection::vec(act(), 1..80)) {
        let mut now = Millis(1_800_000_000_000);
        let mut state = State::default();
        for act in acts {
            match act {
                Act::Happens(event) => state = happens(state, *event, now),
                Act::Clock(ms) => {
                    now = moment_after(now, ms);
                    state = step(state, Event::Woke, now).0;
                }
                Act::Restart => {
                    state.memory = Default::default();
                    state = step(state, Event::Started { language: None }, now).0;
                }
                Act::Dates(dates) => {
                    let mut dates = dates.into_iter().cycle();
                    let mut stored = serde_json::to_value(&state).unwrap();
                    moments(&mut stored, &mut |_, at| {
                        *at = moment_after(now, dates.next().unwrap()).0.into();
                    });
                    state = serde_json::from_value(stored).unwrap();
                    state = step(state, Event::Woke, now).0;
                }
            }
        }
    }
}

//! The guard, driven as the background drives it: one event after the other, on a clock of its own.
//!
//! Every step sends the state through JSON, as the browser's storage does: what is
//! not stored is forgotten at every step.

use doorchain_core::{
    Access, Change, CompanionHealth, Confidence, ContentMessage, Direction, Effect, Ending, Engine,
    Event, Exposure, Field, Finding, Form, Happening, Kept, Level, Millis, Notice, PageFacts,
    PageMessage, Pin, PinHash, Press, SessionReport, SessionState, Settings, State, View,
    parse_address,
};
use std::sync::LazyLock;

const BANK: &str = "https://www.barclays.co.uk/";
const OTHER_BANK: &str = "https://www.lloydsbank.com/";
const TOOL: &str = "https://anydesk.com/en/downloads/windows";
const NEWS: &str = "https://news.example.org/";

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(parse_address));

#[test]
fn an_answer_counts_though_the_background_was_killed_before_it() {
    let mut world = World::new();
    world.open(1, TOOL).open(2, BANK).report(Vec::new());
    assert_eq!(world.level(2), Level::Pause);
    world.wait(60).event(Event::Started { language: None });
    assert_eq!(world.level(2), Level::Pause, "what is asked stays asked");
    world.press(2, Press::Alone);
    assert_eq!(world.level(2), Level::Quiet);
}

struct World {
    stored: String,
    /// What happens next is in a private window.
    private: bool,
    /// How many documents were opened; the last one has this number.
    documents: u32,
    now: Millis,
    effects: Vec<Effect>,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            stored: serde_json::to_string(&State::default()).unwrap(),
            private: false,
            documents: 0,
            now: Millis(1_800_000_000_000),
            effects: Vec::new(),
        };
        world.event(Event::Started { language: None });
        world.event(Event::Companion { health: well() });
        world
    }

    fn event(&mut self, event: Event) -> &mut Self {
        let event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        let step = ENGINE.step(self.state(), event, self.now);
        self.stored = serde_json::to_string(&step.state).unwrap();
        self.effects = step.effects;
        self
    }

    fn state(&self) -> State {
        serde_json::from_str(&self.stored).unwrap()
    }

    fn wait(&mut self, seconds: u64) -> &mut Self {
        self.now = self.now.after(seconds * 1_000);
        self
    }

    fn open(&mut self, tab: u32, url: &str) -> &mut Self {
        self.event(Event::Opened {
            tab,
            url: url.to_owned(),
            private: self.private,
        });
        self.documents += 1;
        self.greet(tab, url, self.documents)
    }

    fn greet(&mut self, tab: u32, url: &str, document: u32) -> &mut Self {
        self.content(tab, url, ContentMessage::Hello { document })
    }

    fn content(&mut self, tab: u32, url: &str, content: ContentMessage) -> &mut Self {
        self.event(Event::Content {
            tab,
            frame: 0,
            url: url.to_owned(),
            private: self.private,
            content,
        })
    }

    fn press(&mut self, tab: u32, press: Press) -> &mut Self {
        self.content(tab, BANK, ContentMessage::Pressed { press })
    }

    fn change(&mut self, change: Change) -> &mut Self {
        self.event(Event::Page {
            page: PageMessage::Change {
                change,
                proof: None,
            },
        })
    }

    fn change_with(&mut self, change: Change, proof: &str) -> &mut Self {
        self.event(Event::Page {
            page: PageMessage::Change {
                change,
                proof: Some(proof.to_owned()),
            },
        })
    }

    fn pin(&self) -> Pin {
        self.state().settings.pin.expect("a PIN is set")
    }

    /// The browser ends and is started again: only the settings are left.
    fn restart(&mut self) -> &mut Self {
        let State { settings, .. } = self.state();
        let state = State {
            settings,
            ..State::default()
        };
        self.stored = serde_json::to_string(&state).unwrap();
        self.event(Event::Started { language: None })
            .event(Event::Companion { health: well() })
    }

    fn alarm(&mut self) -> &mut Self {
        self.event(Event::Page {
            page: PageMessage::Alarm,
        })
    }

    fn report(&mut self, findings: Vec<Finding>) -> &mut Self {
        let state = if findings.is_empty() {
            SessionState::None
        } else {
            SessionState::Active
        };
        self.event(Event::Report {
            report: SessionReport {
                state,
                findings,
                failed: Vec::new(),
            },
        })
    }

    /// What the tab shows, by the state; every change of it must also have been said as an effect.
    fn view(&self, tab: u32) -> View {
        self.state().memory.tabs[tab]
            .shown
            .clone()
            .unwrap_or_default()
    }

    fn level(&self, tab: u32) -> Level {
        self.view(tab).level()
    }

    fn shown(&self, tab: u32) -> Option<&View> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Show { tab: shown, view } if *shown == tab => Some(view),
            _ => None,
        })
    }

    /// The timeline as the page "What happened" tells it.
    fn told(&self) -> Vec<Happening> {
        let status = ENGINE.status(&self.state(), None, self.now);
        status
            .timeline
            .into_iter()
            .map(|entry| entry.what)
            .collect()
    }

    fn timeline(&self) -> Vec<Happening> {
        self.state()
            .memory
            .timeline
            .into_iter()
            .map(|entry| entry.what)
            .collect()
    }
}

fn well() -> CompanionHealth {
    CompanionHealth::Well {
        release: "0.1.0".to_owned(),
    }
}

fn session(id: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        tool: "x11vnc".to_owned(),
        name: "x11vnc".to_owned(),
        direction: Direction::Inbound,
        since: None,
        evidence: "established inbound connection on its own port".to_owned(),
        confidence: Confidence::Proof,
        pids: vec![7],
    }
}

/// What may be a session.
fn weak(id: &str) -> Finding {
    Finding {
        confidence: Confidence::Weak,
        ..session(id)
    }
}

#[test]
fn a_bank_alone_is_quiet_and_the_companion_is_asked() {
    let mut world = World::new();
    world.open(1, BANK);
    assert_eq!(world.view(1), View::Nothing);
    assert!(world.state().memory.following);
    world.report(vec![]);
    assert_eq!(world.view(1), View::Nothing);
    world.event(Event::Closed { tab: 1 });
    assert!(
        matches!(world.effects[..], [Effect::Follow { on: false, .. }]),
        "{:?}",
        world.effects
    );
}

#[test]
fn a_session_stops_the_bank_whichever_came_first() {
    for session_first in [false, true] {
        let mut world = World::new();
        if session_first {
            world.report(vec![session("a")]);
            world.open(1, BANK);
        } else {
            world
                .open(1, BANK)
                .report(vec![])
                .wait(2)
                .report(vec![session("a")]);
        }
        let View::Stop {
            sessions,
            go_on_at,
            ending,
            ..
        } = world.view(1)
        else {
            panic!("{:?}", world.view(1));
        };
        assert_eq!(sessions[0].name, "x11vnc");
        assert_eq!(go_on_at, Some(world.now.after(30_000)));
        assert_eq!(ending, Ending::Possible);
        assert_eq!(world.shown(1), Some(&world.view(1)));
    }
}

#[test]
fn an_outbound_or_an_ended_session_is_none() {
    let mut world = World::new();
    world.open(1, BANK);
    world.report(vec![Finding {
        direction: Direction::Outbound,
        ..session("a")
    }]);
    assert_eq!(world.level(1), Level::Quiet);
    world.report(vec![session("b")]);
    assert_eq!(world.level(1), Level::Stop);
    world.wait(60).report(vec![]);
    assert_eq!(world.view(1), View::Nothing);
    assert!(world.effects.contains(&Effect::OpenHappened));
    world.wait(2).report(vec![]);
    assert!(
        !world.effects.contains(&Effect::OpenHappened),
        "opened once"
    );
}

#[test]
fn the_incident_outlives_the_browser() {
    let mut world = World::new();
    world
        .open(1, TOOL)
        .wait(60)
        .open(2, BANK)
        .report(vec![session("a")])
        .wait(9)
        .report(vec![]);
    let settings = world.state().settings;
    let told = World {
        stored: world.stored.clone(),
        ..World::new()
    }
    .told();
    assert!(
        told.contains(&Happening::SessionEnded {
            tool: "x11vnc".to_owned()
        }),
        "{told:?}"
    );
    let mut after = World::new();
    after.stored = serde_json::to_string(&State {
        settings,
        ..State::default()
    })
    .unwrap();
    assert_eq!(after.told(), told);
    after.now = world.now.after(86_400_000);
    after.open(1, BANK);
    assert_eq!(
        after.told()[..told.len()],
        told,
        "what comes later follows it"
    );
    assert_eq!(after.told().len(), told.len() + 1);
}

#[test]
fn the_persons_word_outlives_the_browser() {
    let mut world = World::new();
    world.alarm().wait(60).restart();
    let armed = |effect: &Effect| matches!(effect, Effect::Arm { matches } if !matches.is_empty());
    world.event(Event::Started { language: None });
    assert!(world.effects.iter().any(armed), "{:?}", world.effects);
    world.open(1, BANK);
    assert_eq!(world.level(1), Level::Stop);
    world.change(Change::Voice { on: false });
    assert!(world.state().settings.voice, "settings are frozen still");
    world.wait(2 * 3_600).event(Event::Woke);
    assert_eq!(world.view(1), View::Nothing);

    let mut world = World::new();
    world.alarm().wait(30).report(vec![]);
    world.change(Change::AlarmOff).restart();
    world.open(1, BANK).report(vec![]);
    assert_eq!(world.view(1), View::Nothing, "it was taken back");
    world.change(Change::Voice { on: false });
    assert!(world.state().settings.voice, "not thawed by a restart");
}

#[test]
fn exposure_outlives_the_browser_for_as_long_as_it_counts() {
    let mut world = World::new();
    world
        .open(1, TOOL)
        .event(Event::Downloaded {
            url: "https://download.anydesk.com/AnyDesk.exe".to_owned(),
            file_name: "AnyDesk.exe".to_owned(),
            private: false,
        })
        .wait(60)
        .restart()
        .open(1, BANK)
        .report(vec![]);
    let View::Pause { exposure, tool, .. } = world.view(1) else {
        panic!("{:?}", world.view(1))
    };
    assert_eq!(exposure, [Exposure::Downloaded, Exposure::Visited]);
    assert_eq!(tool.as_deref(), Some("AnyDesk"));
    world.wait(3_600).restart().open(1, BANK).report(vec![]);
    let View::Pause { exposure, .. } = world.view(1) else {
        panic!("{:?}", world.view(1))
    };
    assert_eq!(exposure, [Exposure::Downloaded], "an hour after the visit");
    world.press(1, Press::Alone).restart();
    world.open(1, BANK).report(vec![]);
    assert_eq!(world.view(1), View::Nothing, "it is not asked twice");
    world.wait(3_600).event(Event::Woke).report(vec![]);
    assert_eq!(world.level(1), Level::Pause, "an hour after the answer");
    world.wait(11 * 3_600).restart();
    assert_eq!(world.state().settings, Settings::default(), "no older");
}

#[test]
fn a_page_that_was_not_read_to_its_end_is_told_of_until_another_is() {
    let mut world = World::new();
    let read = |gave_up| ContentMessage::Read {
        facts: Box::new(PageFacts {
            text: "The ferry was late.".to_owned(),
            gave_up,
            ..PageFacts::default()
        }),
    };
    let gave_up = |world: &World| ENGINE.status(&world.state(), Some(1), world.now).gave_up;
    world.open(1, NEWS);
    assert!(!gave_up(&world));
    world.content(1, NEWS, read(true));
    assert!(gave_up(&world));
    assert_eq!(world.level(1), Level::Quiet);
    world.content(1, NEWS, read(false));
    assert!(!gave_up(&world));

    let frame = |content| Event::Content {
        tab: 1,
        frame: 4,
        url: NEWS.to_owned(),
        private: false,
        content,
    };
    world.event(frame(read(true)));
    world.content(1, NEWS, read(false));
    assert!(gave_up(&world), "of a frame as long as that is there");
    world.event(frame(ContentMessage::Hello { document: 7 }));
    assert!(!gave_up(&world));
    world.event(frame(read(true)));
    world.open(1, NEWS);
    assert!(!gave_up(&world), "no longer than the page around it");
}

#[test]
fn what_is_kept_names_no_page() {
    let mut world = World::new();
    let facts = PageFacts {
        title: "Amazon Prime renewal".to_owned(),
        text: "Your Amazon Prime membership renews today for £39.99. To cancel, call us and \
               download AnyDesk so that our technician can connect to your computer and refund you."
            .to_owned(),
        ..PageFacts::default()
    };
    world.open(1, NEWS).content(
        1,
        NEWS,
        ContentMessage::Read {
            facts: Box::new(facts),
        },
    );
    assert_eq!(world.level(1), Level::Caution);
    let settings = world.state().settings;
    assert_ne!(settings, Settings::default(), "it asked for remote access");
    let kept = serde_json::to_string(&settings).unwrap();
    for word in ["example", "renew", "technician", "Prime"] {
        assert!(!kept.contains(word), "{word} in {kept}");
    }
}

#[test]
fn clearing_forgets_what_is_told_and_takes_no_protection_away() {
    for private in [false, true] {
        let mut world = World::new();
        world.private = private;
        world.open(1, TOOL).report(vec![]).change(Change::Clear);
        assert_eq!(world.told(), []);
        world.open(2, BANK).report(vec![]);
        assert_eq!(world.level(2), Level::Pause);
        // Nor is an answer forgotten.
        world.wait(1).press(2, Press::Alone).change(Change::Clear);
        world.open(3, OTHER_BANK).report(vec![]);
        assert_eq!(world.view(3), View::Nothing);
        world.restart().open(2, BANK).report(vec![]);
        assert_eq!(world.view(2), View::Nothing);
    }
    let mut world = World::new();
    world.open(1, TOOL).report(vec![]).change(Change::Clear);
    world.restart().open(2, BANK).report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
}

#[test]
fn settings_stay_frozen_through_a_restart_and_thaw_by_themselves() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    world.report(vec![]).restart().report(vec![]);
    world.change(Change::Voice { on: false });
    assert!(world.state().settings.voice);
    let thaw = world.state().memory.wake_at.expect("somebody to wake it");
    let waits = thaw.since(world.now) / 60_000;
    assert!((14..=16).contains(&waits), "{waits} minutes");
    let frozen = |world: &World| ENGINE.status(&world.state(), None, world.now).frozen;
    assert!(frozen(&world));
    world.now = thaw;
    world.event(Event::Woke).report(vec![]);
    assert!(!frozen(&world));
    world.change(Change::Voice { on: false });
    assert!(!world.state().settings.voice);
}

#[test]
fn a_session_is_written_down_once_a_minute() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    let mut written = 0;
    for _ in 0..60 {
        let before = world.state().settings;
        world.wait(2).report(vec![session("a")]);
        written += u32::from(world.state().settings != before);
    }
    assert!((1..=3).contains(&written), "{written} times in two minutes");
}

#[test]
fn a_clock_that_was_ahead_locks_nobody_out() {
    let mut world = World::new();
    let right = world.now;
    world.wait(400 * 86_400).alarm().open(1, TOOL);
    world.now = right;
    world.restart().open(2, BANK);
    assert_eq!(world.level(2), Level::Stop, "it counts from now");
    world.wait(2 * 3_600 + 60).event(Event::Woke);
    assert_eq!(world.view(2), View::Nothing);
    world.change(Change::Voice { on: false }).report(vec![]);
    assert!(!world.state().settings.voice);
}

#[test]
fn a_failed_probe_changes_nothing() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    world.event(Event::Report {
        report: SessionReport::default(),
    });
    assert_eq!(world.level(1), Level::Stop);
    // Neither does a companion that somebody shuts down.
    world.event(Event::Companion {
        health: CompanionHealth::Missing,
    });
    assert_eq!(world.level(1), Level::Stop);
    // Not for ever: nobody could get back to work.
    world.wait(31 * 60).event(Event::Woke);
    assert_eq!(world.level(1), Level::Pause);
    world.wait(31 * 60).event(Event::Woke);
    assert_eq!(world.level(1), Level::Quiet);
}

#[test]
fn a_session_is_asked_about_after_the_browser_was_ended_in_it() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]).restart();
    assert!(
        (world.state().memory).armed,
        "the bank is covered before the companion has answered"
    );
    world.open(2, BANK).event(Event::Companion {
        health: CompanionHealth::Missing,
    });
    assert_eq!(world.level(2), Level::Pause);
    // One that ended by itself leaves no question behind.
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    world.wait(2).report(vec![]).wait(2).report(vec![]);
    assert_eq!(world.level(1), Level::Quiet);
}

#[test]
fn an_incident_goes_on_after_the_browser_was_ended_in_it() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    let before = world.state().settings.incident;
    assert!(!before.is_empty());
    world
        .wait(60)
        .restart()
        .open(1, BANK)
        .report(vec![session("a")]);
    let after = world.state().settings.incident;
    assert_eq!(after[..before.len()], before);
    assert!(after.len() > before.len());
    // Another day's is another one.
    world.wait(2).report(vec![]).wait(86_400).restart();
    world.open(1, BANK).report(vec![session("b")]);
    let first = world.state().settings.incident[0].at;
    assert!(world.now.since(first) < 60_000);
}

#[test]
fn whoever_takes_the_sight_from_a_covered_bank_is_told_of() {
    let blind = Event::Access {
        access: Access {
            sites: false,
            private_windows: false,
        },
    };
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    world.event(blind.clone());
    assert!(world.effects.contains(&Effect::Notify {
        about: Notice::Uncovered
    }));
    assert!(world.effects.contains(&Effect::Speak));
    let mut world = World::new();
    world.open(1, BANK).report(vec![]).event(blind);
    assert!(!world.effects.contains(&Effect::Notify {
        about: Notice::Uncovered
    }));
}

#[test]
fn a_word_said_again_is_not_taken_back_with_the_first() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![]).alarm();
    world
        .wait(60)
        .change(Change::AlarmOff)
        .alarm()
        .report(vec![]);
    assert_eq!(world.level(1), Level::Stop);
}

#[test]
fn a_private_window_can_be_answered_after_the_clock_was_ahead() {
    let mut world = World::new();
    let right = world.now;
    world.private = true;
    world.wait(400 * 86_400).open(1, TOOL);
    world.now = right;
    world
        .event(Event::Woke)
        .wait(1)
        .open(2, BANK)
        .report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
    world.wait(1).press(2, Press::Alone);
    assert_eq!(world.level(2), Level::Quiet);
}

#[test]
fn go_on_takes_thirty_seconds_and_leaves_a_bar_everywhere() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    world.wait(29).press(1, Press::GoOn);
    assert_eq!(world.level(1), Level::Stop);
    assert!(matches!(world.view(1), View::Stop { .. }));
    world.wait(1).press(1, Press::GoOn);
    assert!(matches!(world.view(1), View::Bar { .. }));
    world.open(2, OTHER_BANK);
    assert!(
        matches!(world.view(2), View::Bar { .. }),
        "the bar is on every bank's page"
    );
    world.wait(2).report(vec![session("b")]);
    assert!(
        matches!(world.view(1), View::Stop { .. }),
        "another session starts the count again"
    );
    world.press(1, Press::GoOn);
    assert!(matches!(world.view(1), View::Stop { .. }));
}

#[test]
fn closing_the_bank_starts_the_count_again() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]).wait(29);
    world.event(Event::Closed { tab: 1 });
    world.open(2, BANK).wait(2).press(2, Press::GoOn);
    assert!(matches!(world.view(2), View::Stop { .. }));
}

#[test]
fn strict_mode_has_no_way_on() {
    let mut world = World::new();
    world
        .change(Change::Strict { on: true })
        .open(1, BANK)
        .report(vec![session("a")]);
    assert!(matches!(world.view(1), View::Stop { go_on_at: None, .. }));
    world.wait(1_700).press(1, Press::GoOn);
    assert!(matches!(world.view(1), View::Stop { .. }));
}

#[test]
fn the_stop_is_spoken_once_and_not_at_all_when_switched_off() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    let loud = [
        Effect::Notify {
            about: Notice::Stop,
        },
        Effect::Speak,
    ];
    assert!(loud.iter().all(|effect| world.effects.contains(effect)));
    world.wait(2).report(vec![session("a")]);
    assert!(world.effects.is_empty(), "{:?}", world.effects);

    let mut world = World::new();
    world.report(vec![]).change(Change::Voice { on: false });
    world.open(1, BANK).report(vec![session("a")]);
    assert!(!world.effects.contains(&Effect::Speak));
    assert!(world.effects.contains(&Effect::Notify {
        about: Notice::Stop
    }));
}

#[test]
fn ending_asks_for_the_findings_and_tells_how_it_went() {
    let mut world = World::new();
    world
        .open(1, BANK)
        .report(vec![session("a")])
        .press(1, Press::EndSession);
    assert!(world.effects.contains(&Effect::EndSession {
        finding: "a".to_owned()
    }));
    assert!(matches!(
        world.view(1),
        View::Stop {
            ending: Ending::Asked,
            ..
        }
    ));
    let ended = |gone, came_back| Event::Ended {
        finding: "a".to_owned(),
        gone,
        came_back,
    };
    world.event(ended(false, false));
    assert!(matches!(
        world.view(1),
        View::Stop {
            ending: Ending::Failed,
            ..
        }
    ));
    world.event(ended(true, true));
    assert!(matches!(
        world.view(1),
        View::Stop {
            ending: Ending::CameBack,
            ..
        }
    ));
    world.event(ended(true, false)).report(vec![]);
    assert_eq!(world.view(1), View::Nothing);
}

#[test]
fn a_session_that_ended_does_not_hide_one_that_did_not() {
    let ended = |finding: &str, gone| Event::Ended {
        finding: finding.to_owned(),
        gone,
        came_back: false,
    };
    for order in [[("a", true), ("b", false)], [("b", false), ("a", true)]] {
        let mut world = World::new();
        world
            .open(1, BANK)
            .report(vec![session("a"), session("b")])
            .press(1, Press::EndSession);
        for (finding, gone) in order {
            world.event(ended(finding, gone));
        }
        let View::Stop { ending, .. } = world.view(1) else {
            panic!("{:?}", world.view(1));
        };
        assert_eq!(ending, Ending::Failed, "{order:?}");
        world.press(1, Press::EndSession).event(ended("b", true));
        assert_eq!(
            ENGINE.status(&world.state(), None, world.now).ending,
            Ending::Impossible
        );
    }
}

#[test]
fn a_session_can_be_ended_where_no_bank_is_open() {
    let end = || Event::Page {
        page: PageMessage::EndSession,
    };
    let ending = |world: &World| ENGINE.status(&world.state(), None, world.now).ending;
    let asks = Effect::EndSession {
        finding: "a".to_owned(),
    };
    let mut world = World::new();
    world.event(end());
    assert!(!world.effects.contains(&asks), "nobody is there");
    assert_eq!(ending(&world), Ending::Impossible);

    world.open(1, NEWS).report(vec![session("a")]);
    assert_eq!(ending(&world), Ending::Possible);
    world.event(end());
    assert!(world.effects.contains(&asks));
    assert_eq!(ending(&world), Ending::Asked);
    let pressed = Happening::Pressed {
        press: Press::EndSession,
    };
    assert!(world.timeline().contains(&pressed));
    world.event(end());
    assert!(!world.effects.contains(&asks), "it is asked already");
}

#[test]
fn exposure_pauses_and_the_answer_lifts_or_stops() {
    let mut world = World::new();
    world.open(1, TOOL).open(2, BANK).report(vec![]);
    let View::Pause { exposure, tool, .. } = world.view(2) else {
        panic!("{:?}", world.view(2))
    };
    assert_eq!(
        (&exposure[..], tool.as_deref()),
        (&[Exposure::Visited][..], Some("AnyDesk"))
    );
    world.press(2, Press::Alone);
    assert_eq!(world.view(2), View::Nothing);
    world.open(3, OTHER_BANK);
    assert_eq!(
        world.view(3),
        View::Nothing,
        "the answer counts for every bank"
    );
    world.wait(60).open(1, TOOL);
    assert_eq!(world.level(2), Level::Pause, "new exposure asks again");
    world.press(2, Press::NotAlone);
    let View::Stop {
        sessions, ending, ..
    } = world.view(2)
    else {
        panic!("{:?}", world.view(2))
    };
    assert!(
        sessions.is_empty(),
        "the words say no more than the evidence"
    );
    assert_eq!(ending, Ending::Impossible);
}

#[test]
fn exposure_runs_out() {
    let mut world = World::new();
    world.open(1, TOOL).open(2, BANK).report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
    let Some(at) = world.state().memory.wake_at else {
        panic!("nobody would wake the core")
    };
    world.now = at;
    world.event(Event::Woke);
    assert_eq!(world.level(2), Level::Quiet);
    assert!(!world.state().memory.armed);
}

#[test]
fn exposure_arms_the_banks_and_an_armed_page_waits_for_the_first_answer() {
    let mut world = World::new();
    world.open(1, TOOL);
    let patterns = world.effects.iter().find_map(|effect| match effect {
        Effect::Arm { matches } => Some(matches.len()),
        _ => None,
    });
    // The open event before the hello has armed already.
    assert!(patterns.is_none() && world.state().memory.armed);
    world.open(2, BANK);
    assert_eq!(world.view(2), View::Waiting);
    let mut silent = World {
        stored: world.stored.clone(),
        private: false,
        documents: world.documents,
        now: world.now,
        effects: Vec::new(),
    };
    world.report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
    silent.now = silent
        .state()
        .memory
        .wake_at
        .expect("a silent companion must not hold the page");
    silent.event(Event::Woke);
    assert_eq!(silent.level(2), Level::Pause);
}

#[test]
fn a_killed_background_says_everything_again() {
    let mut world = World::new();
    world.open(1, TOOL).open(2, BANK).report(vec![session("a")]);
    let before = world.view(2);
    world.event(Event::Started { language: None });
    assert!(
        world
            .effects
            .iter()
            .any(|e| matches!(e, Effect::Arm { matches } if !matches.is_empty()))
    );
    assert!(
        world
            .effects
            .iter()
            .any(|e| matches!(e, Effect::Follow { on: true, .. }))
    );
    assert!(
        world
            .effects
            .iter()
            .any(|e| matches!(e, Effect::WakeAt { .. }))
    );
    assert_eq!(
        world.shown(2),
        Some(&before),
        "the count goes on where it was"
    );
}

#[test]
fn a_background_killed_while_it_ends_a_session_ends_it_when_it_is_back() {
    let mut world = World::new();
    world
        .open(1, BANK)
        .report(vec![session("a")])
        .press(1, Press::EndSession);
    world.effects.clear();
    world.event(Event::Started { language: None });
    assert!(world.effects.contains(&Effect::EndSession {
        finding: "a".to_owned()
    }));
    world.event(Event::Ended {
        finding: "a".to_owned(),
        gone: true,
        came_back: false,
    });
    world.effects.clear();
    world.event(Event::Started { language: None });
    let again = |effect: &Effect| matches!(effect, Effect::EndSession { .. });
    assert!(!world.effects.iter().any(again), "it is asked for once");
}

#[test]
fn nothing_is_loosened_during_a_session_or_soon_after() {
    let loosening = || {
        [
            Change::Site {
                site: "barclays.co.uk".to_owned(),
                quiet: true,
            },
            Change::Strict { on: false },
            Change::Voice { on: false },
            Change::Listeners { on: false },
            Change::AllowHelper {
                tool: "x11vnc".to_owned(),
                minutes: 60,
            },
            Change::AlarmOff,
            Change::Clear,
            Change::Pin { pin: Some(pin()) },
            Change::ForgetPin { on: true },
        ]
    };
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    let chosen = |world: &World| Settings {
        incident: Vec::new(),
        kept: Kept::default(),
        ..world.state().settings
    };
    let settings = chosen(&world);
    for change in loosening() {
        world.wait(1).change(change);
        assert_eq!(chosen(&world), settings);
    }
    let refused = world
        .timeline()
        .iter()
        .filter(|what| **what == Happening::Refused)
        .count();
    assert_eq!(refused, loosening().len());
    world
        .report(vec![])
        .wait(14 * 60)
        .report(vec![])
        .change(Change::Voice { on: false });
    assert_eq!(chosen(&world), settings);
    world
        .wait(120)
        .report(vec![])
        .change(Change::Voice { on: false });
    assert!(!world.state().settings.voice);
}

#[test]
fn a_change_waits_until_the_companion_has_spoken() {
    let quiet = || Change::Site {
        site: "barclays.co.uk".to_owned(),
        quiet: true,
    };
    let mut world = World::new();
    world.change(quiet());
    assert!(world.effects.contains(&Effect::Ask));
    assert!(world.state().settings.quiet_sites.is_empty());
    world.report(vec![session("a")]);
    assert!(
        world.state().settings.quiet_sites.is_empty(),
        "a session was on all the while"
    );

    let mut world = World::new();
    world.change(quiet()).report(vec![]);
    assert_eq!(world.state().settings.quiet_sites, ["barclays.co.uk"]);

    let mut world = World::new();
    world
        .event(Event::Companion {
            health: CompanionHealth::Missing,
        })
        .change(quiet());
    assert_eq!(
        world.state().settings.quiet_sites,
        ["barclays.co.uk"],
        "nobody to wait for"
    );
}

#[test]
fn changes_wait_together_and_in_their_order() {
    let mut world = World::new();
    let quiet = |quiet| Change::Site {
        site: "news.example".to_owned(),
        quiet,
    };
    world
        .change(Change::Voice { on: false })
        .change(quiet(true))
        .change(Change::AllowHelper {
            tool: "x11vnc".to_owned(),
            minutes: 60,
        })
        .change(Change::AllowHelper {
            tool: "x11vnc".to_owned(),
            minutes: 30,
        });
    assert!(world.state().settings.voice);
    world.report(vec![]);
    let settings = world.state().settings;
    assert!(!settings.voice, "the first of them");
    assert_eq!(settings.quiet_sites, ["news.example"]);
    let until: Vec<_> = settings.helpers.iter().map(|one| one.until).collect();
    assert_eq!(until, [world.now.after(30 * 60_000)], "the later one holds");
    assert!(world.state().memory.waiting_changes.is_empty());

    let mut world = World::new();
    for _ in 0..1_000 {
        world.change(Change::Voice { on: false });
    }
    assert!(world.state().memory.waiting_changes.len() <= 20);
}

#[test]
fn the_persons_word_can_be_taken_back_while_the_companion_is_asked() {
    let mut world = World::new();
    world.alarm().wait(30).change(Change::AlarmOff);
    world.change(Change::Voice { on: false });
    assert!(world.effects.is_empty(), "{:?}", world.effects);
    world.report(vec![]);
    assert_eq!(world.state().settings.kept.alarm, None);
    assert!(world.state().settings.voice, "all else stays frozen");

    let mut world = World::new();
    world.alarm().wait(30).change(Change::AlarmOff);
    world.report(vec![session("a")]);
    assert!(
        world.state().settings.kept.alarm.is_some(),
        "not by somebody who is connected"
    );
}

#[test]
fn a_tool_of_a_helper_who_is_allowed_may_listen() {
    let listening = |allowed: &str| {
        let mut world = World::new();
        world.report(vec![]).change(Change::AllowHelper {
            tool: allowed.to_owned(),
            minutes: 60,
        });
        world
            .event(Event::Listening { ports: vec![5900] })
            .open(1, BANK)
            .report(vec![]);
        world.level(1)
    };
    assert_eq!(listening("teamviewer"), Level::Pause, "another's tool");
    assert_eq!(listening("x11vnc"), Level::Quiet);
}

#[test]
fn an_open_port_names_a_tool_where_one_alone_listens_there() {
    let listened = |port: u16| {
        let mut world = World::new();
        world.open(1, TOOL).wait(1).open(2, BANK).report(vec![]);
        world
            .wait(1)
            .event(Event::Listening { ports: vec![port] })
            .report(vec![]);
        let View::Pause { exposure, tool, .. } = world.view(2) else {
            panic!("{:?}", world.view(2))
        };
        assert_eq!(exposure, [Exposure::Listening, Exposure::Visited]);
        let line = |what: &Happening| match what {
            Happening::Exposed { how, tool } if *how == Exposure::Listening => Some(tool.clone()),
            _ => None,
        };
        let lines: Vec<_> = world.timeline().iter().filter_map(line).collect();
        (tool.clone(), lines == [tool])
    };
    assert_eq!(listened(5_939), (Some("TeamViewer".to_owned()), true));
    for many in [5_900, 3_389] {
        assert_eq!(listened(many), (None, true), "{many}");
    }
}

#[test]
fn a_tab_shares_the_screen_until_its_last_frame_stops() {
    let mut world = World::new();
    let shares = |frame, live| Event::Content {
        tab: 1,
        frame,
        url: NEWS.to_owned(),
        private: false,
        content: ContentMessage::SharesScreen { live },
    };
    world.open(1, NEWS);
    world.event(shares(7, true)).event(shares(9, true));
    // What was seen before counts for an hour.
    world.wait(3_600).open(2, BANK).report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
    world.event(shares(7, false));
    assert_eq!(world.level(2), Level::Pause, "the other one goes on");
    world.event(shares(9, false));
    assert_eq!(world.view(2), View::Nothing);
    // A new document in the frame does not share what the old one did.
    world.event(shares(9, true)).wait(3_600).report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
    world.event(Event::Content {
        tab: 1,
        frame: 9,
        url: NEWS.to_owned(),
        private: false,
        content: ContentMessage::Hello { document: 7 },
    });
    assert_eq!(world.view(2), View::Nothing);
}

#[test]
fn a_quiet_site_is_quiet_and_stays_so_after_a_restart() {
    let mut world = World::new();
    world.open(1, TOOL).open(2, BANK).report(vec![]);
    assert_eq!(world.level(2), Level::Pause);
    world.press(2, Press::Alone).change(Change::Site {
        site: "barclays.co.uk".to_owned(),
        quiet: true,
    });
    world.open(1, TOOL);
    assert_eq!(world.view(2), View::Nothing, "at once");
    let settings = world.state().settings;
    let mut after = World::new();
    after.stored = serde_json::to_string(&State {
        settings,
        ..State::default()
    })
    .unwrap();
    after.open(1, BANK).report(vec![session("a")]);
    assert_eq!(after.view(1), View::Nothing);
}

#[test]
fn an_allowed_helper_gets_a_bar_and_only_for_the_time() {
    let mut world = World::new();
    world.report(vec![]).change(Change::AllowHelper {
        tool: "x11vnc".to_owned(),
        minutes: 30,
    });
    world.open(1, BANK).report(vec![session("a")]);
    assert!(matches!(world.view(1), View::Bar { .. }));
    world.wait(31 * 60).report(vec![session("a")]);
    assert!(matches!(world.view(1), View::Stop { .. }));
}

#[test]
fn weak_evidence_asks_and_never_says_is() {
    let mut world = World::new();
    world.open(1, BANK);
    world.report(vec![weak("a")]);
    let View::Pause { exposure, .. } = world.view(1) else {
        panic!("{:?}", world.view(1))
    };
    assert_eq!(exposure, [Exposure::MayBeConnected]);
}

#[test]
fn weak_evidence_counts_for_as_long_as_it_is_there() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![weak("a")]);
    world.wait(2 * 3_600).report(vec![weak("a")]);
    assert_eq!(world.level(1), Level::Pause);
    world.press(1, Press::Alone);
    assert_eq!(world.level(1), Level::Quiet);
    world.wait(60).report(vec![weak("a"), weak("b")]);
    assert_eq!(world.level(1), Level::Pause, "another one");
    world
        .press(1, Press::Alone)
        .wait(3_599)
        .report(vec![weak("b")]);
    assert_eq!(world.level(1), Level::Quiet);
    world.wait(1).event(Event::Woke);
    assert_eq!(world.level(1), Level::Pause, "an hour after the answer");
    world.wait(3_600).report(vec![]);
    assert_eq!(world.view(1), View::Nothing);
}

#[test]
fn what_may_be_a_helper_is_asked_about_when_the_time_is_over() {
    let mut world = World::new();
    world.report(vec![]).change(Change::AllowHelper {
        tool: "x11vnc".to_owned(),
        minutes: 30,
    });
    world.open(1, BANK).report(vec![weak("a")]);
    assert_eq!(world.level(1), Level::Quiet);
    world.wait(30 * 60).report(vec![weak("a")]);
    assert_eq!(world.level(1), Level::Pause);
}

#[test]
fn what_was_asked_and_then_holds_is_a_session_that_began() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![weak("a")]).wait(2);
    world.report(vec![session("a")]);
    assert_eq!(world.level(1), Level::Stop);
    let tool = || "x11vnc".to_owned();
    let began = Happening::SessionBegan { tool: tool() };
    assert_eq!(
        world
            .timeline()
            .iter()
            .filter(|what| **what == began)
            .count(),
        1
    );
    world.wait(2).report(vec![weak("a")]);
    assert_eq!(world.level(1), Level::Pause);
    assert!(
        world
            .timeline()
            .contains(&Happening::SessionEnded { tool: tool() })
    );
}

#[test]
fn nothing_is_loosened_while_it_is_asked_whether_somebody_is_there() {
    let mut world = World::new();
    let quiet = || Change::Site {
        site: "barclays.co.uk".to_owned(),
        quiet: true,
    };
    world.open(1, BANK).report(vec![weak("a")]).change(quiet());
    assert_eq!(world.level(1), Level::Pause);
    assert!(world.timeline().contains(&Happening::Refused));
    world.press(1, Press::Alone).change(quiet());
    assert_eq!(world.state().settings.quiet_sites, ["barclays.co.uk"]);
}

#[test]
fn no_bank_is_switched_off_while_there_is_anything_to_ask_about_it() {
    let quiet = |site: &str| Change::Site {
        site: site.to_owned(),
        quiet: true,
    };
    let error_page: fn(&mut World) = |world| {
        // The browser's own page, on which nothing is drawn: it stays silent until it is given up.
        world.event(silent(2, BANK)).report(vec![]).wait(10);
        world.event(Event::Woke).report(vec![]);
    };
    let waiting: fn(&mut World) = |world| {
        world.open(2, BANK);
        assert_eq!(world.view(2), View::Waiting);
    };
    for come in [error_page, waiting] {
        let mut world = World::new();
        come(world.open(1, TOOL));
        assert!(ENGINE.status(&world.state(), Some(2), world.now).frozen);
        world.change(quiet("barclays.co.uk"));
        world.report(vec![]);
        assert!(world.state().settings.quiet_sites.is_empty());
        assert!(world.timeline().contains(&Happening::Refused));
    }

    let mut world = World::new();
    world.open(1, TOOL).report(vec![]);
    world.change(quiet("news.example")).report(vec![]);
    assert_eq!(world.state().settings.quiet_sites, ["news.example"]);
}

#[test]
fn strict_mode_is_not_switched_on_for_somebody_who_is_in_a_session() {
    let mut world = World::new();
    world
        .report(vec![session("a")])
        .change(Change::Strict { on: true });
    assert!(!world.state().settings.strict);
    world
        .report(vec![])
        .wait(16 * 60)
        .change(Change::Strict { on: true });
    assert!(world.state().settings.strict);
}

/// What a page says that asks for a bank's secrets, whoever's it is.
fn bank_like() -> ContentMessage {
    let field = |kind: &str, label: &str| Field {
        kind: kind.to_owned(),
        name: label.replace(' ', ""),
        label: label.to_owned(),
        ..Field::default()
    };
    let facts = PageFacts {
        title: "Internet banking log on".to_owned(),
        heading: vec!["Log on".to_owned()],
        text: "See your balance".to_owned(),
        forms: vec![Form {
            fields: vec![
                field("text", "Customer number"),
                field("password", "Passnumber"),
            ],
            ..Form::default()
        }],
        ..PageFacts::default()
    };
    ContentMessage::Read {
        facts: Box::new(facts),
    }
}

#[test]
fn a_page_that_looks_like_a_banks_needs_more_than_a_session() {
    let mut world = World::new();
    world.open(1, NEWS).content(1, NEWS, bank_like());
    for _ in 0..3 {
        world.wait(2).report(vec![session("a")]);
        assert_eq!(world.level(1), Level::Pause, "a session alone");
    }
    world
        .press(1, Press::Alone)
        .wait(2)
        .report(vec![session("a")]);
    assert!(
        matches!(world.view(1), View::Bar { .. }),
        "{:?}",
        world.view(1)
    );
    world.wait(2).open(2, TOOL);
    assert_eq!(world.level(1), Level::Stop, "and a tool's page");
}

#[test]
fn what_came_since_takes_no_bar_away() {
    let mut world = World::new();
    world
        .open(1, NEWS)
        .content(1, NEWS, bank_like())
        .report(vec![])
        .alarm()
        .wait(31)
        .content(1, NEWS, ContentMessage::Pressed { press: Press::GoOn });
    assert!(
        matches!(world.view(1), View::Bar { .. }),
        "{:?}",
        world.view(1)
    );
    world.wait(2).open(2, TOOL).report(vec![]);
    let View::Pause { exposure, .. } = world.view(1) else {
        panic!("{:?}", world.view(1))
    };
    assert!(exposure.contains(&Exposure::Visited), "{exposure:?}");
}

#[test]
fn whoever_went_on_is_asked_about_what_came_since() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]).wait(31);
    world
        .press(1, Press::GoOn)
        .wait(2)
        .report(vec![session("a")]);
    assert!(matches!(world.view(1), View::Bar { .. }));
    world
        .wait(3 * 3_600)
        .report(vec![session("a")])
        .open(2, TOOL);
    let View::Pause { exposure, .. } = world.view(1) else {
        panic!("{:?}", world.view(1))
    };
    assert!(exposure.contains(&Exposure::Visited), "{exposure:?}");
    world.press(1, Press::Alone);
    assert!(matches!(world.view(1), View::Bar { .. }));
    world.wait(2).report(vec![session("a"), weak("b")]);
    assert!(
        matches!(world.view(1), View::Bar { .. }),
        "of the tool that is held"
    );
    let other = Finding {
        tool: "other".to_owned(),
        name: "Other".to_owned(),
        ..weak("c")
    };
    world.wait(2).report(vec![session("a"), other]);
    assert_eq!(world.level(1), Level::Pause);
    world.press(1, Press::NotAlone);
    assert!(matches!(world.view(1), View::Stop { .. }));
}

#[test]
fn a_tool_that_listens_all_day_is_asked_about_once() {
    let mut world = World::new();
    let listening = || Event::Listening { ports: vec![5_939] };
    world.open(1, BANK).report(vec![]).event(listening());
    assert_eq!(world.level(1), Level::Pause);
    world.press(1, Press::Alone).wait(60);
    world.open(2, OTHER_BANK).report(vec![]).event(listening());
    assert_eq!(world.view(2), View::Nothing);
    world.wait(2 * 3_600).report(vec![]).event(listening());
    assert_eq!(world.level(2), Level::Pause, "hours later it is");
}

#[test]
fn an_allowed_helper_may_have_the_page_open_that_hands_the_screen_over() {
    let level = |allowed: &str| {
        let mut world = World::new();
        world.report(vec![]).change(Change::AllowHelper {
            tool: allowed.to_owned(),
            minutes: 60,
        });
        world.open(1, "https://remotedesktop.google.com/support");
        world.open(2, BANK).report(vec![]);
        world.level(2)
    };
    assert_eq!(level("teamviewer"), Level::Pause);
    assert_eq!(level("chrome-remote-desktop"), Level::Quiet);
}

#[test]
fn a_session_that_was_ended_is_over_though_no_report_can_tell() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    world.press(1, Press::EndSession);
    world.event(Event::Ended {
        finding: "a".to_owned(),
        gone: true,
        came_back: false,
    });
    world.event(Event::Report {
        report: SessionReport {
            state: SessionState::Unknown,
            findings: Vec::new(),
            failed: vec!["a log".to_owned()],
        },
    });
    assert_eq!(world.view(1), View::Nothing);
    assert!(world.timeline().contains(&Happening::SessionEnded {
        tool: "x11vnc".to_owned()
    }));
}

#[test]
fn a_clock_that_was_ahead_makes_no_report_fresh_and_no_time_longer() {
    let mut world = World::new();
    let begun = world.now;
    world
        .wait(86_400)
        .report(vec![])
        .change(Change::AllowHelper {
            tool: "x11vnc".to_owned(),
            minutes: 60,
        });
    world.now = begun;
    world.open(1, BANK);
    let until = world.state().settings.helpers[0].until;
    assert_eq!(until, begun.after(12 * 3_600_000));
    world.wait(60).change(Change::Voice { on: false });
    assert!(world.state().settings.voice, "the companion is asked first");
    world.report(vec![]);
    assert!(!world.state().settings.voice);
}

#[test]
fn a_clock_that_was_ahead_closes_no_pin_for_longer() {
    let mut world = world_with_pin();
    let begun = world.now;
    world.wait(365 * 86_400).report(vec![]);
    for _ in 0..3 {
        world.change_with(Change::Voice { on: false }, "wrong");
    }
    world.change(Change::ForgetPin { on: true });
    world.now = begun.after(1_000);
    world.event(Event::Woke);
    let Pin {
        closed_until,
        goes_at,
        ..
    } = world.pin();
    assert_eq!(closed_until, Some(world.now.after(30_000)));
    assert_eq!(goes_at, Some(world.now.after(24 * 3_600_000)));
}

#[test]
fn whoever_went_on_while_the_clock_was_ahead_is_asked_about_what_came_since() {
    let mut world = World::new();
    let begun = world.now;
    world
        .wait(3 * 3_600)
        .open(1, BANK)
        .report(vec![session("a")]);
    world.wait(31).report(vec![session("a")]);
    world.press(1, Press::GoOn);
    assert!(matches!(world.view(1), View::Bar { .. }));
    world.now = begun.after(60_000);
    world.event(Event::Downloaded {
        url: "https://download.teamviewer.com/".to_owned(),
        file_name: "TeamViewer_Setup.exe".to_owned(),
        private: false,
    });
    assert_eq!(world.level(1), Level::Pause);
}

#[test]
fn no_line_is_of_a_moment_that_a_clock_ahead_made_up() {
    let mut world = World::new();
    let begun = world.now;
    world
        .wait(86_400)
        .event(silent(1, OTHER_BANK))
        .open(2, BANK)
        .report(vec![session("a")]);
    world.open(3, NEWS).content(3, NEWS, scam("£39.99"));
    world.press(3, Press::Wrong);
    world.now = begun;
    world.event(Event::Woke);
    let State { settings, memory } = world.state();
    let mut lines = settings.incident.iter().chain(&memory.timeline);
    assert!(lines.all(|entry| entry.at <= begun));
    assert_eq!(settings.wrong[0].at, begun);
    let silence = memory.tabs[1].silence.clone().expect("it says nothing");
    assert_eq!(silence.since, begun);
}

/// A page that asks for remote access in Amazon's name, and for this amount.
fn scam(amount: &str) -> ContentMessage {
    let text = format!(
        "Your Amazon Prime membership renews today for {amount}. To cancel, call us and \
         download AnyDesk so that our technician can connect to your computer and refund you."
    );
    ContentMessage::Read {
        facts: Box::new(PageFacts {
            title: "Amazon Prime renewal".to_owned(),
            text,
            ..PageFacts::default()
        }),
    }
}

#[test]
fn what_was_put_away_is_not_what_comes_later() {
    for press in [Press::Dismiss, Press::Wrong] {
        let mut world = World::new();
        world.open(1, NEWS).content(1, NEWS, scam("£39.99"));
        assert_eq!(world.level(1), Level::Caution);
        world.press(1, press);
        assert_eq!(world.view(1), View::Nothing);
        world.content(1, NEWS, scam("£39.99"));
        assert_eq!(world.view(1), View::Nothing, "the same mail");
        world.content(
            1,
            NEWS,
            ContentMessage::Read {
                facts: Box::default(),
            },
        );
        world.content(1, NEWS, scam("£499.00"));
        assert_eq!(world.level(1), Level::Caution, "another one");
        world.press(1, press).content(1, NEWS, scam("£39.99"));
        assert_eq!(world.view(1), View::Nothing, "the first again");
    }
}

#[test]
fn what_was_put_away_on_a_document_stays_so_when_it_comes_back() {
    for (between, put_away) in [(NEWS, true), (BANK, true), (NEWS, false), (BANK, false)] {
        let mut world = World::new();
        world.open(1, NEWS).content(1, NEWS, scam("£39.99"));
        let first = world.documents;
        if put_away {
            world.press(1, Press::Dismiss);
        }
        world.greet(1, NEWS, first);
        assert_eq!(world.view(1) == View::Nothing, put_away, "greeted again");
        world.content(1, NEWS, scam("£39.99"));
        assert_eq!(world.view(1) == View::Nothing, put_away);

        world.open(1, between).open(1, NEWS);
        world.content(1, NEWS, scam("£39.99"));
        assert_eq!(world.level(1), Level::Caution, "another document");

        world.greet(1, NEWS, first).content(1, NEWS, scam("£39.99"));
        assert_eq!(world.view(1) == View::Nothing, put_away, "the first");
    }
}

#[test]
fn what_was_typed_still_counts_when_its_document_greets_again() {
    let mut world = World::new();
    world.open(1, NEWS).content(
        1,
        NEWS,
        ContentMessage::Typed {
            text: "amazon prime renewal: install anydesk and read me the code".to_owned(),
        },
    );
    assert_eq!(world.level(1), Level::Caution);
    world.greet(1, NEWS, world.documents);
    assert_eq!(world.level(1), Level::Caution);
    world.open(1, NEWS);
    assert_eq!(world.level(1), Level::Quiet);
}

#[test]
fn that_numbers_were_changed_is_noted_once_however_often_it_is_told() {
    let mut world = World::new();
    let changed = |again| ContentMessage::NumbersChanged { again };
    let notes = |world: &World| {
        let is = |what: &&Happening| matches!(what, Happening::NumbersChanged { .. });
        world.told().iter().filter(is).count()
    };
    let says_so = |world: &World| match world.view(2) {
        View::Bar {
            numbers_changed, ..
        } => numbers_changed,
        view => panic!("{view:?}"),
    };
    world.open(2, BANK).report(vec![session("a")]);
    let first = world.documents;
    world.wait(30).press(2, Press::GoOn);
    world.content(2, BANK, changed(true));
    assert_eq!(notes(&world), 1, "nobody heard it before");
    // The document is left, and comes back after as long as a line is not written again.
    world.open(2, BANK);
    assert!(!says_so(&world));
    world.wait(15 * 60).report(vec![session("a")]);
    world.greet(2, BANK, first);
    assert!(says_so(&world));
    world.content(2, BANK, changed(true));
    assert_eq!(notes(&world), 1);
    world.content(2, BANK, changed(false));
    assert_eq!(notes(&world), 2, "they were changed once more");
}

/// How many words each order to mark some has.
fn marks(world: &World) -> Vec<usize> {
    (world.effects.iter())
        .filter_map(|effect| match effect {
            Effect::Mark { words, .. } => Some(words.len()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_page_that_was_warned_of_twice_loses_its_marks_with_the_second() {
    let first = || scam("£39.99");
    let calm = || ContentMessage::Read {
        facts: Box::default(),
    };
    for after in [first, calm] {
        let mut world = World::new();
        world.open(1, NEWS).content(1, NEWS, first());
        world.press(1, Press::Dismiss);
        world.content(1, NEWS, scam("£499.00"));
        assert!(marks(&world)[0] > 0, "{:?}", world.effects);
        world.content(1, NEWS, after());
        assert_eq!(world.view(1), View::Nothing);
        assert_eq!(marks(&world), [0]);
    }
}

#[test]
fn a_site_that_is_switched_off_loses_its_marks() {
    let mut world = World::new();
    world
        .open(1, NEWS)
        .report(vec![])
        .content(1, NEWS, scam("£39.99"));
    assert!(marks(&world)[0] > 0, "{:?}", world.effects);
    world.change(Change::Site {
        site: "example.org".to_owned(),
        quiet: true,
    });
    assert_eq!(marks(&world), [0]);
}

#[test]
fn the_quietest_frames_are_forgotten_where_there_are_too_many() {
    let mut world = World::new();
    let facts = |loud: bool| PageFacts {
        title: if loud {
            "Amazon Prime renewal"
        } else {
            "Download AnyDesk"
        }
        .to_owned(),
        text: if loud {
            "Your Amazon Prime membership renews today for £39.99. To cancel, call us and \
             download AnyDesk so that our technician can connect to your computer and refund you."
        } else {
            "Remote desktop software"
        }
        .to_owned(),
        ..PageFacts::default()
    };
    world.open(1, NEWS);
    for frame in 0..99 {
        world.event(Event::Content {
            tab: 1,
            frame,
            url: NEWS.to_owned(),
            private: false,
            content: ContentMessage::Read {
                facts: Box::new(facts(frame > 0)),
            },
        });
    }
    let frames = &world.state().memory.tabs[1].frames;
    assert_eq!(frames.keys().count(), 32);
    assert!(frames.get(0).is_some(), "the page itself");
    assert!(frames.get(98).is_some(), "the newest");
}

#[test]
fn the_persons_word_stops_every_bank_and_can_be_taken_back() {
    let mut world = World::new();
    world.event(Event::Companion {
        health: CompanionHealth::Missing,
    });
    world
        .event(Event::Page {
            page: PageMessage::Alarm,
        })
        .open(1, BANK);
    assert_eq!(world.level(1), Level::Stop);
    let waits = |world: &World| {
        ENGINE
            .status(&world.state(), None, world.now)
            .alarm_off_waits
    };
    world.wait(29).change(Change::AlarmOff);
    assert_eq!(world.level(1), Level::Stop, "not within the time of a stop");
    assert!(waits(&world));
    world.wait(1).change(Change::AlarmOff);
    assert_eq!(world.view(1), View::Nothing);
    assert!(!waits(&world));
}

#[test]
fn the_persons_word_is_not_taken_back_while_somebody_may_be_connected() {
    let mut world = World::new();
    world.report(vec![weak("a")]).alarm().wait(60);
    world.report(vec![weak("a")]).change(Change::AlarmOff);
    assert!(world.state().settings.kept.alarm.is_some());
    world.report(vec![]).change(Change::AlarmOff);
    assert_eq!(world.state().settings.kept.alarm, None);
}

#[test]
fn a_session_that_nobody_can_tell_of_any_more_is_not_believed_in_for_ever() {
    let unknown = || Event::Report {
        report: SessionReport {
            state: SessionState::Unknown,
            findings: Vec::new(),
            failed: Vec::new(),
        },
    };
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    for _ in 0..29 {
        world.wait(60).event(unknown());
    }
    assert_eq!(world.level(1), Level::Stop);
    for _ in 0..2 {
        world.wait(60).event(unknown());
    }
    assert_ne!(world.level(1), Level::Stop);
}

#[test]
fn an_alarm_after_going_on_stops_again() {
    let mut world = World::new();
    let alarm = || Event::Page {
        page: PageMessage::Alarm,
    };
    world
        .open(1, BANK)
        .event(alarm())
        .wait(31)
        .press(1, Press::GoOn);
    assert!(matches!(world.view(1), View::Bar { .. }));
    world.wait(60).event(alarm());
    assert!(matches!(world.view(1), View::Stop { .. }));
    assert!(world.effects.contains(&Effect::Speak));
}

#[test]
fn nothing_is_loosened_while_the_person_says_that_someone_is_there_or_soon_after() {
    let mut world = World::new();
    let quiet = || Change::Site {
        site: "barclays.co.uk".to_owned(),
        quiet: true,
    };
    world.open(1, BANK).report(vec![]).event(Event::Page {
        page: PageMessage::Alarm,
    });
    world.change(quiet());
    assert_eq!(world.level(1), Level::Stop);
    world.wait(30).report(vec![]).change(Change::AlarmOff);
    assert_eq!(world.state().settings.kept.alarm, None);
    world.change(quiet());
    assert!(world.state().settings.quiet_sites.is_empty());
    world.wait(15 * 60).report(vec![]).change(quiet());
    assert_eq!(world.state().settings.quiet_sites, ["barclays.co.uk"]);
}

#[test]
fn what_is_seen_again_counts_as_the_newest() {
    let mut world = World::new();
    world
        .open(1, "https://anydesk.com/en/downloads")
        .wait(60)
        .open(2, "https://www.teamviewer.com/en/download/")
        .wait(60)
        .open(3, "https://anydesk.com/en/downloads");
    let timeline = world.state().memory.timeline;
    assert!(timeline.is_sorted_by_key(|entry| entry.at), "{timeline:?}");
}

#[test]
fn a_helper_who_is_allowed_may_be_connected() {
    let mut world = World::new();
    let weak = Finding {
        confidence: Confidence::Weak,
        ..session("a")
    };
    world.report(vec![]).change(Change::AllowHelper {
        tool: weak.tool.clone(),
        minutes: 60,
    });
    world.open(1, BANK).report(vec![weak]);
    assert_eq!(world.view(1), View::Nothing);
}

#[test]
fn frames_that_say_nothing_are_not_remembered() {
    let mut world = World::new();
    world.open(1, NEWS);
    let read = |frame| Event::Content {
        tab: 1,
        frame,
        url: NEWS.to_owned(),
        private: false,
        content: ContentMessage::Read {
            facts: Box::default(),
        },
    };
    world.event(read(7));
    assert!(world.state().memory.tabs[1].frames.is_empty());
}

#[test]
fn typed_words_are_nowhere_in_the_state() {
    let mut world = World::new();
    let text = "he says I must install teamviewer to cancel my amazon prime";
    world.open(1, NEWS);
    world.content(
        1,
        NEWS,
        ContentMessage::Typed {
            text: text.to_owned(),
        },
    );
    let View::Banner {
        level,
        reasons,
        typed,
        ..
    } = world.view(1)
    else {
        panic!("{:?}", world.view(1));
    };
    assert_eq!((level, typed), (Level::Caution, true));
    assert!(reasons.iter().all(|reason| reason.words.is_empty()));
    for word in ["teamviewer", "cancel my", "he says"] {
        assert!(
            !world.stored.to_lowercase().contains(word),
            "{word} is stored"
        );
    }
}

#[test]
fn a_tools_own_page_gets_a_notice_that_can_be_put_away() {
    let mut world = World::new();
    world.open(1, TOOL);
    let facts = PageFacts {
        text: "Download AnyDesk for Windows".to_owned(),
        ..PageFacts::default()
    };
    world.content(
        1,
        TOOL,
        ContentMessage::Read {
            facts: Box::new(facts),
        },
    );
    assert_eq!(world.level(1), Level::Notice);
    assert!(matches!(world.view(1), View::Banner { tool: Some(_), .. }));
    world.press(1, Press::Dismiss);
    assert_eq!(world.view(1), View::Nothing);
    world.open(1, TOOL);
    assert_eq!(
        world.view(1),
        View::Nothing,
        "a new document has to be read first"
    );
}

#[test]
fn buttons_that_are_not_there_do_nothing() {
    let mut world = World::new();
    world.open(1, BANK).report(vec![session("a")]);
    let before = world.stored.clone();
    for press in [
        Press::Alone,
        Press::NotAlone,
        Press::Dismiss,
        Press::Wrong,
        Press::GoOn,
    ] {
        world.press(1, press);
        assert_eq!(world.stored, before, "{press:?}");
    }
    let forged = ContentMessage::Pressed {
        press: Press::Leave,
    };
    world.event(Event::Content {
        tab: 1,
        frame: 3,
        url: BANK.to_owned(),
        private: false,
        content: forged,
    });
    assert_eq!(world.stored, before, "a frame has no buttons");
}

#[test]
fn the_timeline_stays_bounded() {
    let mut world = World::new();
    for round in 0..700 {
        world
            .wait(3)
            .report(vec![session(&round.to_string())])
            .report(vec![]);
    }
    assert_eq!(world.timeline().len(), 500);
}

#[test]
fn pages_of_the_browser_are_no_site() {
    let mut world = World::new();
    for url in [
        "chrome://extensions/",
        "about:blank",
        "chrome-extension://nafcjcnljekmgendopibjobgjfnmkchd/popup/popup.html",
    ] {
        world.open(1, url);
        let status = ENGINE.status(&world.state(), Some(1), world.now);
        assert_eq!(status.site, "", "{url}");
    }
    world.open(1, "https://www.example.com/");
    let status = ENGINE.status(&world.state(), Some(1), world.now);
    assert_eq!(status.site, "example.com");
}

/// The browser says what it lets be seen.
fn sites(sites: bool) -> Event {
    let private_windows = false;
    Event::Access {
        access: Access {
            sites,
            private_windows,
        },
    }
}

#[test]
fn pages_that_cannot_be_seen_are_told_of_until_they_can() {
    let mut world = World::new();
    world.open(1, NEWS).event(sites(true));
    assert_eq!(world.effects, [], "nothing is amiss");
    let access = |world: &World| ENGINE.status(&world.state(), Some(1), world.now).access;
    assert!(access(&world).sites && !access(&world).private_windows);
    world.event(sites(false));
    assert_eq!(world.effects, [Effect::Blind { on: true }]);
    assert!(!access(&world).sites);
    world.event(sites(false));
    assert_eq!(world.effects, [], "it is told once");
    world.event(Event::Started { language: None });
    assert!(world.effects.contains(&Effect::Blind { on: true }));
    // A page that loads meanwhile has no address that could be seen, and says nothing.
    world.event(Event::Opened {
        tab: 2,
        url: String::new(),
        private: false,
    });
    world.event(sites(true));
    assert_eq!(world.effects, [Effect::Blind { on: false }, Effect::Greet]);
    world.event(Event::Started { language: None });
    assert!(!world.effects.contains(&Effect::Blind { on: true }));
}

#[test]
fn nothing_of_a_private_window_is_kept_on_disk() {
    let mut world = World::new();
    world.open(1, NEWS).private = true;
    world.open(3, "https://banner.example/").content(
        3,
        "https://banner.example/",
        ContentMessage::Typed {
            text: "amazon prime renewal: install anydesk and read me the code".to_owned(),
        },
    );
    assert_eq!(world.level(3), Level::Caution);
    world.press(3, Press::Wrong);
    assert_eq!(world.view(3), View::Nothing, "it is put away all the same");
    world.event(Event::Downloaded {
        url: "https://download.anydesk.com/AnyDesk.exe".to_owned(),
        file_name: "AnyDesk.exe".to_owned(),
        private: true,
    });
    world.open(2, BANK).report(vec![session("a")]);
    assert_eq!(world.level(2), Level::Stop);
    world.content(2, BANK, ContentMessage::NumbersChanged { again: false });
    world.wait(9).report(vec![]);
    let told = world.told();
    for private in [
        "Warned",
        "Downloaded",
        "BankOpened",
        "Covered",
        "NumbersChanged",
    ] {
        let tells = |what: &Happening| format!("{what:?}").contains(private);
        assert!(told.iter().any(tells), "{private} in {told:?}");
    }
    let State { settings, memory } = world.state();
    assert!(settings.wrong.is_empty());
    let kept: Vec<_> = settings.incident.iter().map(|entry| &entry.what).collect();
    let tool = || "x11vnc".to_owned();
    assert_eq!(
        kept,
        [
            &Happening::SessionBegan { tool: tool() },
            &Happening::SessionEnded { tool: tool() }
        ]
    );
    let stored = serde_json::to_string(&settings).unwrap();
    for trace in ["barclays", "banner.example", "AnyDesk"] {
        assert!(!stored.contains(trace), "{trace} in {stored}");
    }
    // While it is remembered it counts as anything else does.
    assert_eq!(world.level(2), Level::Pause);
    assert!(memory.private.is_sorted_by_key(|entry| entry.at));
    let now = world.now;
    let timeline = ENGINE.status(&world.state(), None, now).timeline;
    assert!(timeline.is_sorted_by_key(|entry| entry.at));
    world.wait(3_600).report(vec![]).press(2, Press::Alone);
    world.change(Change::Clear);
    assert_eq!(world.told(), []);
}

#[test]
fn a_line_of_a_private_window_takes_no_other_ones_place() {
    let mut world = World::new();
    world.open(1, TOOL);
    world.private = true;
    world.open(2, TOOL);
    let State { memory, .. } = world.state();
    assert_eq!((memory.timeline.len(), memory.private.len()), (1, 1));
    assert_eq!(memory.timeline[0].what, memory.private[0].what);
    world.private = false;
    world.open(3, BANK).report(vec![]);
    let View::Pause { exposure, .. } = world.view(3) else {
        panic!("{:?}", world.view(3));
    };
    assert_eq!(exposure, [Exposure::Visited]);
}

/// A page of this address is opened, and says nothing.
fn silent(tab: u32, url: &str) -> Event {
    Event::Opened {
        tab,
        url: url.to_owned(),
        private: false,
    }
}

fn tells(world: &World) -> bool {
    let about = Notice::Uncovered;
    world.effects.contains(&Effect::Notify { about })
}

#[test]
fn a_bank_that_the_browser_keeps_us_off_is_told_of() {
    let mut world = World::new();
    let uncovered = Happening::Uncovered {
        bank: "barclays.co.uk".to_owned(),
    };
    world
        .open(1, TOOL)
        .event(silent(2, BANK))
        .report(vec![])
        .event(silent(3, NEWS));
    assert_eq!(world.level(2), Level::Pause);
    let reach = Effect::Reach { tab: 2 };
    let due = world.now.after(4_000);
    assert_eq!(world.state().memory.wake_at, Some(due));
    world.wait(3).event(Event::Woke);
    assert!(!world.effects.contains(&reach), "it may still say hello");
    world.wait(1).event(Event::Woke);
    assert_eq!(
        world
            .effects
            .iter()
            .filter(|e| matches!(e, Effect::Reach { .. }))
            .collect::<Vec<_>>(),
        [&reach]
    );
    assert!(!tells(&world), "the browser has not answered");
    world.event(Event::Woke);
    assert!(!world.effects.contains(&reach), "it is asked once");
    world.event(Event::Started { language: None });
    assert!(world.effects.contains(&reach), "but for a new background");
    world.event(Event::Unreached { tab: 2 });
    assert!(tells(&world));
    assert!(
        !world.effects.contains(&Effect::Speak),
        "a pause is not spoken"
    );
    assert!(world.told().contains(&uncovered));
    assert!(ENGINE.status(&world.state(), Some(2), world.now).unseen);
    world.event(Event::Woke);
    assert!(!tells(&world), "it is told once");
    // Nothing was drawn.
    let covered = |what: &Happening| matches!(what, Happening::Covered { .. });
    assert!(!world.told().iter().any(covered));
    world.report(vec![session("a")]);
    assert!(tells(&world), "and once more when it becomes a stop");
    assert!(world.effects.contains(&Effect::Speak));
    // Another bank's page that nobody can cover speaks too, though the count has begun.
    world
        .event(silent(4, OTHER_BANK))
        .wait(4)
        .event(Event::Woke);
    world.event(Event::Unreached { tab: 4 });
    assert!(tells(&world) && world.effects.contains(&Effect::Speak));
    // And a page that says hello after all is covered.
    world.greet(4, OTHER_BANK, 7);
    assert!(world.told().iter().any(covered));
    assert!(!ENGINE.status(&world.state(), Some(4), world.now).unseen);
    assert_eq!(world.state().memory.tabs[4].silence, None);
}

#[test]
fn a_page_that_says_hello_or_needs_no_cover_is_not_asked_about() {
    let mut world = World::new();
    let asks = |world: &World| {
        let mut effects = world.effects.iter();
        effects.any(|effect| matches!(effect, Effect::Reach { .. }))
    };
    world.event(silent(1, BANK)).report(vec![]);
    world.wait(60).event(Event::Woke);
    assert!(!asks(&world), "nothing is to be covered");
    world.open(2, OTHER_BANK).report(vec![session("a")]);
    assert_eq!(world.level(2), Level::Stop);
    assert!(asks(&world), "the silent one");
    world
        .event(Event::Closed { tab: 1 })
        .wait(60)
        .event(Event::Woke);
    assert!(!asks(&world));
    // What is said of a page that has gone is not said of the next one.
    world.event(Event::Unreached { tab: 2 });
    assert!(!tells(&world));
    world
        .event(silent(2, BANK))
        .event(Event::Unreached { tab: 2 });
    assert!(!tells(&world));
}

#[test]
fn another_host_of_the_same_bank_has_to_say_hello_by_itself() {
    let mut world = World::new();
    world
        .open(1, BANK)
        .event(silent(1, "https://www.barclays.co.uk/accounts"));
    assert_eq!(world.state().memory.tabs[1].silence, None, "a route");
    world.event(silent(1, "https://logon.barclays.co.uk/"));
    let silence = world.state().memory.tabs[1].silence.clone();
    assert_eq!(silence.expect("it is silent").since, world.now);
}

/// A PIN as a page would hash it.
fn pin() -> PinHash {
    PinHash {
        salt: "A".repeat(24),
        rounds: 600_000,
        hash: "B".repeat(44),
    }
}

/// A world in which it is set, and nobody is connected.
fn world_with_pin() -> World {
    let mut world = World::new();
    world
        .report(vec![])
        .change(Change::Pin { pin: Some(pin()) });
    assert!(world.state().settings.pin.is_some());
    world
}

#[test]
fn a_pin_is_asked_for_what_loosens_and_for_nothing_else() {
    let mut world = world_with_pin();
    let quiet = || Change::Site {
        site: "news.example".to_owned(),
        quiet: true,
    };
    world.change(quiet());
    assert!(world.state().settings.quiet_sites.is_empty());
    assert_eq!(world.pin().wrong, 0, "nothing was tried");
    world.change_with(quiet(), &"C".repeat(44));
    assert!(world.state().settings.quiet_sites.is_empty());
    assert_eq!(world.pin().wrong, 1);
    assert!(world.timeline().contains(&Happening::PinWrong));
    world.change_with(quiet(), &pin().hash);
    assert_eq!(world.state().settings.quiet_sites, ["news.example"]);
    assert_eq!(world.pin().wrong, 0);
    world.change(Change::Strict { on: true });
    assert!(world.state().settings.strict, "to tighten needs none");
    world.change(Change::Strict { on: false });
    assert!(world.state().settings.strict);
    world.change(Change::Pin { pin: None });
    assert!(
        world.state().settings.pin.is_some(),
        "nor goes it by itself"
    );
    world.change_with(Change::Pin { pin: None }, &pin().hash);
    assert_eq!(world.state().settings.pin, None);
}

#[test]
fn taking_the_alarm_back_needs_the_pin_in_strict_mode_alone() {
    let off = |world: &World| world.state().settings.kept.alarm.is_none();
    let needs = |world: &World| {
        let status = ENGINE.status(&world.state(), None, world.now);
        status.alarm_off_needs_pin
    };
    let mut world = world_with_pin();
    assert!(!needs(&world));
    world.alarm().wait(30).change(Change::AlarmOff);
    world.report(vec![]);
    assert!(off(&world), "what the person said is the person's");

    let mut world = world_with_pin();
    world.change(Change::Strict { on: true });
    assert!(needs(&world));
    world.alarm().wait(30).report(vec![]);
    world.change(Change::AlarmOff);
    assert!(!off(&world));
    world.change_with(Change::AlarmOff, &"C".repeat(44));
    assert!(!off(&world));
    assert_eq!(world.pin().wrong, 1);
    world.change_with(Change::AlarmOff, &pin().hash);
    assert!(off(&world));
    // Without the PIN it is over by itself, and the PIN can be called forgotten then.
    world.alarm().wait(2 * 3_600 - 1).event(Event::Woke);
    assert!(!off(&world));
    world.wait(1).event(Event::Woke);
    assert!(off(&world));
    world.report(vec![]).change(Change::ForgetPin { on: true });
    assert!(world.pin().goes_at.is_some());

    let mut world = World::new();
    world.report(vec![]).change(Change::Strict { on: true });
    assert!(!needs(&world), "where no PIN was set");
    world.alarm().wait(30).report(vec![]);
    world.change(Change::AlarmOff);
    assert!(off(&world));
}

#[test]
fn a_pin_that_is_cheap_to_guess_is_not_set() {
    let mut world = World::new();
    let cheap = PinHash {
        rounds: 599_999,
        ..pin()
    };
    world
        .report(vec![])
        .change(Change::Pin { pin: Some(cheap) });
    assert_eq!(world.state().settings.pin, None);
    assert_eq!(world.timeline(), [Happening::Refused]);
}

#[test]
fn wrong_pins_close_it_for_longer_and_longer() {
    let mut world = world_with_pin();
    let voice_off = || Change::Voice { on: false };
    let mut waits = Vec::new();
    for _ in 0..12 {
        world.change_with(voice_off(), "wrong");
        let closed = world.pin().closed_until.map_or(0, |at| at.since(world.now));
        waits.push(closed / 1_000);
        if closed > 0 {
            let wrong = world.pin().wrong;
            world.change_with(voice_off(), &pin().hash);
            assert!(world.state().settings.voice, "the right one waits too");
            assert_eq!(world.pin().wrong, wrong);
        }
        world.wait(closed / 1_000).report(vec![]);
    }
    assert_eq!(
        waits,
        [0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    );
    world.change_with(voice_off(), &pin().hash);
    assert!(!world.state().settings.voice);
}

#[test]
fn a_forgotten_pin_goes_after_a_day_and_never_in_a_session() {
    let notice = |about| Effect::Notify { about };
    let mut world = world_with_pin();
    world.change(Change::ForgetPin { on: true });
    assert!(world.effects.contains(&notice(Notice::PinForgotten)));
    let goes_at = world.pin().goes_at.unwrap();
    assert_eq!(goes_at.since(world.now), 24 * 3_600_000);
    world.wait(3_600).report(vec![]);
    world.change(Change::ForgetPin { on: true });
    assert_eq!(
        world.pin().goes_at,
        Some(goes_at),
        "it counts from the first"
    );
    world.event(Event::Started { language: None });
    assert!(world.effects.contains(&notice(Notice::PinForgotten)));
    world.change(Change::ForgetPin { on: false });
    assert_eq!(world.pin().goes_at, None, "kept, and without the PIN");

    world.change(Change::ForgetPin { on: true });
    world.wait(24 * 3_600).report(vec![session("a")]);
    assert!(world.state().settings.pin.is_some(), "not with somebody in");
    world.report(vec![]).wait(14 * 60).report(vec![]);
    assert!(world.state().settings.pin.is_some(), "nor soon after");
    world.wait(120).report(vec![]);
    assert_eq!(world.state().settings.pin, None);
    assert!(world.effects.contains(&notice(Notice::PinGone)));
}

#[test]
fn pages_are_not_told_what_the_pin_is_kept_as() {
    let world = world_with_pin();
    let status = ENGINE.status(&world.state(), None, world.now);
    assert_eq!(status.settings.pin, None);
    assert_eq!(status.pin.as_ref().unwrap().salt, pin().salt);
    let said = serde_json::to_string(&status).unwrap();
    assert!(!said.contains(&pin().hash));
}

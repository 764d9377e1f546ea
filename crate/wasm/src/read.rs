//! Reads what JavaScript hands over: the shapes of `extension/types.d.ts`.
//!
//! Serde's derived readers of the same types were 330 KB of the module, a third of it: a tagged
//! enum is buffered and every field of it read by code of its own. Here a field is one call.
//! The compiler sees to it that no field and no variant is left out, and
//! `tests/wasm/engine.test.js` reads back what was written.

use doorchain_core::{
    Bank, Change, CompanionHealth, Confidence, ContentMessage, CueKind, Direction, Ending, Entry,
    Event, Exposure, Field, Finding, Form, FrameVerdict, Happening, Helper, Level, Memory, Millis,
    Owner, PageFacts, PageMessage, Pin, PinHash, Press, Reason, SessionLine, SessionReport,
    SessionState, Settings, State, StopCount, Tab, Trap, View, Words, WrongReport,
};
use js_sys::{Array, Object, Reflect};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// What cannot be read: where it stands, and what was wanted there.
pub(crate) type Error = String;

/// A type that JavaScript can hand over.
pub(crate) trait Read: Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// When the value has not the type's shape.
    fn read(value: &JsValue) -> Result<Self, Error>;

    /// What a field is where the object has none.
    fn missing() -> Option<Self> {
        None
    }
}

/// A field or variant as JavaScript calls it: `wake_at` is `wakeAt`, `AlarmOff` is `alarmOff`.
fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut upper = false;
    for (at, letter) in name.char_indices() {
        if letter == '_' {
            upper = true;
        } else if at == 0 {
            camel.push(letter.to_ascii_lowercase());
        } else if upper {
            camel.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            camel.push(letter);
        }
    }
    camel
}

fn wanted(what: &str) -> Error {
    ["is not ", what].concat()
}

fn within(place: &str, error: &str) -> Error {
    [place, " ", error].concat()
}

/// The field of an object; `otherwise` where it has none.
fn field<T: Read>(
    object: &JsValue,
    name: &str,
    otherwise: impl FnOnce() -> Option<T>,
) -> Result<T, Error> {
    let value = get(object, name)?;
    if value.is_undefined() {
        return otherwise().ok_or_else(|| within(name, "is missing"));
    }
    T::read(&value).map_err(|error| within(name, &error))
}

fn get(object: &JsValue, name: &str) -> Result<JsValue, Error> {
    if !object.is_object() {
        return Err(wanted("an object"));
    }
    Reflect::get(object, &camel(name).into()).map_err(|_| within(name, "cannot be read"))
}

/// Objects: all fields of a struct; with `default`, what is missing is as in the type's default.
macro_rules! object {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($type:ident { $($field:ident $(: $name:literal)?),* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue) -> Result<Self, Error> {
                Ok(Self {
                    $($field: field(value, object!(@name $field $($name)?), Read::missing)?),*
                })
            }
        }
    };
    (default $type:ident { $($field:ident $(: $name:literal)?),* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue) -> Result<Self, Error> {
                let default = Self::default();
                Ok(Self {
                    $($field: field(value, object!(@name $field $($name)?), || Some(default.$field))?),*
                })
            }

            fn missing() -> Option<Self> {
                None
            }
        }
    };
}

/// Objects that say in one field which of several they are.
macro_rules! tagged {
    ($type:ident by $tag:literal { $($variant:ident $({ $($field:ident),* $(,)? })?),* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue) -> Result<Self, Error> {
                // Every variant and every field stands below, or this does not compile.
                const _: fn(&$type) = |value| match value {
                    $($type::$variant $({ $($field: _),* })? => {})*
                };
                let tag: String = field(value, $tag, || None)?;
                $(if tag == camel(stringify!($variant)) {
                    return Ok(Self::$variant $({
                        $($field: field(value, stringify!($field), Read::missing)?),*
                    })?);
                })*
                Err(within($tag, &wanted("known")))
            }
        }
    };
}

/// Names of which each is one of several.
macro_rules! names {
    ($type:ident { $($variant:ident),* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue) -> Result<Self, Error> {
                const _: fn(&$type) = |value| match value {
                    $($type::$variant => {})*
                };
                let name = String::read(value)?;
                $(if name == camel(stringify!($variant)) {
                    return Ok(Self::$variant);
                })*
                Err(wanted("known"))
            }
        }
    };
}

impl Read for String {
    fn read(value: &JsValue) -> Result<Self, Error> {
        value.as_string().ok_or_else(|| wanted("a text"))
    }
}

impl Read for bool {
    fn read(value: &JsValue) -> Result<Self, Error> {
        value.as_bool().ok_or_else(|| wanted("true or false"))
    }
}

/// A whole number up to `most`.
fn whole(value: &JsValue, most: f64) -> Result<u64, Error> {
    value
        .as_f64()
        .filter(|number| *number >= 0.0 && *number <= most && number.trunc() == *number)
        .map(|number| number as u64)
        .ok_or_else(|| wanted("a whole number in range"))
}

impl Read for u64 {
    fn read(value: &JsValue) -> Result<Self, Error> {
        /// `Number.MAX_SAFE_INTEGER`: beyond it a number of JavaScript's may be another one.
        const MOST: f64 = 9_007_199_254_740_991.0;
        whole(value, MOST)
    }
}

impl Read for u32 {
    fn read(value: &JsValue) -> Result<Self, Error> {
        whole(value, f64::from(Self::MAX)).map(|number| number as Self)
    }
}

impl Read for u16 {
    fn read(value: &JsValue) -> Result<Self, Error> {
        whole(value, f64::from(Self::MAX)).map(|number| number as Self)
    }
}

impl Read for Millis {
    fn read(value: &JsValue) -> Result<Self, Error> {
        u64::read(value).map(Self)
    }
}

impl<T: Read> Read for Box<T> {
    fn read(value: &JsValue) -> Result<Self, Error> {
        T::read(value).map(Self::new)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &JsValue) -> Result<Self, Error> {
        if value.is_null() || value.is_undefined() {
            return Ok(None);
        }
        T::read(value).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &JsValue) -> Result<Self, Error> {
        let list: &Array = value.dyn_ref().ok_or_else(|| wanted("a list"))?;
        list.iter().map(|item| T::read(&item)).collect()
    }
}

/// JavaScript's objects have texts for keys.
impl<K: Ord + std::str::FromStr, V: Read> Read for BTreeMap<K, V> {
    fn read(value: &JsValue) -> Result<Self, Error> {
        let object: &Object = value.dyn_ref().ok_or_else(|| wanted("an object"))?;
        Object::keys(object)
            .iter()
            .map(|key| {
                let name = String::read(&key)?;
                let number = name
                    .parse()
                    .map_err(|_| within(&name, &wanted("a number")))?;
                let value =
                    Reflect::get(value, &key).map_err(|_| within(&name, "cannot be read"))?;
                Ok((
                    number,
                    V::read(&value).map_err(|error| within(&name, &error))?,
                ))
            })
            .collect()
    }
}

object!(default State { settings, memory });
object!(default Settings {
    quiet_sites, strict, voice, listeners, country, helpers, pin, wrong, incident,
});
object!(Helper { tool, until });
object!(WrongReport { site, codes, at });
object!(Pin {
    kept,
    wrong,
    closed_until,
    goes_at
});
object!(PinHash { salt, rounds, hash });
object!(default Memory {
    tabs, timeline, report, reported_at, companion, stop, alarm, armed, following, asked_at,
    country, last_active, bank_in_session, alone_at, ending, waiting_change, wake_at,
});
object!(default Tab {
    site, owner, bank, frames, typed, dismissed, numbers_changed, shares_screen, support_page,
    bank_seen, shown,
});
object!(Bank { name, listed });
object!(default FrameVerdict { level, reasons });
object!(StopCount {
    since,
    findings,
    went_on
});
object!(Entry { at, what });
object!(Reason { code, kind, words });
object!(Words { text, start, end });
object!(SessionLine {
    name,
    since,
    confidence
});
object!(default SessionReport { state, findings, failed });
object!(default Finding { id, tool, name, direction, since, evidence, confidence, pids });
object!(default PageFacts {
    title, text, hidden_text, heading, from, forms, loose_fields, image_hosts, style_hosts,
    link_hosts, frame_hosts, ids, image_alts, telephones, traps, gave_up,
});
object!(default Form { action, method, fields });
object!(default Field { kind: "type", name, id, label, placeholder, autocomplete });

tagged!(Event by "event" {
    Started { language },
    Opened { tab, url },
    Content { tab, frame, url, content },
    Page { page },
    Closed { tab },
    Downloaded { url, file_name },
    Listening { ports },
    Report { report },
    Companion { health },
    Ended { finding, gone, came_back },
    Woke,
});
tagged!(ContentMessage by "message" {
    Hello,
    Read { facts },
    Typed { text },
    Pressed { press },
    SharesScreen { live },
    NumbersChanged,
});
tagged!(PageMessage by "message" {
    Status { tab },
    Change { change, proof },
    Alarm { on },
});
tagged!(Change by "change" {
    Site { site, quiet },
    Strict { on },
    Voice { on },
    Listeners { on },
    Country { code },
    AllowHelper { tool, minutes },
    ForbidHelper { tool },
    AlarmOff,
    Clear,
    Pin { pin },
    ForgetPin { on },
});
tagged!(CompanionHealth by "is" {
    Unasked,
    Well { release },
    Missing,
    WrongVersion { version },
    Broken { why },
});
tagged!(Happening by "what" {
    Warned { site, codes, typed },
    Exposed { how, tool },
    BankOpened { bank },
    SessionBegan { tool },
    SessionEnded { tool },
    Covered { bank, level },
    Pressed { press },
    Refused,
    PinWrong,
    PinForgotten,
    PinGone,
    NumbersChanged { bank },
    Alarm,
});
tagged!(Owner by "is" {
    Unknown,
    Amazon,
    Bank { name },
    RemoteTool { tool, name },
});
tagged!(View by "view" {
    Nothing,
    Waiting,
    Banner { level, reasons, tool, typed },
    Pause { bank, exposure, tool },
    Stop { bank, sessions, bank_phone, go_on_at, ending },
    Bar { sessions, numbers_changed },
});

names!(Level {
    Quiet,
    Notice,
    Caution,
    Pause,
    Stop
});
names!(CueKind {
    Brand,
    Address,
    Structure,
    Charge,
    Refund,
    Account,
    Press,
    Call,
    Urgency,
    Secrecy,
    Remote,
    RemoteCode,
    Bank,
    GiftCard,
    Flaw,
    Credential,
    Trap,
    Learned,
});
names!(Press {
    Dismiss,
    Wrong,
    OnThePhone,
    Explain,
    Alone,
    NotAlone,
    Leave,
    EndSession,
    GoOn,
});
names!(Exposure {
    Visited,
    Downloaded,
    Asked,
    Listening,
    SharesScreen,
    SupportTab,
    Said,
    MayBeConnected,
});
names!(Ending {
    Impossible,
    Possible,
    Asked,
    Failed,
    CameBack
});
names!(SessionState {
    Active,
    None,
    Unknown
});
names!(Direction { Inbound, Outbound });
names!(Confidence { Weak, Good, Proof });
names!(Trap {
    FullScreen,
    LoopingSound,
    BlockedExit
});

//! Reads and writes JavaScript values in the shapes of `extension/types.d.ts`.
//!
//! Serde's derived code for the same types would be 330 KB of the module for reading and 37 KB for
//! writing: it buffers tagged enums, and has code of its own for every field. Here a field is one call,
//! and serde writes what is neither list nor object. The compiler sees to it that no field and no
//! variant is left out, and `tests/wasm/engine.test.js` reads back what was written.

use doorchain_core::{
    Access, Advice, AdviceKind, Bank, Change, CompanionHealth, Confidence, ContentMessage, CueKind,
    Direction, Dismissed, Effect, Ending, Entry, Event, Exposure, Field, Finding, Form,
    FrameVerdict, Happening, Helper, Kept, Level, Memory, Millis, Notice, Numbered, Owner,
    PageFacts, PageMessage, Pin, PinHash, PinStatus, Press, Reason, SessionLine, SessionReport,
    SessionState, Settings, Silence, State, Status, Step, StopCount, Tab, ToolName, Trap, Verdict,
    View, Words, WrongReport,
};
use js_sys::{Array, JsString, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::{borrow::Cow, cell::RefCell};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// The first thing that could not be read: where it is, and what was expected there.
#[derive(Default)]
pub(crate) struct Wrong(Option<String>);

/// A type that can be read from a JavaScript value.
///
/// What does not have the type's shape is noted in `wrong`, and reading goes on as if nothing were
/// there: an early return at every field would be half of the code.
pub(crate) trait Read {
    /// Reads a value.
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self;

    /// Whether an object may lack a field of the type.
    const MAY_LACK: bool = false;
}

/// A type that can be written as a JavaScript value.
pub(crate) trait Write {
    /// The value as JavaScript has it.
    fn write(&self) -> JsValue;

    /// The same where it is kept: to use it in place saves a handle that is made and dropped.
    fn kept(&self) -> Option<&'static JsValue> {
        None
    }
}

/// Writes what is neither list nor object.
fn plain(value: impl Serialize) -> JsValue {
    // Strings, booleans and numbers of up to 64 bits can always be written.
    value
        .serialize(&Serializer::json_compatible())
        .unwrap_or(JsValue::NULL)
}

/// JavaScript's strings for the static texts of this module, found by address: to make one anew costs
/// ten times as much.
struct Names {
    /// Each text, its JavaScript string, and the next entry with the same key.
    all: Vec<(&'static str, &'static JsString, u16)>,
    first: [u16; Self::KEYS],
}

thread_local! {
    static NAMES: RefCell<Names> = const { RefCell::new(Names::new()) };
}

impl Names {
    const KEYS: usize = 1 << 9;
    /// The end of a chain.
    const NONE: u16 = u16::MAX;

    const fn new() -> Self {
        Self {
            all: Vec::new(),
            first: [Self::NONE; Self::KEYS],
        }
    }

    fn get(&mut self, name: &'static str) -> &'static JsString {
        let first = &mut self.first[name.as_ptr() as usize % Self::KEYS];
        let mut at = usize::from(*first);
        while let Some((known, _, next)) = self.all.get(at) {
            if std::ptr::eq(*known, name) {
                break;
            }
            at = usize::from(*next);
        }
        if at >= self.all.len() {
            at = self.all.len();
            let next = std::mem::replace(first, at as u16);
            // There are as many as the module has texts, and they are kept as long as it is.
            let kept = Box::leak(Box::new(name.into()));
            self.all.push((name, kept, next));
        }
        self.all[at].1
    }
}

/// JavaScript's string for a static text of this module.
#[inline(never)]
fn name(name: &'static str) -> &'static JsString {
    NAMES.with_borrow_mut(|names| names.get(name))
}

#[wasm_bindgen]
extern "C" {
    /// The browser's own; the one of `web-sys` takes Rust strings.
    type TextEncoder;

    #[wasm_bindgen(constructor)]
    fn new() -> TextEncoder;

    #[wasm_bindgen(method, js_name = encodeInto)]
    fn encode_into(this: &TextEncoder, text: &JsString, room: &mut [u8]) -> Encoded;

    type Encoded;

    /// Code units of the text that there was room for.
    #[wasm_bindgen(method, getter)]
    fn read(this: &Encoded) -> u32;

    /// Bytes that were written.
    #[wasm_bindgen(method, getter)]
    fn written(this: &Encoded) -> u32;

    /// An object being built: `Reflect.set` does more work, and `Object` has no other way.
    type Fields;

    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Fields;

    #[wasm_bindgen(method, indexing_setter)]
    fn set(this: &Fields, name: &JsString, value: &JsValue);
}

/// A text of `units` code units as UTF-8, if `most` bytes for each are enough.
fn encoded(text: &JsString, units: u32, most: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; units as usize * most];
    let encoded = TextEncoder::new().encode_into(text, &mut bytes);
    bytes.truncate(encoded.written() as usize);
    (encoded.read() == units).then_some(bytes)
}

/// Code units from which a text is left to the browser's encoder: wasm-bindgen copies a text letter
/// by letter, 3 ns each.
const LONG: u32 = 256;

/// Reads a value.
///
/// # Errors
/// Says what does not have the type's shape.
pub(crate) fn read<T: Read>(value: &JsValue) -> Result<T, String> {
    let mut wrong = Wrong::default();
    let read = T::read(value, &mut wrong);
    wrong.0.map_or(Ok(read), Err)
}

impl Wrong {
    fn note(&mut self, wanted: &str) {
        if self.0.is_none() {
            self.0 = Some(["is not ", wanted].concat());
        }
    }

    /// Puts `place` before what `read` finds wrong, if anything.
    fn within<T>(&mut self, place: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let was_right = self.0.is_none();
        let value = read(self);
        if was_right {
            self.put_before(place);
        }
        value
    }

    /// Kept out of line: copied for each type it would be 9 KB of the module.
    #[inline(never)]
    fn put_before(&mut self, place: &str) {
        if let Some(wrong) = &mut self.0 {
            *wrong = [place, " ", wrong.as_str()].concat();
        }
    }
}

/// A field or variant as JavaScript calls it, such as `wakeAt` for `wake_at` and `alarmOff` for
/// `AlarmOff`, and its length in bytes.
const fn camel<const N: usize>(name: &str) -> ([u8; N], usize) {
    let (name, mut camel) = (name.as_bytes(), [0; N]);
    let (mut from, mut to) = (0, 0);
    while from < name.len() {
        let mut letter = name[from];
        if from == 0 {
            letter = letter.to_ascii_lowercase();
        } else if letter == b'_' {
            from += 1;
            letter = name[from].to_ascii_uppercase();
        }
        camel[to] = letter;
        from += 1;
        to += 1;
    }
    (camel, to)
}

/// What [`camel`] makes of a name, as a text.
macro_rules! camel {
    ($name:expr) => {{
        const NAME: &str = $name;
        const CAMEL: ([u8; NAME.len()], usize) = camel(NAME);
        const TEXT: &str = match std::str::from_utf8(CAMEL.0.split_at(CAMEL.1).0) {
            Ok(text) => text,
            Err(_) => panic!("names are ASCII"),
        };
        TEXT
    }};
}

/// The field of an object.
fn field<T: Read>(object: &JsValue, name: &str, wrong: &mut Wrong) -> T {
    let value = get(object, name, wrong);
    wrong.within(name, |wrong| {
        if value.is_undefined() && !T::MAY_LACK {
            wrong.note("there");
        }
        T::read(&value, wrong)
    })
}

/// The field of an object that may lack it.
fn field_or<T: Read>(object: &JsValue, name: &str, default: T, wrong: &mut Wrong) -> T {
    let value = get(object, name, wrong);
    if value.is_undefined() {
        return default;
    }
    wrong.within(name, |wrong| T::read(&value, wrong))
}

#[inline(never)]
fn get(object: &JsValue, name: &str, wrong: &mut Wrong) -> JsValue {
    if !object.is_object() {
        wrong.note("an object");
        return JsValue::UNDEFINED;
    }
    // A getter can throw; then the field counts as missing.
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Adds a field. Kept out of line, because it is called for every field.
#[inline(never)]
fn put(fields: &Fields, field: &'static str, value: &dyn Write) {
    match value.kept() {
        Some(kept) => fields.set(name(field), kept),
        None => fields.set(name(field), &value.write()),
    }
}

/// Reads and writes structs as objects, by the list of all their fields: with `default`, a missing field
/// is as in the type's default; with `out`, the type is never read; with `in`, [`known`] writes it.
macro_rules! object {
    (@name $field:ident) => { camel!(stringify!($field)) };
    (@name $field:ident $name:literal) => { $name };
    (out $type:ident { $($field:ident $(: $name:literal)?),* $(,)? }) => {
        impl Write for $type {
            fn write(&self) -> JsValue {
                let Self { $($field),* } = self;
                let fields = Fields::new();
                $(put(&fields, object!(@name $field $($name)?), $field);)*
                fields.into()
            }
        }
    };
    (default $type:ident { $($field:ident $(: $name:literal)?),* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
                let default = Self::default();
                Self {
                    $($field: field_or(value, object!(@name $field $($name)?), default.$field, wrong)),*
                }
            }
        }
        object!(out $type { $($field $(: $name)?),* });
    };
    (in $type:ident { $($field:ident $(: $name:literal)?),* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
                Self {
                    $($field: field(value, object!(@name $field $($name)?), wrong)),*
                }
            }
        }
    };
    ($type:ident { $($field:ident $(: $name:literal)?),* $(,)? }) => {
        object!(in $type { $($field $(: $name)?),* });
        object!(out $type { $($field $(: $name)?),* });
    };
}

/// Writes structs that are part of every judgement: the glue sets their fields by the names that are
/// given here, in half of the time. Each field is an imported function.
macro_rules! known {
    ($type:ident as $object:ident { $($field:ident: $name:ident),* $(,)? }) => {
        #[wasm_bindgen]
        extern "C" {
            type $object;

            #[wasm_bindgen(constructor, js_class = "Object")]
            fn new() -> $object;

            $(#[wasm_bindgen(method, setter = $name)]
            fn $field(this: &$object, value: &JsValue);)*
        }

        impl Write for $type {
            fn write(&self) -> JsValue {
                let Self { $($field),* } = self;
                let object = $object::new();
                $(match $field.kept() {
                    Some(kept) => object.$field(kept),
                    None => object.$field(&$field.write()),
                })*
                object.into()
            }
        }
    };
}

/// Reads and writes enums as objects with one field, the tag, that names the variant; with `out`, they
/// are never read.
macro_rules! tagged {
    (out $type:ident by $tag:literal { $($variant:ident $({ $($field:ident),* $(,)? })?),* $(,)? }) => {
        impl Write for $type {
            fn write(&self) -> JsValue {
                let fields = Fields::new();
                match self {
                    $(Self::$variant $({ $($field),* })? => {
                        put(&fields, $tag, &camel!(stringify!($variant)));
                        $($(put(&fields, camel!(stringify!($field)), $field);)*)?
                    }),*
                }
                fields.into()
            }
        }
    };
    ($type:ident by $tag:literal { $($variant:ident $({ $($field:ident),* $(,)? })?),* $(,)? } else $other:expr) => {
        impl Read for $type {
            fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
                let tag: String = field(value, $tag, wrong);
                $(if tag == camel!(stringify!($variant)) {
                    return Self::$variant $({
                        $($field: field(value, camel!(stringify!($field)), wrong)),*
                    })?;
                })*
                wrong.within($tag, |wrong| wrong.note("known"));
                $other
            }
        }
        tagged!(out $type by $tag { $($variant $({ $($field),* })?),* });
    };
}

/// Reads and writes enums without fields as the names of their variants.
macro_rules! names {
    ($type:ident { $first:ident $(, $variant:ident)* $(,)? }) => {
        impl Read for $type {
            fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
                let name = String::read(value, wrong);
                $(if name == camel!(stringify!($variant)) {
                    return Self::$variant;
                })*
                if name != camel!(stringify!($first)) {
                    wrong.note("known");
                }
                Self::$first
            }
        }

        impl Write for $type {
            fn write(&self) -> JsValue {
                self.kept().into()
            }

            fn kept(&self) -> Option<&'static JsValue> {
                Some(name(match self {
                    Self::$first => camel!(stringify!($first)),
                    $(Self::$variant => camel!(stringify!($variant))),*
                }))
            }
        }
    };
}

impl Write for &'static str {
    fn write(&self) -> JsValue {
        name(self).into()
    }

    fn kept(&self) -> Option<&'static JsValue> {
        Some(name(self))
    }
}

impl Read for String {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        let Some(text) = value.dyn_ref::<JsString>() else {
            wrong.note("a text");
            return Self::new();
        };
        let units = text.length();
        if units < LONG {
            return text.into();
        }
        // One byte for each unit is enough for ASCII, and three for any text.
        let bytes = encoded(text, units, 1).or_else(|| encoded(text, units, 3));
        // All that an encoder writes is UTF-8.
        Self::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
    }
}

impl Write for String {
    fn write(&self) -> JsValue {
        plain(self)
    }
}

impl Read for Cow<'static, str> {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        String::read(value, wrong).into()
    }
}

impl Write for Cow<'static, str> {
    fn write(&self) -> JsValue {
        match self {
            Self::Borrowed(text) => text.write(),
            Self::Owned(text) => text.write(),
        }
    }

    fn kept(&self) -> Option<&'static JsValue> {
        match self {
            Self::Borrowed(text) => text.kept(),
            Self::Owned(_) => None,
        }
    }
}

impl Read for bool {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        value.as_bool().unwrap_or_else(|| {
            wrong.note("true or false");
            false
        })
    }
}

impl Write for bool {
    fn write(&self) -> JsValue {
        plain(self)
    }
}

impl Write for f64 {
    fn write(&self) -> JsValue {
        plain(self)
    }
}

/// A whole number up to `most`.
fn whole(value: &JsValue, most: f64, wrong: &mut Wrong) -> u64 {
    value
        .as_f64()
        .filter(|number| *number >= 0.0 && *number <= most && number.trunc() == *number)
        .map_or_else(
            || {
                wrong.note("a whole number in range");
                0
            },
            |number| number as u64,
        )
}

impl Read for u64 {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        /// `Number.MAX_SAFE_INTEGER`: beyond it a JavaScript number may stand for several.
        const MOST: f64 = 9_007_199_254_740_991.0;
        whole(value, MOST, wrong)
    }
}

impl Write for u64 {
    fn write(&self) -> JsValue {
        // No time and no count comes near 2^53, beyond which this might be another number.
        plain(*self as f64)
    }
}

impl Read for u32 {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        whole(value, f64::from(Self::MAX), wrong) as Self
    }
}

impl Write for u32 {
    fn write(&self) -> JsValue {
        plain(self)
    }
}

impl Read for u16 {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        whole(value, f64::from(Self::MAX), wrong) as Self
    }
}

impl Write for u16 {
    fn write(&self) -> JsValue {
        plain(self)
    }
}

impl Read for Millis {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        Self(u64::read(value, wrong))
    }
}

impl Write for Millis {
    fn write(&self) -> JsValue {
        self.0.write()
    }
}

impl<T: Read> Read for Box<T> {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        Self::new(T::read(value, wrong))
    }
}

impl<T: Write> Write for Box<T> {
    fn write(&self) -> JsValue {
        T::write(self)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        (!value.is_null() && !value.is_undefined()).then(|| T::read(value, wrong))
    }

    const MAY_LACK: bool = true;
}

impl<T: Write> Write for Option<T> {
    fn write(&self) -> JsValue {
        self.as_ref().map_or(JsValue::NULL, T::write)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        let items = items(value, wrong);
        items.iter().map(|item| T::read(item, wrong)).collect()
    }
}

/// The items of a list. Kept out of line, as [`list`] is: copied for each type, the two would be
/// kilobytes of the module.
#[inline(never)]
fn items(value: &JsValue, wrong: &mut Wrong) -> Vec<JsValue> {
    value
        .dyn_ref::<Array>()
        .map(Array::to_vec)
        .unwrap_or_else(|| {
            wrong.note("a list");
            Vec::new()
        })
}

impl<T: Write> Write for Vec<T> {
    fn write(&self) -> JsValue {
        list(self.len(), &|at| {
            self.get(at).map_or(JsValue::UNDEFINED, T::write)
        })
    }
}

/// Writes a list of so many items.
#[inline(never)]
fn list(count: usize, item: &dyn Fn(usize) -> JsValue) -> JsValue {
    let list = Array::new();
    for at in 0..count {
        list.push(&item(at));
    }
    list.into()
}

/// JavaScript's objects have strings for keys.
impl<K: Copy + Ord + std::str::FromStr, V: Read> Read for Numbered<K, V> {
    fn read(value: &JsValue, wrong: &mut Wrong) -> Self {
        let mut map = Self::default();
        let Some(object) = value.dyn_ref::<Object>() else {
            wrong.note("an object");
            return map;
        };
        for key in Object::keys(object).iter() {
            let name = String::read(&key, wrong);
            wrong.within(&name, |wrong| match name.parse() {
                Ok(number) => {
                    let value = Reflect::get(value, &key).unwrap_or(JsValue::UNDEFINED);
                    map.insert(number, V::read(&value, wrong));
                }
                Err(_) => wrong.note("a number"),
            });
        }
        map
    }
}

impl<K: Copy + Ord + Into<u64>, V: Write> Write for Numbered<K, V> {
    fn write(&self) -> JsValue {
        let fields = Fields::new();
        for (number, value) in self.keys().zip(self.values()) {
            let number: u64 = number.into();
            fields.set(&number.to_string().into(), &value.write());
        }
        fields.into()
    }
}

object!(out Step { state, effects });
known!(Verdict as VerdictObject {
    level: level, score: score, reasons: reasons, owner: owner, bank_like: bankLike,
});
known!(Reason as ReasonObject { code: code, kind: kind, words: words });
object!(out Status {
    level, reasons, site, quiet, frozen, sessions, ending, companion, alarm, alarm_off_needs_pin, alarm_off_waits, access, unseen, gave_up, settings, pin, timeline, advice,
    country, countries, tools,
});
object!(out PinStatus { salt, rounds, wrong, closed_until, goes_at });
object!(out Advice { kind, name, value });
object!(ToolName { id, name });
tagged!(out Effect by "effect" {
    Show { tab, view },
    Mark { tab, frame, words },
    Badge { tab, level },
    Blind { on },
    Greet,
    Reach { tab },
    Arm { matches },
    Follow { on, every_ms },
    Ask,
    EndSession { finding },
    FindListeners { ports },
    WakeAt { at },
    Notify { about },
    Speak,
    CloseTab { tab },
    OpenHappened,
    OpenExplain,
});

object!(default State { settings, memory });
object!(default Settings {
    quiet_sites, strict, voice, listeners, country, helpers, pin, wrong, incident, kept,
});
object!(default Kept { alarm, alone_at, last_active, exposures });
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
    tabs, timeline, private, exposures, access, report, reported_at, companion, stop, armed, following, asked_at,
    country, bank_in_session, ending, waiting_changes, wake_at,
});
object!(default Tab {
    site, host, private, document, silence, owner, bank, frames, typed, dismissed, numbers_changed, sharing, support_page,
    bank_seen, gave_up, shown,
});
object!(default Access { sites, private_windows });
object!(Dismissed { document, reason });
object!(Silence {
    since,
    asked,
    closed,
    told
});
object!(Bank { name, listed });
object!(default FrameVerdict { level, reasons });
object!(StopCount {
    since,
    findings,
    went_on
});
object!(Entry { at, what });
object!(in Reason { code, kind, words });
object!(Words { text, start, end });
object!(SessionLine { name, since });
object!(default SessionReport { state, findings, failed });
object!(default Finding { id, tool, name, direction, since, evidence, confidence, pids });
object!(default PageFacts {
    title, text, hidden_text, heading, from, forms, loose_fields, image_hosts, style_hosts,
    link_hosts, ids, image_alts, traps, gave_up,
});
object!(default Form { fields, targets });
object!(default Field { kind: "type", name, id, label, placeholder, autocomplete });

tagged!(Event by "event" {
    Started { language },
    Opened { tab, url, private },
    Content { tab, frame, url, private, content },
    Page { page },
    Closed { tab },
    Downloaded { url, file_name, private },
    Listening { ports },
    Report { report },
    Companion { health },
    Ended { finding, gone, came_back },
    Access { access },
    Unreached { tab },
    Woke,
} else Self::Woke);
tagged!(ContentMessage by "message" {
    Hello { document },
    Read { facts },
    Typed { text },
    Pressed { press },
    SharesScreen { live },
    NumbersChanged { again },
} else Self::Hello { document: 0 });
tagged!(PageMessage by "message" {
    Status { tab },
    Change { change, proof },
    Alarm,
    EndSession,
} else Self::Status { tab: None });
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
} else Self::Clear);
tagged!(CompanionHealth by "is" {
    Unasked,
    Well { release },
    Missing,
    WrongVersion { version },
    Broken { why },
} else Self::Unasked);
tagged!(Happening by "what" {
    Warned { site, codes, typed },
    Exposed { how, tool },
    BankOpened { bank },
    SessionBegan { tool },
    SessionEnded { tool },
    Covered { bank, level },
    Uncovered { bank },
    Pressed { press },
    Refused,
    PinWrong,
    PinForgotten,
    PinGone,
    NumbersChanged { bank },
    Alarm,
} else Self::Refused);
tagged!(Owner by "is" {
    Unknown,
    Amazon,
    Bank { name },
    RemoteTool { tool, name },
} else Self::Unknown);
tagged!(View by "view" {
    Nothing,
    Waiting,
    Banner { level, reasons, tool, typed },
    Pause { bank, exposure, tool },
    Stop { bank, sessions, bank_phone, go_on_at, ending },
    Bar { sessions, numbers_changed },
} else Self::Nothing);

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
names!(AdviceKind {
    BankPhone,
    CardPhone,
    PolicePhone,
    PoliceSite,
    HelpPhone,
    ReportSite,
    ReportText,
    ReportMail,
    AmazonSite,
    AmazonMail,
});
names!(Notice {
    Stop,
    Uncovered,
    PinForgotten,
    PinGone
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

//! The core for the browser: JavaScript values in, JavaScript values out, nothing else.

mod shape;

use doorchain_core::{Address, Engine, Event, Millis, PageFacts, State, protocol};
use shape::{Read, Write};
use wasm_bindgen::prelude::*;
use web_sys::Url;

/// The engine, held by the background.
#[wasm_bindgen]
pub struct Doorchain {
    engine: Engine,
}

#[wasm_bindgen]
impl Doorchain {
    /// Builds the engine from the data in the module.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self {
            engine: Engine::new(parse),
        }
    }

    /// `Step` from a `State`, an `Event` and the time in milliseconds since 1970.
    ///
    /// # Errors
    /// When `state` or `event` does not have the shape of its type.
    pub fn step(&self, state: JsValue, event: JsValue, now: f64) -> Result<JsValue, JsError> {
        let state: State = read(state, "state")?;
        let event: Event = read(event, "event")?;
        Ok(self.engine.step(state, event, millis(now)).write())
    }

    /// `Status` of a tab, or of none.
    ///
    /// # Errors
    /// When `state` does not have the shape of its type.
    pub fn status(&self, state: JsValue, tab: Option<u32>, now: f64) -> Result<JsValue, JsError> {
        let state: State = read(state, "state")?;
        Ok(self.engine.status(&state, tab, millis(now)).write())
    }

    /// `Verdict` on `PageFacts` read at an address.
    ///
    /// For the tests and measurements of the judge, as are the next two: the extension has
    /// [`step`](Self::step) judge.
    ///
    /// # Errors
    /// When `facts` does not have the shape of its type.
    #[wasm_bindgen(js_name = judgePage)]
    pub fn judge_page(&self, url: &str, facts: JsValue) -> Result<JsValue, JsError> {
        let facts: PageFacts = read(facts, "facts")?;
        Ok(self.engine.judge_page(url, &facts).write())
    }

    /// `Verdict` on text typed at an address.
    #[wasm_bindgen(js_name = judgeTyped)]
    pub fn judge_typed(&self, url: &str, text: &str) -> JsValue {
        self.engine.judge_typed(url, text).write()
    }

    /// `Verdict` on an address alone.
    #[wasm_bindgen(js_name = judgeAddress)]
    pub fn judge_address(&self, url: &str) -> JsValue {
        self.engine.judge_address(url).write()
    }
}

/// Name of the companion's native-messaging host.
#[wasm_bindgen(js_name = companionHost)]
pub fn companion_host() -> String {
    protocol::HOST_NAME.to_owned()
}

/// Version of the companion's protocol.
#[wasm_bindgen(js_name = companionVersion)]
pub fn companion_version() -> u32 {
    protocol::VERSION
}

impl Default for Doorchain {
    fn default() -> Self {
        Self::new()
    }
}

/// Lets the browser take an address apart: what it opens is what is judged. To ask it takes longer than to
/// judge, so that it is not asked where there is one answer.
fn parse(url: &str) -> Option<Address> {
    // One call into JavaScript; to read the parts would be six.
    Address::of_plain(url).or_else(|| Address::of_href(&Url::new(url).ok()?.href()))
}

fn millis(now: f64) -> Millis {
    // A clock before 1970 or beyond u64 saturates, as `as` does.
    Millis(now as u64)
}

fn read<T: Read>(value: JsValue, what: &str) -> Result<T, JsError> {
    shape::read(&value).map_err(|error| refusal(what, &error))
}

/// Kept out of line, so that it is not copied for every type that is read.
#[inline(never)]
fn refusal(what: &str, error: &str) -> JsError {
    JsError::new(&[what, ": ", error].concat())
}

//! What the shell saw, before anything is concluded from it.

use crate::host::{holds, labels, split_before, top};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// An address as the caller's own URL parser took it apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Address {
    /// Scheme without its colon, in lower case: `https`.
    pub scheme: Cow<'static, str>,
    /// Host in ASCII (punycode), lower case, no port and no brackets.
    pub host: String,
    /// Path with its leading slash, percent-encoded as parsed.
    pub path: String,
    /// Query without its question mark.
    pub query: String,
    /// What stood before an `@`, without a password: `https://amazon.com@evil.example/`.
    pub user_info: String,
}

impl Address {
    /// Takes apart an address that every parser leaves as it is, without one. None where the
    /// [URL Standard] or a browser of its own might read, write or refuse any of it in another way.
    ///
    /// [URL Standard]: https://url.spec.whatwg.org/#url-parsing
    pub fn of_plain(url: &str) -> Option<Self> {
        let (scheme, rest) = ["https", "http"].into_iter().find_map(|scheme| {
            let rest = url.strip_prefix(scheme)?.strip_prefix("://")?;
            Some((scheme, rest))
        })?;
        let (host, rest) = split_before(rest, |byte| byte == b'/');
        let is_plain = url.len() <= LONGEST_PLAIN
            && host.len() <= LONGEST_HOST
            && labels(host).all(is_plain_label)
            // A last label that begins with a digit can be a number's: `0x7f` is 127.0.0.1.
            && top(host).starts_with(|first: char| first.is_ascii_lowercase())
            // Not without a slash, which would be put in.
            && !rest.is_empty()
            && rest.bytes().all(is_plain_byte)
            // `/./` and `/../` are taken out.
            && !holds(rest, "/.");
        is_plain.then(|| Self::of_parts(scheme.into(), "", host, rest))
    }

    /// Takes apart what a parser wrote that follows the [URL Standard]: there every part has its
    /// place. None of what has no scheme.
    ///
    /// [URL Standard]: https://url.spec.whatwg.org/#url-serializing
    pub fn of_href(href: &str) -> Option<Self> {
        let (scheme, rest) = split_before(href, |byte| byte == b':');
        let rest = rest.strip_prefix(':')?;
        let (authority, rest) = match rest.strip_prefix("//") {
            Some(rest) => split_before(rest, |byte| matches!(byte, b'/' | b'?' | b'#')),
            None => ("", rest),
        };
        let (user_info, host) = match authority.bytes().rposition(|byte| byte == b'@') {
            Some(at) => (&authority[..at], &authority[at + 1..]),
            None => ("", authority),
        };
        let (user_info, _password) = split_before(user_info, |byte| byte == b':');
        // `[2001:db8::1]` has no port.
        let host = match host.bytes().rposition(|byte| byte == b':') {
            Some(at) if !host.ends_with(']') => &host[..at],
            _ => host,
        };
        let host = host.trim_matches(['[', ']']).trim_end_matches('.');
        let scheme = scheme.to_owned().into();
        Some(Self::of_parts(scheme, user_info, host, rest))
    }

    /// `rest` is what stands behind the authority.
    fn of_parts(scheme: Cow<'static, str>, user_info: &str, host: &str, rest: &str) -> Self {
        let (path, rest) = split_before(rest, |byte| matches!(byte, b'?' | b'#'));
        let (query, _) = split_before(rest, |byte| byte == b'#');
        Self {
            scheme,
            host: host.to_owned(),
            path: path.to_owned(),
            query: query.strip_prefix('?').unwrap_or_default().to_owned(),
            user_info: user_info.to_owned(),
        }
    }
}

/// Bytes of an address; a browser may refuse a much longer one.
const LONGEST_PLAIN: usize = 2048;
/// Bytes of a host and of a label that the DNS carries: RFC 1035, section 2.3.4.
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Whether a label stands for itself. With two hyphens at its third place it is read as other letters
/// (`xn--`), or may be one day: RFC 5890, section 2.3.1.
fn is_plain_label(label: &str) -> bool {
    let label = label.as_bytes();
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.get(2..4) != Some(b"--")
        && label
            .iter()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Whether a byte stays as it is wherever it stands in a path, a query or a fragment. `%` is none: `%2e`
/// is a dot.
fn is_plain_byte(byte: u8) -> bool {
    matches!(
        byte,
        b'!' | b'#' | b'$' | b'&' | b'('..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~'
    )
}

/// Takes an address apart, or says that it is none.
///
/// Handed in, because the browser's own `URL` is what decides where a link
/// leads; native callers hand in the `url` crate, which follows the same standard.
pub type AddressParser = fn(&str) -> Option<Address>;

/// What the content script read in one document.
///
/// The content script hands over at most 200,000 UTF-16 code units of text and 300 entries of a list;
/// the core reads at most 600,000 bytes of a text. What lies beyond is not judged.
///
/// Also the shape in which `cargo xtask score` takes `facts`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct PageFacts {
    /// Title of the document, or the subject of a message.
    pub title: String,
    /// Text a person can see, in document order, blocks apart by `\n`.
    pub text: String,
    /// Text that is in the document and that nobody can see.
    pub hidden_text: String,
    /// Text of `h1` to `h3`.
    pub heading: Vec<String>,
    /// Sender of a message, where the page shows one: `Amazon <x@example.org>`. It is the page's own
    /// word, and can be forged.
    pub from: String,
    /// Forms; fields outside any form are in `looseFields`.
    pub forms: Vec<Form>,
    /// Form fields that stand in no form.
    pub loose_fields: Vec<Field>,
    /// Hosts that images come from, each once.
    pub image_hosts: Vec<String>,
    /// Hosts that styles come from, each once.
    pub style_hosts: Vec<String>,
    /// Hosts that links lead to, each once.
    pub link_hosts: Vec<String>,
    /// `id` attributes.
    pub ids: Vec<String>,
    /// Descriptions of pictures: the `alt` texts of images.
    pub image_alts: Vec<String>,
    /// Ways in which the page holds its reader.
    pub traps: Vec<Trap>,
    /// There is more of it than was read.
    pub gave_up: bool,
}

/// Most fields of a page that are looked at: the reader tells no more.
const MOST_FIELDS: usize = 300;

impl PageFacts {
    /// Its fields, those of forms first.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        let formed = self.forms.iter().flat_map(|form| &form.fields);
        formed.chain(&self.loose_fields).take(MOST_FIELDS).collect()
    }
}

/// A form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Form {
    /// Its fields.
    pub fields: Vec<Field>,
    /// Hosts that it and its buttons send it to, each once.
    pub targets: Vec<String>,
}

/// A form field: what it asks for, never what was typed into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS), ts(optional_fields = nullable))]
#[serde(default, rename_all = "camelCase")]
pub struct Field {
    /// `type` attribute in lower case.
    #[serde(rename = "type")]
    pub kind: String,
    /// `name` attribute.
    pub name: String,
    /// `id` attribute.
    pub id: String,
    /// Visible label or `aria-label`.
    pub label: String,
    /// `placeholder` attribute.
    pub placeholder: String,
    /// `autocomplete` attribute.
    pub autocomplete: String,
}

/// A way in which a page keeps its reader from leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Trap {
    /// The page went full screen.
    FullScreen,
    /// Sound that loops or starts by itself.
    LoopingSound,
    /// `beforeunload` or alerts without end.
    BlockedExit,
}

//! From facts to a verdict.

use crate::{AddressParser, Owner, PageFacts, Verdict};

/// The judge with everything it knows. Built once; immutable; shared freely.
pub struct Engine {
    parse: AddressParser,
}

impl Engine {
    /// Reads the shipped data. `parse` is the caller's URL parser.
    pub fn new(parse: AddressParser) -> Self {
        Self { parse }
    }

    /// Judges a document at `url` (empty where it has none) by what was read in it.
    pub fn judge_page(&self, url: &str, facts: &PageFacts) -> Verdict {
        let _ = (self.owner(url), facts);
        Verdict::default()
    }

    /// Judges text that somebody types into a page at `url`.
    ///
    /// The reasons carry no words: typed text is scored and forgotten.
    pub fn judge_typed(&self, url: &str, text: &str) -> Verdict {
        let _ = (self.owner(url), text);
        Verdict::default()
    }

    /// Judges an address alone, such as a link before it is opened.
    pub fn judge_address(&self, url: &str) -> Verdict {
        Verdict {
            owner: self.owner(url),
            ..Verdict::default()
        }
    }

    /// Who owns the host of an address.
    pub fn owner(&self, url: &str) -> Owner {
        let _ = (self.parse)(url);
        Owner::Unknown
    }

    /// Registrable domain of an address by the public suffix list; its host where it has none.
    pub fn site(&self, url: &str) -> String {
        (self.parse)(url)
            .map(|address| address.host)
            .unwrap_or_default()
    }
}

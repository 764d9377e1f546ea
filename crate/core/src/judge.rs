//! From facts to a verdict.

use crate::{
    Address, AddressParser, CueKind, Level, Owner, Reason, Verdict, bank::BankSigns, host::Hosts,
    page::Reader,
};
use std::sync::OnceLock;

/// The judge with everything it knows, what texts need from the first of them on. Shared freely.
pub struct Engine {
    pub(crate) parse: AddressParser,
    pub(crate) hosts: Hosts,
    pub(crate) bank_signs: BankSigns,
    reader: OnceLock<Reader>,
}

impl Engine {
    /// Reads the shipped data that addresses need. `parse` is the caller's URL parser.
    pub fn new(parse: AddressParser) -> Self {
        Self {
            parse,
            hosts: Hosts::new(),
            bank_signs: BankSigns::new(),
            reader: OnceLock::new(),
        }
    }

    /// What is needed to read text. Made where the first text is read: that a bank is opened is told
    /// without it, and it is four fifths of what an engine takes to be ready.
    pub(crate) fn reader(&self) -> &Reader {
        self.reader.get_or_init(Reader::new)
    }

    /// The same, to change it.
    #[cfg(feature = "study")]
    pub(crate) fn reader_mut(&mut self) -> Option<&mut Reader> {
        self.reader();
        self.reader.get_mut()
    }

    /// Judges an address alone, such as a link before it is opened.
    pub fn judge_address(&self, url: &str) -> Verdict {
        (self.parse)(url)
            .map(|address| self.judge_parsed(&address))
            .unwrap_or_default()
    }

    /// Judges an address that the caller's parser took apart already.
    pub fn judge_parsed(&self, address: &Address) -> Verdict {
        let facts = self.hosts.look(address);
        if matches!(facts.owner, Owner::RemoteTool { .. }) {
            return Verdict {
                level: Level::Notice,
                reasons: vec![Reason {
                    code: "remote_tool_page".into(),
                    kind: CueKind::Remote,
                    words: Vec::new(),
                }],
                owner: facts.owner,
                ..Verdict::default()
            };
        }
        let mut kinds = facts.cues.iter().map(|cue| cue.kind);
        let first = kinds.next();
        Verdict {
            level: if kinds.any(|kind| Some(kind) != first) {
                Level::Caution
            } else {
                Level::Quiet
            },
            score: facts.cues.iter().map(|cue| cue.weight).sum(),
            reasons: facts
                .cues
                .iter()
                .map(|cue| Reason {
                    code: cue.code.into(),
                    kind: cue.kind,
                    words: Vec::new(),
                })
                .collect(),
            owner: facts.owner,
            ..Verdict::default()
        }
    }

    /// Who owns the host of an address.
    pub fn owner(&self, url: &str) -> Owner {
        (self.parse)(url)
            .map(|address| self.hosts.owner(&address.host))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A background that was just woken covers a bank before any text is read.
    #[test]
    fn a_bank_is_told_without_what_texts_need() {
        let engine = Engine::new(crate::parse_address);
        let owner = engine.owner("https://www.barclays.co.uk/");
        assert!(matches!(owner, Owner::Bank { .. }), "{owner:?}");
        engine.judge_address("https://amazon-refunds.example/");
        assert!(engine.reader.get().is_none());
        engine.judge_typed("https://www.barclays.co.uk/", "hello");
        assert!(engine.reader.get().is_some());
    }
}

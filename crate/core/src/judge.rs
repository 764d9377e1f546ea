//! From facts to a verdict.

use crate::{
    Address, AddressParser, CueKind, Level, Owner, Reason, Verdict,
    bank::BankSigns,
    host::{HostFacts, Hosts},
    page::Reader,
};
use std::sync::OnceLock;

/// Score of an address whose owner is known, and of its page, which is not read.
const TRUSTED: f64 = -7.0;

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

    /// Judges an address alone, such as a link before it is opened. Its score is the sum of its cues'
    /// weights, and 0 without any.
    pub fn judge_address(&self, url: &str) -> Verdict {
        (self.parse)(url)
            .map(|address| self.judge_parsed(&address))
            .unwrap_or_default()
    }

    /// Judges an address that the caller's parser took apart already.
    pub fn judge_parsed(&self, address: &Address) -> Verdict {
        let facts = self.hosts.look(address);
        if let Some(verdict) = facts.unread() {
            return verdict;
        }
        let mut kinds = facts.cues.iter().map(|cue| cue.kind);
        let first = kinds.next();
        Verdict {
            level: if kinds.any(|kind| Some(kind) != first) {
                Level::Caution
            } else {
                Level::Quiet
            },
            score: facts.cues.iter().fold(0.0, |sum, cue| sum + cue.weight),
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

impl HostFacts {
    /// The verdict on an address whose owner is known, and on its page; none where the page is read.
    pub(crate) fn unread(&self) -> Option<Verdict> {
        let (level, reasons) = match self.owner {
            Owner::RemoteTool { .. } => (
                Level::Notice,
                vec![Reason {
                    code: "remote_tool_page".into(),
                    kind: CueKind::Remote,
                    words: Vec::new(),
                }],
            ),
            Owner::Amazon | Owner::Bank { .. } if !self.is_community => (Level::Quiet, Vec::new()),
            _ => return None,
        };
        Some(Verdict {
            level,
            score: TRUSTED,
            reasons,
            owner: self.owner.clone(),
            bank_like: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, PageFacts};

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

    #[test]
    fn an_address_is_scored_by_its_owner_or_its_cues() {
        let engine = Engine::new(crate::parse_address);
        for owned in [
            "https://www.amazon.de/",
            "https://www.barclays.co.uk/",
            "https://www.anydesk.com/",
        ] {
            assert_eq!(engine.judge_address(owned).score, TRUSTED, "{owned}");
        }
        let nobody = engine.judge_address("https://news.example/").score;
        assert!(nobody == 0.0 && nobody.is_sign_positive());
        assert!(
            engine
                .judge_address("https://amazon-refunds.example/")
                .score
                > 0.0
        );
    }

    const SCAM: &str = "Amazon security alert: your account was charged $399.99. If you did not make \
        this order, call 1-888-555-0199 now. Our agent will ask you to install AnyDesk and read him \
        the code, then log in to your bank so that he can refund you. Do not tell the bank.";

    #[test]
    fn what_members_write_on_amazons_sites_is_read() {
        let engine = Engine::new(crate::parse_address);
        let scam = PageFacts {
            text: SCAM.into(),
            ..PageFacts::default()
        };
        for url in [
            "https://www.goodreads.com/topic/show/1",
            "https://www.twitch.tv/somebody",
            "https://www.imdb.com/review/1",
            "https://worker.mturk.com/projects",
            "https://repost.aws/questions/1",
        ] {
            let verdict = engine.judge_page(url, &scam);
            assert_eq!(verdict.level, Level::Caution, "{url}");
            assert_eq!(verdict.owner, Owner::Amazon, "{url}");
            assert_eq!(engine.judge_address(url).reasons, [], "{url}");
        }
        for url in [
            "https://www.paypal.com/invoice/p/1",
            "https://cash.app/$prime",
        ] {
            let verdict = engine.judge_page(url, &scam);
            assert_eq!(verdict.level, Level::Caution, "{url}");
            assert!(matches!(verdict.owner, Owner::Bank { .. }), "{url}");
        }
        let help = engine.judge_page("https://www.amazon.com/gp/help", &scam);
        assert_eq!((help.level, help.score), (Level::Quiet, TRUSTED));
        let sign_in = PageFacts {
            title: "Sign in".into(),
            ids: vec!["ap_email".into(), "ap_password".into()],
            text: "New to Goodreads? Sign up".into(),
            image_hosts: vec!["m.media-amazon.com".into()],
            loose_fields: vec![Field {
                kind: "password".into(),
                ..Field::default()
            }],
            ..PageFacts::default()
        };
        let [own, strange] = [
            "https://www.goodreads.com/ap/signin",
            "https://news.example/",
        ]
        .map(|url| engine.judge_page(url, &sign_in).reasons);
        assert_eq!(own, []);
        assert!(strange.iter().any(|reason| reason.code == "brand_page"));
    }

    #[test]
    fn a_field_is_secret_by_whole_words() {
        let engine = Engine::new(crate::parse_address);
        for (name, wanted) in [
            ("className", false),
            ("adobe_campaign", false),
            ("discarded", false),
            ("cardNumber", true),
            ("cVv", true),
            ("cardnumber", true),
            ("user_ssn", true),
            ("dob", true),
            ("expiryDate", true),
        ] {
            let page = PageFacts {
                title: "Amazon deals".into(),
                loose_fields: vec![Field {
                    name: name.into(),
                    ..Field::default()
                }],
                ..PageFacts::default()
            };
            let reasons = engine.judge_page("https://news.example/", &page).reasons;
            let asks = reasons
                .iter()
                .any(|reason| reason.code == "form_credentials");
            assert_eq!(asks, wanted, "{name}");
        }
    }

    #[test]
    fn a_sender_poses_by_whole_words() {
        let engine = Engine::new(crate::parse_address);
        for (from, wanted) in [
            ("Amzad Khan <amzad.khan@post.example>", false),
            ("IT Prime <office@post.example>", false),
            ("Prime Energy <office@post.example>", false),
            ("Prime XQ <office@post.example>", false),
            ("Rives d'Amazonie <dons@rives-amazonie.example>", false),
            ("Przyjaciele Amazonii <biuro@post.example>", false),
            ("Klub Amazonki <biuro@post.example>", false),
            ("Club amazonien <club@post.example>", false),
            ("AMZ <office@post.example>", true),
            ("AmzSupport", true),
            ("AWS Notifications <no-reply@sns.amazonaws.com>", false),
            ("Amazon Support <root@ec2-1.amazonaws.com>", true),
            ("amazon-refund@sns.amazonaws.com", true),
            ("refund@amz-claims.example", true),
            ("Prime UK", true),
            ("Prime DE <office@post.example>", true),
            ("Prime Membership", true),
            ("Prime", true),
        ] {
            let mail = PageFacts {
                from: from.into(),
                ..PageFacts::default()
            };
            let reasons = engine.judge_page("", &mail).reasons;
            let poses = reasons.iter().any(|reason| reason.code == "brand_sender");
            assert_eq!(poses, wanted, "{from}");
        }
    }
}

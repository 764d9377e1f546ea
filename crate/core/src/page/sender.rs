//! Who says to have sent a message, and who a title says to be.

use crate::host::{HostCue, Hosts};
use crate::text::Folder;
use crate::{AddressParser, CueKind, Owner, country_of};

/// Who says to have sent a message.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Sender {
    /// The address is Amazon's.
    pub(super) is_amazon: bool,
    /// The address is a bank's.
    pub(super) is_bank: bool,
    /// The name or the address names Amazon, and the address is not Amazon's.
    pub(super) plays_amazon: bool,
    /// A name alone, and Amazon's: text messages of its own bear it, and others may.
    pub(super) is_bare: bool,
    /// What makes its host suspect.
    pub(super) cues: Vec<HostCue>,
}

impl Sender {
    pub(super) fn of(from: &str, hosts: &Hosts, parse: AddressParser, folder: &Folder) -> Self {
        if from.trim().is_empty() {
            return Self::default();
        }
        let folded = folder.fold(from).folded;
        let host = from
            .rsplit_once('@')
            .map(|(_, host)| {
                host.chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
                    .collect::<String>()
            })
            .unwrap_or_default();
        let looked = parse(&format!("https://{host}/"))
            .map(|address| hosts.look(&address))
            .unwrap_or_default();
        if looked.owner == Owner::Amazon {
            return Self {
                is_amazon: true,
                ..Self::default()
            };
        }
        let folded = match folded.rsplit_once('@') {
            Some((own, _)) if looked.is_customers => own,
            _ => &folded,
        };
        let names = folded
            .match_indices("amazon")
            .any(|(at, name)| !names_another(&folded[at + name.len()..], hosts))
            || folded
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| {
                    let rest = word.strip_prefix("amz");
                    rest.is_some_and(|rest| rest.is_empty() || hosts.is_service(rest))
                        || ["amzon", "amazn", "amzn", "arnazon"]
                            .iter()
                            .any(|name| word.starts_with(name))
                })
            || plays_prime(folded, hosts);
        Self {
            is_amazon: false,
            is_bank: matches!(looked.owner, Owner::Bank { .. }),
            plays_amazon: names,
            is_bare: folded == "amazon",
            cues: looked
                .cues
                .into_iter()
                .filter(|cue| cue.kind == CueKind::Address)
                .collect(),
        }
    }
}

/// The name or the address is Prime alone, or Prime with a service, or with a country behind it as
/// its last word, for some countries' codes are words: others have it in their names.
fn plays_prime(from: &str, hosts: &Hosts) -> bool {
    from.split(['<', '@']).any(|part| {
        let words = part.split(|c: char| !c.is_alphanumeric());
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let is_country = |word: &str| word == "uk" || country_of(&["-", word].concat()).is_some();
        words
            .iter()
            .position(|word| *word == "prime")
            .is_some_and(|at| {
                words.len() == 1
                    || matches!(&words[at + 1..], [last] if is_country(last))
                    || words.iter().any(|word| hosts.is_service(word))
            })
    })
}

/// Most words of a part of a title that only says whose page it is.
const FEW_WORDS: usize = 4;

/// A part of a folded title is called after the name in few words, "sign in to …", or its first one
/// begins with the name.
pub(super) fn calls_itself_amazon(title: &str) -> bool {
    title
        .split(['|', '-', '–', '—', '•', '·', ':'])
        .map(str::trim)
        .enumerate()
        .any(|(at, part)| {
            // A service of somebody else's for those who use Amazon.
            let serves = part.contains("for amazon") || part.contains("amazon seller");
            let begins = (part.strip_prefix("amazon"))
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            let is_short = part.split(' ').count() <= FEW_WORDS;
            let is_named = begins && (at == 0 || is_short) || part.ends_with(" amazon") && is_short;
            let is_sellers = matches!(part, "seller central" | "amazon seller central");
            is_sellers || is_named && !serves
        })
}

/// What follows `amazon` makes it the river, its land, the parrots, the women or the machines of
/// that name, or those who look after them.
fn names_another(rest: &str, hosts: &Hosts) -> bool {
    let word = |rest: &str| {
        let end = rest.find(|c: char| !c.is_alphanumeric());
        rest[..end.unwrap_or(rest.len())].to_owned()
    };
    [
        "a", "as", "e", "ia", "ian", "ie", "ien", "ienne", "ii", "en", "ica", "ico", "ka", "ki",
    ]
    .contains(&word(rest).as_str())
        || rest.starts_with("ite")
        || hosts.is_nature(&word(rest.trim_start_matches([' ', '-'])))
}

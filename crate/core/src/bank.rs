//! A bank on no list, recognised by its structure.
//!
//! One page is enough where it asks for what hardly anybody but a bank asks for.
//! Everything common (a password, an IBAN at a shop's checkout, the words "online
//! banking" in a newspaper) needs a second and a third sign beside it.

use crate::{
    Field, PageFacts,
    order::insert,
    text::{first, lower, small},
    words::Vocabulary,
};

/// Sign, where, patterns; `build.rs` leaves out languages, sources and dates.
const SIGNS: &str = include_str!(concat!(env!("OUT_DIR"), "/bank_signs.tsv"));
/// Bytes of a page's text that are read: a bank says at the top what it is.
const READ: usize = 8 * 1024;

/// The signs, ready to be looked for.
pub(crate) struct BankSigns {
    fields: Vec<(Sign, &'static str)>,
    words: Vocabulary,
    word_signs: Vec<(Sign, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Account,
    Customer,
    Secret,
    Payee,
    Amount,
    Banking,
    Money,
    LogIn,
}

impl BankSigns {
    /// Reads the shipped signs.
    pub(crate) fn new() -> Self {
        let (mut fields, mut word_signs) = (Vec::new(), Vec::new());
        for line in SIGNS.lines() {
            let mut cells = line.split('\t');
            let (Some(sign), Some(place)) = (cells.next().and_then(Sign::named), cells.next())
            else {
                continue;
            };
            let list = if place == "field" {
                &mut fields
            } else {
                &mut word_signs
            };
            list.extend(cells.map(|pattern| (sign, pattern)));
        }
        Self {
            fields,
            words: Vocabulary::new(word_signs.iter().map(|(_, pattern)| *pattern)),
            word_signs,
        }
    }

    /// Whether a page looks like a bank's own.
    pub(crate) fn are_in(&self, facts: &PageFacts) -> bool {
        let mut asked = Vec::new();
        let mut password = false;
        for field in facts.fields() {
            password |= field.kind == "password";
            for sign in self.of_field(field) {
                insert(&mut asked, sign);
            }
        }
        let asks = |sign| asked.contains(&sign);
        // Makes a payment to an account.
        if asks(Sign::Account) && asks(Sign::Amount) && asks(Sign::Payee) {
            return true;
        }
        let asks_who = password || asks(Sign::Customer) || asks(Sign::Secret);
        // Shows an account: its number and its balance.
        let shown = first(&facts.text, READ);
        let shows = has_sum(shown) && has_account_number(shown);
        // What it says makes no bank of any other page.
        if !asks_who && !shows {
            return false;
        }
        let top = self.read(
            std::iter::once(&facts.title)
                .chain(&facts.heading)
                .map(String::as_str),
        );
        let page = self.read(std::iter::once(facts.text.as_str()));
        let banking = top.banking + page.banking > 0;
        let money = top.money.len().max(page.money.len());

        // Logs on with what banks give out.
        let logs_on = (password || asks(Sign::Secret))
            && (asks(Sign::Account) || asks(Sign::Customer) || (password && asks(Sign::Secret)))
            && banking;
        // Says in its title or a heading that this is where one logs on to the bank.
        let says_so = asks_who
            && top.banking > 0
            && (top.log_in > 0 || page.log_in > 0)
            && !facts.forms.is_empty();
        // And how to pay from it.
        logs_on || says_so || shows && money >= 3
    }

    fn read<'a>(&self, parts: impl Iterator<Item = &'a str>) -> Said {
        let mut said = Said::default();
        let mut left = READ;
        for part in parts {
            let part = first(part, left);
            left -= part.len();
            let text = lower(part);
            let mut at = 0;
            while let Some(start) = self.words.may_stand(text.as_bytes(), at) {
                let found = self.words.at(text.as_bytes(), start);
                let Some((index, word)) = found.max_by_key(|(_, word)| word.len()) else {
                    at = start + 1;
                    continue;
                };
                at = start + word.len();
                if !is_whole(&text, start, at) {
                    continue;
                }
                match self.word_signs[index].0 {
                    Sign::Banking => said.banking += 1,
                    Sign::LogIn => said.log_in += 1,
                    _ if said.money.contains(&word) => {}
                    _ => said.money.push(word),
                }
            }
        }
        said
    }

    fn of_field<'a>(&'a self, field: &Field) -> impl Iterator<Item = Sign> + use<'a> {
        let is_called = is_called(field);
        self.fields
            .iter()
            .filter(move |(_, pattern)| is_called(pattern))
            .map(|(sign, _)| *sign)
    }
}

/// Tells whether a phrase stands in what a field is called, as words of their own or run together.
pub(crate) fn is_called(field: &Field) -> impl Fn(&str) -> bool + use<> {
    let texts = [&field.name, &field.id, &field.label, &field.placeholder].map(|text| spaced(text));
    move |phrase| {
        let together: String = phrase.split(' ').collect();
        texts
            .iter()
            .any(|text| has_word(text, phrase) || has_word(text, &together))
    }
}

#[derive(Default)]
struct Said {
    banking: usize,
    log_in: usize,
    money: Vec<&'static str>,
}

impl Sign {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "account" => Self::Account,
            "customer" => Self::Customer,
            "secret" => Self::Secret,
            "payee" => Self::Payee,
            "amount" => Self::Amount,
            "banking" => Self::Banking,
            "money" => Self::Money,
            "log_in" => Self::LogIn,
            _ => return None,
        })
    }
}

/// `sortCode`, `sort_code` and `Sort code:` as ` sort code `; the first 80 characters.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    spaced.push(' ');
    let mut was_lower = false;
    for letter in text.chars().take(80) {
        if letter.is_alphanumeric() {
            let small = small(letter);
            if small != letter && was_lower {
                spaced.push(' ');
            }
            was_lower = small == letter && letter.is_alphabetic();
            spaced.push(small);
        } else {
            if !spaced.ends_with(' ') {
                spaced.push(' ');
            }
            was_lower = false;
        }
    }
    if !spaced.ends_with(' ') {
        spaced.push(' ');
    }
    spaced
}

/// Whether a letter is of the blocks of Chinese and Japanese letters and what lies behind them, most of
/// which are written without spaces; Korean, which is not, has no signs here.
fn is_unspaced(letter: char) -> bool {
    letter >= '\u{2e80}'
}

/// Whether a phrase stands in ` spaced words ` as whole words.
/// Scripts that write without spaces are searched as they are.
fn has_word(spaced: &str, phrase: &str) -> bool {
    if !phrase.is_ascii() && phrase.chars().all(is_unspaced) {
        return spaced.contains(phrase);
    }
    spaced
        .match_indices(phrase)
        .any(|(at, _)| spaced[..at].ends_with(' ') && spaced[at + phrase.len()..].starts_with(' '))
}

/// Whether what was found is no part of a longer word; scripts without spaces have none.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let part_of_word = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() && !is_unspaced(letter))
    };
    !part_of_word(text[..start].chars().next_back()) && !part_of_word(text[end..].chars().next())
        || text[start..].chars().next().is_some_and(is_unspaced)
}

/// What stands for the digits of an account that are not shown.
const MASKS: [char; 4] = ['*', '•', '●', '＊'];

/// Most characters that stand for digits, with blanks among them: an IBAN has at most 34 in groups
/// of four.
const MASKED: usize = 42;

/// Whether a text begins with a masked number, as logged-on pages show it: `**** 1234` or `••••1234`.
fn shows_last_digits(text: &str, mask: char) -> bool {
    let Some(behind) = text
        .strip_prefix(mask)
        .and_then(|text| text.strip_prefix(mask))
    else {
        return false;
    };
    let mut letters = behind.char_indices().take(MASKED);
    letters
        .find(|(_, letter)| *letter != mask && *letter != ' ')
        .is_some_and(|(at, _)| {
            let digits = behind[at..].bytes().take_while(u8::is_ascii_digit);
            digits.take(5).count() == 4
        })
}

/// A sort code or BSB with its dashes, an IBAN, or the last digits of an account.
fn has_account_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, count: usize| {
        bytes
            .get(from..from + count)
            .is_some_and(|run| run.iter().all(u8::is_ascii_digit))
    };
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|at| {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        if !begins {
            return false;
        }
        let sort_code = digits(at, 2)
            && bytes.get(at + 2) == Some(&b'-')
            && digits(at + 3, 2)
            && bytes.get(at + 5) == Some(&b'-')
            && digits(at + 6, 2)
            && !digit_at(at + 8);
        let bsb = digits(at, 3)
            && bytes.get(at + 3) == Some(&b'-')
            && digits(at + 4, 3)
            && !digit_at(at + 7);
        // ISO 13616: two letters, two check digits, then groups of four.
        let iban = bytes
            .get(at..at + 2)
            .is_some_and(|two| two.iter().all(u8::is_ascii_uppercase))
            && digits(at + 2, 2)
            && bytes.get(at + 4) == Some(&b' ')
            && bytes
                .get(at + 5..at + 9)
                .is_some_and(|four| four.iter().all(u8::is_ascii_alphanumeric))
            && bytes.get(at + 9) == Some(&b' ');
        let masked = text
            .get(at..)
            .is_some_and(|text| MASKS.iter().any(|mask| shows_last_digits(text, *mask)));
        sort_code || bsb || iban || masked
    })
}

/// A sum of money with two decimals, or in yen, which have none.
fn has_sum(text: &str) -> bool {
    let bytes = text.as_bytes();
    let decimals = bytes.windows(4).enumerate().any(|(at, window)| {
        window[0].is_ascii_digit()
            && matches!(window[1], b'.' | b',')
            && window[2].is_ascii_digit()
            && window[3].is_ascii_digit()
            && !bytes.get(at + 4).is_some_and(u8::is_ascii_digit)
    });
    let is_digit = |letter: char| letter.is_ascii_digit();
    decimals
        || text
            .match_indices('円')
            .any(|(at, _)| text[..at].ends_with(is_digit))
        || text
            .match_indices(['¥', '￥'])
            .any(|(at, yen)| text[at + yen.len()..].trim_start().starts_with(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Form;

    fn field(kind: &str, name: &str, label: &str) -> Field {
        Field {
            kind: kind.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            ..Field::default()
        }
    }

    fn page(title: &str, heading: &str, text: &str, fields: Vec<Field>) -> PageFacts {
        PageFacts {
            title: title.to_owned(),
            heading: vec![heading.to_owned()],
            text: text.to_owned(),
            forms: if fields.is_empty() {
                Vec::new()
            } else {
                vec![Form {
                    fields,
                    ..Form::default()
                }]
            },
            ..PageFacts::default()
        }
    }

    #[test]
    fn banks() {
        let signs = BankSigns::new();
        for (what, facts) in [
            (
                "log-on with a passnumber",
                page(
                    "Internet banking log on",
                    "Log on",
                    "See your balance",
                    vec![
                        field("text", "customerNumber", "Customer number"),
                        field("password", "passnumber", "Passnumber"),
                    ],
                ),
            ),
            (
                "German log-on",
                page(
                    "Online-Banking",
                    "Anmelden",
                    "Ihre Sparkasse",
                    vec![
                        field("text", "f1", "Anmeldename oder Legitimations-ID"),
                        field("password", "f2", "PIN"),
                    ],
                ),
            ),
            (
                "French log-on",
                page(
                    "Accéder à mes comptes",
                    "Connexion",
                    "Banque en ligne",
                    vec![
                        field("text", "id", "Identifiant client"),
                        field("password", "code", "Code secret"),
                    ],
                ),
            ),
            (
                "Spanish log-on",
                page(
                    "Banca online",
                    "Acceso clientes",
                    "",
                    vec![
                        field("text", "u", "Código de usuario"),
                        field("password", "p", "Clave de acceso"),
                    ],
                ),
            ),
            (
                "Italian log-on",
                page(
                    "Home banking",
                    "Accedi",
                    "",
                    vec![
                        field("text", "u", "Codice titolare"),
                        field("password", "p", "Codice PIN"),
                    ],
                ),
            ),
            (
                "Dutch log-on",
                page(
                    "Internetbankieren",
                    "Inloggen",
                    "",
                    vec![
                        field("text", "u", "Rekeningnummer"),
                        field("text", "p", "Pasnummer"),
                        field("password", "q", ""),
                    ],
                ),
            ),
            (
                "Japanese log-on",
                page(
                    "インターネットバンキング",
                    "ログイン",
                    "",
                    vec![
                        field("text", "u", "契約者番号"),
                        field("password", "p", "ログインパスワード"),
                    ],
                ),
            ),
            (
                "Hindi log-on",
                page(
                    "नेट बैंकिंग",
                    "लॉगिन",
                    "",
                    vec![
                        field("text", "u", "ग्राहक आईडी"),
                        field("password", "p", "लॉगिन पासवर्ड"),
                    ],
                ),
            ),
            (
                "plain log-on that says so",
                page(
                    "Sign in to Online Banking | Millbrook Credit Union",
                    "Sign in",
                    "",
                    vec![
                        field("text", "username", "Username"),
                        field("password", "pw", "Password"),
                    ],
                ),
            ),
            (
                "payment",
                page(
                    "Pay someone",
                    "New payee",
                    "",
                    vec![
                        field("text", "payee", "Name"),
                        field("text", "sortcode", "Sort code"),
                        field("text", "amount", "Amount"),
                    ],
                ),
            ),
            (
                "accounts",
                page(
                    "Your accounts",
                    "Your accounts",
                    "Account number 40128812, sort code 60-83-71\nAvailable balance: £12,006.11\nMake a payment or transfer",
                    vec![],
                ),
            ),
            (
                "accounts without their numbers",
                page(
                    "Your accounts",
                    "Your accounts",
                    "Current account ••••8812\nAvailable balance: £12,006.11\nMake a payment or transfer",
                    vec![],
                ),
            ),
            (
                "Japanese accounts",
                page(
                    "お取引メニュー",
                    "口座一覧",
                    "普通預金 ＊＊＊＊8812\n残高 1,206,011円\n振込 入出金明細",
                    vec![],
                ),
            ),
        ] {
            assert!(signs.are_in(&facts), "{what}");
        }
    }

    #[test]
    fn innocents() {
        let signs = BankSigns::new();
        for (what, facts) in [
            ("nothing", PageFacts::default()),
            (
                "a shop's log-in",
                page(
                    "Sign in",
                    "Sign in",
                    "Orders, returns, gift cards",
                    vec![
                        field("email", "email", "E-mail"),
                        field("password", "password", "Password"),
                    ],
                ),
            ),
            (
                "a shop's saved card",
                page(
                    "お支払い方法",
                    "お支払い方法",
                    "カード •••• 8812、合計 ¥4,980、ギフトカード残高 ￥0",
                    vec![],
                ),
            ),
            (
                "a shop's direct debit",
                page(
                    "Checkout",
                    "Payment",
                    "Pay by card or direct debit",
                    vec![
                        field("text", "iban", "IBAN"),
                        field("text", "holder", "Account holder"),
                    ],
                ),
            ),
            (
                "wages",
                page(
                    "Your details",
                    "Bank details",
                    "Where we pay your salary",
                    vec![
                        field("text", "sort_code", "Sort code"),
                        field("text", "account_number", "Account number"),
                    ],
                ),
            ),
            (
                "a newspaper about online banking, with a log-in for readers",
                page(
                    "Is online banking safe?",
                    "Is online banking safe?",
                    "Log in to comment. Internet banking fraud is on the rise.",
                    vec![],
                ),
            ),
            (
                "a helpdesk with a customer number",
                page(
                    "Support",
                    "Sign in",
                    "Your router, your contract",
                    vec![
                        field("text", "customer_number", "Customer number"),
                        field("password", "pw", "Password"),
                    ],
                ),
            ),
            (
                "a charity's gift",
                page(
                    "Donate",
                    "Donate",
                    "Every pound helps",
                    vec![
                        field("text", "amount", "Amount"),
                        field("text", "card", "Card number"),
                    ],
                ),
            ),
            (
                "an article on sort codes",
                page(
                    "What is a sort code?",
                    "What is a sort code?",
                    "A sort code such as 12-34-56 names the branch. Your statements show it.",
                    vec![],
                ),
            ),
        ] {
            assert!(!signs.are_in(&facts), "{what}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_read(title in "\\PC{0,60}", text in "(?s).{0,200}", name in "\\PC{0,90}") {
            BankSigns::new().are_in(&page(&title, &text, &text, vec![field("text", &name, &title)]));
        }
    }
}

//! Whom to call and where to report, by country: `data/advice.tsv` at run time.

use serde::{Deserialize, Serialize};

const DATA: &str = include_str!(concat!(env!("OUT_DIR"), "/advice.tsv"));

/// One fact for the reader, to be worded by `_locales` under `advice_<kind>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Advice {
    /// What sort of fact.
    pub kind: AdviceKind,
    /// Whom the reader meets there; empty where nobody needs naming.
    pub name: String,
    /// Telephone number, host with path, or mail address, as people write it.
    pub value: String,
}

/// Sorts of advice, by the names that the data uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts-rs", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum AdviceKind {
    /// `bank_phone`: one number for all banks of the country.
    BankPhone,
    /// `card_phone`: blocks cards at any hour.
    CardPhone,
    /// `police_phone`: takes reports of fraud.
    PolicePhone,
    /// `police_site`: takes reports of fraud.
    PoliceSite,
    /// `help_phone`: gives advice.
    HelpPhone,
    /// `report_site`: collects reports of scams.
    ReportSite,
    /// `report_text`: number to which suspicious texts are forwarded.
    ReportText,
    /// `report_mail`: address to which suspicious mails are forwarded.
    ReportMail,
    /// `amazon_site`: where Amazon takes reports.
    AmazonSite,
    /// `amazon_mail`: where Amazon takes reports.
    AmazonMail,
}

impl AdviceKind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bank_phone" => Self::BankPhone,
            "card_phone" => Self::CardPhone,
            "police_phone" => Self::PolicePhone,
            "police_site" => Self::PoliceSite,
            "help_phone" => Self::HelpPhone,
            "report_site" => Self::ReportSite,
            "report_text" => Self::ReportText,
            "report_mail" => Self::ReportMail,
            "amazon_site" => Self::AmazonSite,
            "amazon_mail" => Self::AmazonMail,
            _ => return None,
        })
    }
}

/// Country, kind, name and value of every line of the data.
fn lines() -> impl Iterator<Item = [&'static str; 4]> {
    DATA.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some([cells.next()?, cells.next()?, cells.next()?, cells.next()?])
    })
}

/// The advice for a country (ISO 3166-1 alpha-2, capitals); empty where there is none.
pub fn advice(country: &str) -> Vec<Advice> {
    lines()
        .filter(|[of, ..]| *of == country)
        .filter_map(|[_, kind, name, value]| {
            Some(Advice {
                kind: AdviceKind::named(kind)?,
                name: name.trim_start_matches('-').to_owned(),
                value: value.to_owned(),
            })
        })
        .collect()
}

/// The countries that have advice, in alphabetical order of their codes.
pub fn advice_countries() -> Vec<String> {
    let mut countries: Vec<String> = lines().map(|[country, ..]| country.to_owned()).collect();
    countries.dedup();
    countries
}

/// The country that a language tag (BCP 47, `-` or `_`) names or, without a region,
/// makes likely; none where no advice is known for it. What stands behind a letter of its own
/// (`u-ca-buddhist`) is an extension and no region.
pub fn country_of(language: &str) -> Option<String> {
    let mut parts = language.split(['-', '_']);
    let spoken = parts.next().unwrap_or_default().to_ascii_lowercase();
    let region = parts
        .take_while(|part| part.len() != 1)
        .find(|part| part.len() == 2)
        .map(str::to_ascii_uppercase);
    lines()
        .find(|[country, kind, _, value]| match &region {
            Some(region) => country == region,
            None => *kind == "language" && *value == spoken,
        })
        .map(|[country, ..]| country.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let read: usize = advice_countries()
            .iter()
            .map(|country| advice(country).len())
            .sum();
        let languages = lines().filter(|[_, kind, ..]| *kind == "language").count();
        assert_eq!(read + languages, DATA.lines().count());
        assert!(read > 30, "{read}");
    }

    #[test]
    fn countries_stand_together_and_in_order() {
        let countries = advice_countries();
        let mut sorted = countries.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(countries, sorted);
    }

    #[test]
    fn a_language_tag_names_its_country() {
        for (tag, country) in [
            ("en-GB", Some("GB")),
            ("en_US", Some("US")),
            ("en", Some("GB")),
            ("de", Some("DE")),
            ("pt-PT", Some("PT")),
            ("hi-Deva-IN", Some("IN")),
            ("hi", Some("IN")),
            ("fr-CA", Some("CA")),
            ("ja-JP", Some("JP")),
            ("ja", Some("JP")),
            ("de-AT", Some("AT")),
            ("ko-KR", None),
            ("en-u-ca-buddhist", Some("GB")),
            ("de-u-co-phonebk", Some("DE")),
            ("fr-CA-u-hc-h12", Some("CA")),
            ("", None),
            ("\u{d7ff}-\t", None),
        ] {
            assert_eq!(country_of(tag).as_deref(), country, "{tag}");
        }
    }

    #[test]
    fn a_briton_is_told_159() {
        let bank = advice("GB")
            .into_iter()
            .find(|fact| fact.kind == AdviceKind::BankPhone);
        assert_eq!(bank.map(|fact| fact.value).as_deref(), Some("159"));
        assert_eq!(advice("XX"), []);
    }
}

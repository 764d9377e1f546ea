//! For programs without a browser.

use crate::Address;

/// Takes an address apart, by the `url` crate: it follows the [URL Standard] as the browser does.
///
/// [URL Standard]: https://url.spec.whatwg.org/
pub fn parse_address(url: &str) -> Option<Address> {
    let url = url::Url::parse(url).ok()?;
    let host = url.host_str().unwrap_or_default();
    Some(Address {
        scheme: url.scheme().to_owned(),
        host: host
            .trim_matches(['[', ']'])
            .trim_end_matches('.')
            .to_owned(),
        port: url.port(),
        path: url.path().to_owned(),
        query: url.query().unwrap_or_default().to_owned(),
        user_info: url.username().to_owned(),
    })
}

//! For programs without a browser.

use crate::Address;

/// Takes an address apart, by the `url` crate: it follows the [URL Standard] as the browser does.
///
/// [URL Standard]: https://url.spec.whatwg.org/
pub fn parse_address(url: &str) -> Option<Address> {
    Address::of_href(url::Url::parse(url).ok()?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by the crate's own parts.
    fn by_parts(url: &str) -> Option<Address> {
        let url = url::Url::parse(url).ok()?;
        let host = url.host_str().unwrap_or_default();
        Some(Address {
            scheme: url.scheme().to_owned(),
            host: host
                .trim_matches(['[', ']'])
                .trim_end_matches('.')
                .to_owned(),
            path: url.path().to_owned(),
            query: url.query().unwrap_or_default().to_owned(),
            user_info: url.username().to_owned(),
        })
    }

    #[test]
    fn every_sort_of_address_has_its_parts() {
        for url in [
            "https://amazon.com@evil.example:8443/a/b?c=d?e#f?g",
            "https://a:b@c@evil.example",
            "http://[2001:db8::1]:8080/",
            "http://[2001:db8::1]",
            "http://192.0.2.7.:80/?",
            "HTTPS://B\u{fc}cher.example/\u{fc}?\u{fc}#\u{fc}",
            "file:///C:/a?b",
            "data:text/html,<p>//a/b?c#d",
            "about:blank",
            "blob:https://example.org/1",
            "foo://bar?baz",
            "mailto:a@b.example",
            "no address",
        ] {
            assert_eq!(parse_address(url), by_parts(url), "{url}");
        }
    }

    proptest! {
        #[test]
        fn any_address_has_its_parts(url in "(https?|ftp|foo|data):/{0,3}([a-z.@:/?#\\[\\]%0-9 ]|\u{fc}){0,30}") {
            prop_assert_eq!(parse_address(&url), by_parts(&url));
        }
    }
}

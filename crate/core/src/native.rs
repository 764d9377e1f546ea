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
            scheme: url.scheme().to_owned().into(),
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

    #[test]
    fn what_a_browser_is_not_asked_is_plain() {
        for url in [
            "https://amazon-refund-desk.example.com/a",
            "http://a/",
            "https://1.2.com/~a//b/c.d/;e=f,g:h@i!(j)*?k=l&m?n+o#p#q",
            "https://-a-.b--c.x1/?",
        ] {
            assert_eq!(Address::of_plain(url), by_parts(url), "{url}");
            assert!(by_parts(url).is_some(), "{url}");
        }
        let label = "a".repeat(63);
        let host = [label.as_str(); 4].join(".");
        for url in [
            "",
            "https:",
            "https://",
            "https:///a.example/",
            "https://a.example",
            "https://a.example?b/",
            "https://a.example#b/",
            "https:a.example/",
            "https:/a.example/",
            "httpss://a.example/",
            "HTTPS://a.example/",
            "ftp://a.example/",
            "file:///a.example/",
            " https://a.example/",
            "https://a.example/ ",
            "https://a.example/\n",
            "https://a.exa\tmple/",
            "https://a.example/b c",
            "https://A.example/",
            "https://a_b.example/",
            "https://a.example./",
            "https://.a.example/",
            "https://a..example/",
            "https://a.example:443/",
            "https://a.example:/",
            "https://a@b.example/",
            "https://@b.example/",
            "https://a.example\\b/",
            "https://a.example/b\\c",
            "https://a.ex%61mple/",
            "https://a.\u{ff0e}example/",
            "https://b\u{fc}cher.example/",
            "https://xn--bcher-kva.example/",
            "https://xn--/",
            "https://ab--c.example/",
            "https://[2001:db8::1]/",
            "https://127.0.0.1/",
            "https://1.2/",
            "https://127.1/",
            "https://a.0x7f/",
            "https://0x7f/",
            "https://a.1/",
            "https://a.-1/",
            "https://a.example/.",
            "https://a.example/..",
            "https://a.example/b/../c",
            "https://a.example/b/./c",
            "https://a.example/%2e/b",
            "https://a.example/b/%2E%2e/c",
            "https://a.example/%41",
            "https://a.example/\u{fc}",
            "https://a.example/'",
            "https://a.example/?'",
            "https://a.example/\"<>`{}|^[]",
            &format!("https://{host}/"),
            &format!("https://a{label}.example/"),
            &format!("https://a.example/{}", "a".repeat(2048)),
        ] {
            assert_eq!(Address::of_plain(url), None, "{url}");
        }
    }

    proptest! {
        #[test]
        fn plain_addresses_are_left_as_they_are(
            url in "https?:/{2}([a-z0-9-]{1,4}\\.){0,3}(xn--|0x)?[a-z0-9.-]{1,6}[/?#:]{1,2}\\PC{0,3}[a-z0-9/.?#@:;=&%$'!,~*()+\\-]{0,20}",
        ) {
            if let Some(address) = Address::of_plain(&url) {
                let parsed = url::Url::parse(&url);
                prop_assert_eq!(parsed.as_ref().map(url::Url::as_str), Ok(&*url));
                prop_assert_eq!(Some(address), by_parts(&url));
            }
        }

        #[test]
        fn any_address_has_its_parts(url in "(https?|ftp|foo|data):/{0,3}([a-z.@:/?#\\[\\]%0-9 ]|\u{fc}){0,30}") {
            prop_assert_eq!(parse_address(&url), by_parts(&url));
        }
    }
}

//! Addresses as text: what is fetched at all, and when two are the same page.

use url::Url;

use crate::failure::{Failure, Why};

/// Longest address that is fetched. Browsers take more; no outlet's are longer.
const LONGEST: usize = 2048;

/// Parameters that say how a reader came to a page and not which page it is: those of Google's and Matomo's campaigns, of Facebook,
/// Google's and Microsoft's advertisements, Mailchimp, the BBC and AT Internet.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "msclkid",
    "yclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "cmpid",
    "ns_mchannel",
    "ns_source",
    "ns_campaign",
    "ns_linkname",
    "ns_fee",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "at_custom2",
    "at_custom3",
    "at_custom4",
    "at_format",
    "at_link_id",
    "at_link_type",
    "at_link_origin",
    "at_ptr_name",
    "at_bbc_team",
    "ocid",
    "ref_src",
    "smid",
    "xtor",
];

/// Reads the address of something to fetch.
///
/// # Errors
/// Where it is no address, or none that is fetched.
pub fn parse(text: &str) -> Result<Url, Failure> {
    let wrong = |error: &str, hint: &str| Err(Failure::new(Why::Address, error, hint));
    let too_long = ("the address is longer than 2048 characters", "check the address");
    if text.len() > LONGEST {
        return wrong(too_long.0, too_long.1);
    }
    let Ok(url) = Url::parse(text.trim()) else {
        return wrong("the address cannot be read", "give it whole, as https://example.org/feed.xml");
    };
    check(&url)?;
    // Written out, with every strange character as three, it is what is kept and read again.
    if url.as_str().len() > LONGEST {
        return wrong(too_long.0, too_long.1);
    }
    Ok(url)
}

/// Whether an address is one that is fetched.
///
/// # Errors
/// Where it is not, and why.
pub fn check(url: &Url) -> Result<(), Failure> {
    let wrong = |error: &str, hint: &str| Err(Failure::new(Why::Address, error, hint));
    if !matches!(url.scheme(), "http" | "https") {
        return wrong("the address is neither http nor https", "only pages of the web are fetched");
    }
    if url.host_str().is_none_or(str::is_empty) {
        return wrong("the address names no server", "give it whole, as https://example.org/feed.xml");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong(
            "the address holds a name or a password before the host",
            "take them out: only what anybody may read is fetched",
        );
    }
    Ok(())
}

/// An address that is found on a page or in a feed, where it is one that is fetched.
#[must_use]
pub fn join(base: &Url, href: &str) -> Option<Url> {
    let href = href.trim();
    if href.is_empty() || href.len() > LONGEST {
        return None;
    }
    let mut url = base.join(href).ok()?;
    check(&url).ok()?;
    url.set_fragment(None);
    (url.as_str().len() <= LONGEST).then_some(url)
}

/// An address without what says nothing about the page: fragment and parameters of campaigns.
#[must_use]
pub fn canonical(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    let Some(query) = url.query() else { return url };
    let is_tracking = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        name.starts_with("utm_")
            || name.starts_with("mtm_")
            || name.starts_with("pk_")
            || TRACKING.contains(&name.as_str())
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    // Put back letter by letter: a parameter that is written anew may be another to its server.
    let kept = kept.join("&");
    url.set_query(if kept.is_empty() { None } else { Some(&kept) });
    url
}

/// An address as it may stand in a message: what stands after a question mark is often a key.
#[must_use]
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let had = url.query().is_some();
    url.set_query(None);
    url.set_fragment(None);
    // Both fail only where there is no host, and then there is nothing to hide.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if had { format!("{url}?…") } else { url.to_string() }
}

/// An address as a name of its own: what stands after a question mark is not shown, and two that differ only there have two names.
#[must_use]
pub fn named(url: &Url) -> String {
    let shown = shown(url);
    if url.query().is_none() { shown } else { format!("{shown} ({})", crate::source_id(url.as_str())) }
}

/// What a server is known by: two addresses with the same are one server.
#[must_use]
pub fn server(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or(0);
    format!("{}://{}:{port}", url.scheme(), url.host_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_fetched() {
        for (address, says) in [
            ("file:///etc/passwd", "neither http"),
            ("ftp://example.org/a", "neither http"),
            ("javascript:alert(1)", "neither http"),
            ("example.org/feed", "cannot be read"),
            ("https://me:secret@example.org/feed", "before the host"),
            ("https://me@example.org/feed", "before the host"),
            ("http://", "cannot be read"),
        ] {
            let failure = parse(address).expect_err(address);
            assert!(
                failure.error.contains(says) && !failure.to_string().contains("secret"),
                "{address}: {failure}"
            );
        }
        assert!(parse(" https://example.org/feed.xml ").is_ok());
        assert!(parse(&format!("https://example.org/{}", "a".repeat(3000))).is_err());
    }

    #[test]
    fn the_same_page_has_one_address() {
        for (address, is) in [
            ("https://Example.org:443/a?utm_source=rss&id=7&fbclid=x#top", "https://example.org/a?id=7"),
            ("https://example.org/a?utm_source=rss", "https://example.org/a"),
            ("https://example.org/a?q=b%20c&d", "https://example.org/a?q=b%20c&d"),
            ("https://example.org/a?id=1&id=2", "https://example.org/a?id=1&id=2"),
        ] {
            assert_eq!(canonical(&parse(address).expect(address)).as_str(), is);
        }
    }

    #[test]
    fn links_that_are_none_are_left() {
        let base = parse("https://example.org/news/").expect("an address");
        assert_eq!(join(&base, "../a b").map(String::from).as_deref(), Some("https://example.org/a%20b"));
        for href in
            ["", "mailto:a@example.org", "javascript:void(0)", "//me:x@example.org/", "data:text/html,x"]
        {
            assert_eq!(join(&base, href), None, "{href}");
        }
    }

    #[test]
    fn no_key_is_shown() {
        let url = parse("https://example.org/feed?key=secret").expect("an address");
        assert_eq!(shown(&url), "https://example.org/feed?…");
        let other = parse("https://example.org/feed?key=other").expect("an address");
        assert!(named(&url) != named(&other) && !named(&url).contains("secret"), "{}", named(&url));
        assert_eq!(
            named(&parse("https://example.org/feed").expect("an address")),
            "https://example.org/feed"
        );
        assert_eq!(server(&url), "https://example.org:443");
    }
}

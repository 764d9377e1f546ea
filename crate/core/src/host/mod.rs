//! What an address alone tells: whose it is, and whom it plays.

mod edit;
mod hash;
mod letters;
mod likeness;
mod lists;
mod lookalike;
mod owner;
mod short;
mod suffix;
mod word;

use crate::{
    Address, CueKind, Owner,
    tool::{self, Tool},
};

pub(crate) use short::{holds, labels, split_before, top};

/// The name that addresses play.
const BRAND: &str = "amazon";

/// Everything that is known of hosts. Built once, immutable.
pub(crate) struct Hosts {
    owners: owner::Owners,
    lookalikes: lookalike::Lookalikes,
    tools: Vec<Tool>,
}

/// What an address tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HostFacts {
    /// Who owns the host.
    pub(crate) owner: Owner,
    /// Others write there, though the host is Amazon's or a bank's: its text is read.
    pub(crate) is_community: bool,
    /// A customer of Amazon's cloud has it: the name in it is no claim.
    pub(crate) is_customers: bool,
    /// What makes the address suspect, most telling first. None where an owner is known.
    pub(crate) cues: Vec<HostCue>,
}

/// One suspect thing in an address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct HostCue {
    /// Code in `data/reasons.tsv`.
    pub(crate) code: &'static str,
    /// The family of evidence it belongs to.
    pub(crate) kind: CueKind,
    /// Log-odds (natural logarithm) that it adds.
    pub(crate) weight: f64,
}

impl Hosts {
    /// Reads the shipped data.
    pub(crate) fn new() -> Self {
        Self {
            owners: owner::Owners::new(),
            lookalikes: lookalike::Lookalikes::new(),
            tools: tool::web_tools(),
        }
    }

    /// Everything at once.
    pub(crate) fn look(&self, address: &Address) -> HostFacts {
        let host = clean(&address.host);
        let split = suffix::split(&host);
        let entry = self.owners.of(&host, split);
        let is_community = match entry {
            Some(owner::Entry::Community) => true,
            Some(owner::Entry::Bank(_)) => {
                self.lookalikes.lists.has_invoices(site_of(&host, split))
            }
            _ => false,
        };
        let is_customers = entry == Some(owner::Entry::Customer);
        // Who hosts is listed.
        let is_listed = entry.is_some();
        let owner = self.named(entry);
        let cues = match owner {
            Owner::Unknown => {
                let split = if is_listed {
                    self.apart(&host, split)
                } else {
                    split
                };
                self.lookalikes.cues(&self.owners, address, &host, split)
            }
            _ => Vec::new(),
        };
        HostFacts {
            owner,
            is_community,
            is_customers,
            cues,
        }
    }

    /// How a host falls apart, by the suffixes and by whose it is.
    #[inline(never)]
    fn apart(&self, host: &str, split: suffix::Split) -> suffix::Split {
        self.owners.hosting(host, split).unwrap_or(split)
    }

    /// Who owns a host.
    pub(crate) fn owner(&self, host: &str) -> Owner {
        let host = clean(host);
        self.owner_of(&host, suffix::split(&host))
    }

    /// A host under a known suffix that nobody in the lists owns.
    pub(crate) fn is_stranger(&self, host: &str) -> bool {
        let host = clean(host);
        let split = suffix::split(&host);
        // `.example` stands for a real suffix wherever a text is written: RFC 2606, section 2.
        let is_real = suffix::is_listed(&host) || host.ends_with(".example");
        is_real
            && self.owner_of(&host, split) == Owner::Unknown
            && !self.lookalikes.lists.is_carrier(&host, split)
    }

    /// A host where people read their mail: the sender shown there is the one that the mail has.
    pub(crate) fn is_mail(&self, host: &str) -> bool {
        self.lookalikes.lists.is_mail(&clean(host))
    }

    /// A word of the services that addresses play, such as `membership`.
    pub(crate) fn is_service(&self, word: &str) -> bool {
        self.lookalikes.words.is_service(word)
    }

    /// A word of the river, its people and beasts, such as `conservation`.
    pub(crate) fn is_nature(&self, word: &str) -> bool {
        self.lookalikes.words.is_nature(word)
    }

    /// Registrable domain of a host, or the host where it has none.
    pub(crate) fn site(&self, host: &str) -> String {
        let host = clean(host);
        let split = suffix::split(&host);
        site_of(&host, self.apart(&host, split)).to_owned()
    }

    /// Extension match patterns for every bank of the list.
    pub(crate) fn bank_patterns(&self) -> Vec<String> {
        self.owners
            .banks()
            .map(|domain| format!("*://*.{domain}/*"))
            .collect()
    }

    /// The tool whose installer this download is, by its name or by the host it comes from.
    pub(crate) fn download(&self, host: &str, file_name: &str) -> Option<&Tool> {
        let by_name = self.tools.iter().find(|tool| {
            tool.values(tool::ToolFactKind::Installer, tool::System::Any)
                .any(|pattern| tool::is_installer(pattern, file_name))
        });
        if by_name.is_some() {
            return by_name;
        }
        // A tool's own site hands out papers too; only what can be run counts.
        if !tool::is_installer("*", file_name) {
            return None;
        }
        match self.owner(host) {
            Owner::RemoteTool { tool, .. } => self.tool(&tool),
            _ => None,
        }
    }

    /// A tool by its id.
    fn tool(&self, id: &str) -> Option<&Tool> {
        self.tools.iter().find(|tool| tool.id == id)
    }

    /// The tool on whose page at this address the screen is handed over.
    pub(crate) fn support_page(&self, address: &Address) -> Option<&Tool> {
        let host = clean(&address.host);
        self.tools.iter().find(|tool| {
            tool.values(tool::ToolFactKind::SupportPage, tool::System::Any)
                .filter_map(|page| page.split_once('/'))
                .any(|(page_host, path)| {
                    host == page_host
                        && address
                            .path
                            .strip_prefix('/')
                            .and_then(|rest| rest.strip_prefix(path))
                            .is_some_and(|rest| {
                                path.is_empty() || rest.is_empty() || rest.starts_with('/')
                            })
                })
        })
    }

    /// The TCP ports on which tools listen while they run, with the tools.
    pub(crate) fn ports(&self) -> impl Iterator<Item = (u16, &Tool)> {
        self.tools.iter().flat_map(|tool| {
            use tool::{
                System::Any,
                ToolFactKind::{Port, ServerPort},
            };
            tool.values(Port, Any)
                .chain(tool.values(ServerPort, Any))
                .filter_map(move |port| Some((port.parse().ok()?, tool)))
        })
    }

    fn owner_of(&self, host: &str, split: suffix::Split) -> Owner {
        self.named(self.owners.of(host, split))
    }

    fn named(&self, entry: Option<owner::Entry>) -> Owner {
        match entry {
            None | Some(owner::Entry::Customer) => Owner::Unknown,
            Some(owner::Entry::Amazon | owner::Entry::Community) => Owner::Amazon,
            Some(owner::Entry::Bank(name)) => Owner::Bank { name },
            Some(owner::Entry::Tool(id)) => match self.tool(id) {
                Some(tool) => Owner::RemoteTool {
                    tool: tool.id.to_owned(),
                    name: tool.name.to_owned(),
                },
                None => Owner::Unknown,
            },
        }
    }
}

/// A host as the tables have it. Parsers give it so already; facts by hand may not.
fn clean(host: &str) -> std::borrow::Cow<'_, str> {
    let host = host.trim_end_matches('.');
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        host.to_ascii_lowercase().into()
    } else {
        host.into()
    }
}

fn site_of(host: &str, split: suffix::Split) -> &str {
    split.site.map_or(host, |at| &host[at..])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(super) fn address(url: &str) -> Address {
        crate::parse_address(url).expect("an address")
    }

    fn bank(name: &str) -> Owner {
        Owner::Bank {
            name: name.to_owned(),
        }
    }

    fn remote(tool: &str, name: &str) -> Owner {
        Owner::RemoteTool {
            tool: tool.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn owners() {
        let hosts = Hosts::new();
        for (host, wanted) in [
            ("www.amazon.co.uk", Owner::Amazon),
            ("smile.amazon.de.", Owner::Amazon),
            ("link.amazon", Owner::Amazon),
            ("WWW.AUDIBLE.DE", Owner::Amazon),
            ("s3.console.aws.amazon.com", Owner::Amazon),
            ("bucket.s3.amazonaws.com", Owner::Unknown),
            ("bucket.s3.mx-north-7.amazonaws.com", Owner::Unknown),
            ("www.amazonaws.com", Owner::Amazon),
            ("amazonaws.com.cn", Owner::Amazon),
            ("x1y2.lambda-url.us-east-1.on.aws", Owner::Unknown),
            ("docs.aws", Owner::Amazon),
            ("shop.auth.us-east-1.amazoncognito.com", Owner::Unknown),
            ("amazon.co.uk.evil.example", Owner::Unknown),
            ("notamazon.com", Owner::Unknown),
            ("www.barclays.co.uk", bank("barclays.co.uk")),
            ("personal.nationwide.co.uk", bank("nationwide.co.uk")),
            ("barclays.co.uk.evil.example", Owner::Unknown),
            ("www.teamviewer.com", remote("teamviewer", "TeamViewer")),
            ("assist.zoho.com", remote("zoho-assist", "Zoho Assist")),
            ("mail.zoho.com", Owner::Unknown),
            (
                "remotedesktop.google.com",
                remote("chrome-remote-desktop", "Chrome Remote Desktop"),
            ),
            ("www.google.com", Owner::Unknown),
            ("localhost", Owner::Unknown),
            ("", Owner::Unknown),
        ] {
            assert_eq!(hosts.owner(host), wanted, "{host}");
        }
    }

    #[test]
    fn sites() {
        let hosts = Hosts::new();
        for (host, wanted) in [
            ("www.amazon.co.uk", "amazon.co.uk"),
            ("a.b.example.com.", "example.com"),
            ("localhost", "localhost"),
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
        ] {
            assert_eq!(hosts.site(host), wanted);
        }
    }

    #[test]
    fn downloads() {
        let hosts = Hosts::new();
        let id = |host, name| hosts.download(host, name).map(|tool| tool.id);
        assert_eq!(id("download.anydesk.com", "AnyDesk.exe"), Some("anydesk"));
        assert_eq!(id("cdn.example", "anydesk (1).exe"), Some("anydesk"));
        assert_eq!(id("dl.teamviewer.com", "support.exe"), Some("teamviewer"));
        assert_eq!(id("dl.teamviewer.com", "manual.pdf"), None);
        assert_eq!(id("cdn.example", "holiday.jpg"), None);
        assert_eq!(id("cdn.example", "firefox.exe"), None);
    }

    #[test]
    fn support_pages() {
        let hosts = Hosts::new();
        for (url, wanted) in [
            ("https://remotedesktop.google.com/support", true),
            ("https://remotedesktop.google.com/support/session/1", true),
            ("https://remotedesktop.google.com/supporters", false),
            ("https://remotedesktop.google.com/access", false),
            ("https://example.com/support", false),
        ] {
            assert_eq!(hosts.support_page(&address(url)).is_some(), wanted, "{url}");
        }
    }
}

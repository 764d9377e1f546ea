//! What the guard asks of the lists of banks and tools.

use crate::{Engine, Owner, Tool, ToolName};

/// Where an address leads.
#[derive(Default)]
pub(crate) struct Place {
    /// Registrable domain by the public suffix list; the host where it has none.
    /// Empty for what is no page of the web, such as the pages of the browser itself.
    pub(crate) site: String,
    /// The host; empty where the site is.
    pub(crate) host: String,
    /// Who owns the host.
    pub(crate) owner: Owner,
    /// The tool on whose page there the screen is handed over.
    pub(crate) support_page: Option<ToolName>,
}

impl Engine {
    /// Match patterns of the extension API for every bank and payment site.
    pub fn bank_patterns(&self) -> Vec<String> {
        self.hosts.bank_patterns()
    }

    /// The tool whose installer this download is, by file name or by address.
    ///
    /// Papers and pictures from a tool's site are no installers.
    pub fn download(&self, url: &str, file_name: &str) -> Option<&Tool> {
        let host = (self.parse)(url)
            .map(|address| address.host)
            .unwrap_or_default();
        self.hosts.download(&host, file_name)
    }

    /// Where an address leads; nowhere where it is none.
    pub(crate) fn place(&self, url: &str) -> Place {
        let Some(address) = (self.parse)(url) else {
            return Place::default();
        };
        let mut place = Place {
            owner: self.hosts.owner(&address.host),
            support_page: self.hosts.support_page(&address).map(ToolName::from),
            ..Place::default()
        };
        if matches!(&*address.scheme, "http" | "https") {
            place.site = self.hosts.site(&address.host);
            place.host = address.host;
        }
        place
    }

    /// The ports on which remote-access tools listen, for this machine or for others, with the
    /// tools.
    pub(crate) fn listeners(&self) -> Vec<(u16, &Tool)> {
        self.hosts.ports().collect()
    }
}

impl From<&Tool> for ToolName {
    fn from(tool: &Tool) -> Self {
        Self {
            id: tool.id.to_owned(),
            name: tool.name.to_owned(),
        }
    }
}

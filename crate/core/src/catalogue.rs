//! What the guard asks of the lists of banks and tools.

use crate::Engine;
use crate::order::sort_dedup;

impl Engine {
    /// Match patterns of the extension API for every bank and payment site.
    pub fn bank_patterns(&self) -> Vec<String> {
        self.hosts.bank_patterns()
    }

    /// The tool (id and name) whose installer this download is, by file name or by address.
    ///
    /// Papers and pictures from a tool's site are no installers.
    pub fn download(&self, url: &str, file_name: &str) -> Option<(String, String)> {
        let host = (self.parse)(url)
            .map(|address| address.host)
            .unwrap_or_default();
        let (id, name) = self.hosts.download(&host, file_name)?;
        Some((id.to_owned(), name.to_owned()))
    }

    /// The tool (id and name) on whose page at this address the screen is handed over.
    pub fn support_page(&self, url: &str) -> Option<(String, String)> {
        let address = (self.parse)(url)?;
        let (id, name) = self.hosts.support_page(&address)?;
        Some((id.to_owned(), name.to_owned()))
    }

    /// Ports on which remote-access tools listen, for this machine or for others, each once.
    pub fn listener_ports(&self) -> Vec<u16> {
        let mut ports: Vec<_> = self.hosts.ports().map(|(port, _)| port).collect();
        sort_dedup(&mut ports);
        ports
    }

    /// The tools (id and name) that listen on a port.
    pub fn tools_on_port(&self, port: u16) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.hosts
            .ports()
            .filter_map(move |(other, tool)| (other == port).then_some(tool))
    }
}

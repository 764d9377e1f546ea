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

    /// Name of the tool on whose page at this address the screen is handed over.
    pub fn support_page(&self, url: &str) -> Option<String> {
        let address = (self.parse)(url)?;
        self.hosts.support_page(&address).map(str::to_owned)
    }

    /// Ports on which remote-access tools listen for this machine alone, each once.
    pub fn listener_ports(&self) -> Vec<u16> {
        let mut ports: Vec<_> = self.hosts.ports().map(|(port, _)| port).collect();
        sort_dedup(&mut ports);
        ports
    }

    /// Names of the tools that listen on these ports, each once.
    pub fn tools_on_ports(&self, ports: &[u16]) -> Vec<String> {
        let mut names: Vec<_> = self
            .hosts
            .ports()
            .filter(|(port, _)| ports.contains(port))
            .map(|(_, name)| name.to_owned())
            .collect();
        sort_dedup(&mut names);
        names
    }
}

//! What the guard asks of the lists of banks and tools.

use crate::order::sort_dedup;
use crate::{Engine, Tool, ToolName};

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

    /// The tool on whose page at this address the screen is handed over.
    pub fn support_page(&self, url: &str) -> Option<&Tool> {
        self.hosts.support_page(&(self.parse)(url)?)
    }

    /// Ports on which remote-access tools listen for this machine alone, each once.
    pub fn listener_ports(&self) -> Vec<u16> {
        let mut ports: Vec<_> = self.hosts.ports().map(|(port, _)| port).collect();
        sort_dedup(&mut ports);
        ports
    }

    /// Names of the tools that listen on these ports, each once. A port tells of nobody else
    /// where a tool with an id that is `allowed` listens on it.
    #[expect(
        clippy::manual_contains,
        reason = "`contains` is half a kilobyte of the module for numbers of 16 bits"
    )]
    pub fn tools_on_ports(
        &self,
        ports: &[u16],
        allowed: impl Fn(&str) -> bool,
    ) -> Vec<&'static str> {
        let mut explained = Vec::new();
        let mut tools = Vec::new();
        for (port, tool) in self.hosts.ports() {
            if allowed(tool.id) {
                explained.push(port);
            } else if ports.iter().any(|open| *open == port) {
                tools.push((port, tool.name));
            }
        }
        tools.retain(|(port, _)| explained.iter().all(|other| other != port));
        // The ports of one tool come in a row.
        tools.dedup_by_key(|(_, name)| *name);
        tools.into_iter().map(|(_, name)| name).collect()
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

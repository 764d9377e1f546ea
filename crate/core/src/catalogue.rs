//! What the guard asks of the lists of banks and tools.

use crate::Engine;

impl Engine {
    /// Match patterns of the extension API for every bank and payment site.
    pub fn bank_patterns(&self) -> Vec<String> {
        Vec::new()
    }

    /// The tool (id and name) whose installer this download is, by address or by file name.
    pub fn download(&self, url: &str, file_name: &str) -> Option<(String, String)> {
        let _ = file_name;
        match self.owner(url) {
            crate::Owner::RemoteTool { tool, name } => Some((tool, name)),
            _ => None,
        }
    }

    /// Name of the tool on whose page at this address the screen is handed over.
    pub fn support_page(&self, url: &str) -> Option<String> {
        let _ = url;
        None
    }

    /// Ports on which remote-access tools listen for this machine alone.
    pub fn listener_ports(&self) -> Vec<u16> {
        Vec::new()
    }

    /// Names of the tools that listen on these ports.
    pub fn tools_on_ports(&self, ports: &[u16]) -> Vec<String> {
        let _ = ports;
        Vec::new()
    }
}

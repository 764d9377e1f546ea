//! The markers of `data/markers.tsv`.

use crate::snapshot::{Process, System};
use doorchain_core::Confidence;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// How a marker shows a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A process that exists only while a session does.
    Process,
    /// An established connection on a port that the server itself listens on.
    Inbound,
}

/// One line of `data/markers.tsv`.
#[derive(Clone, Debug)]
pub struct Marker {
    /// The tool's id in the catalogue.
    pub tool: &'static str,
    /// The tool's name as people know it.
    pub name: &'static str,
    /// Systems on which it holds.
    pub systems: Vec<&'static str>,
    /// How it shows a session.
    pub kind: Kind,
    /// Names of the process, any of them.
    pub process: Vec<&'static str>,
    /// Words one of which the command line must have; empty for any command line.
    pub argument: Vec<&'static str>,
    /// Names one of which the parent process must have; empty for any parent.
    pub parent: Vec<&'static str>,
    /// Where the server listens unless told otherwise.
    pub ports: Vec<RangeInclusive<u16>>,
    /// Ports of the same process that carry something else.
    pub not: Vec<RangeInclusive<u16>>,
    /// How well it holds.
    pub confidence: Confidence,
    /// Where the fact comes from.
    pub source: &'static str,
    /// Day on which the source was read, `YYYY-MM-DD`.
    pub checked: &'static str,
}

const DATA: &str = include_str!("../data/markers.tsv");

/// Every marker, in the order of the file.
///
/// # Panics
///
/// When the file that was compiled in is malformed, which the tests rule out.
pub fn markers() -> &'static [Marker] {
    static MARKERS: LazyLock<Vec<Marker>> = LazyLock::new(|| {
        DATA.lines()
            .filter(|line| !line.starts_with('#'))
            .skip(1)
            .map(|line| parse(line).unwrap_or_else(|why| panic!("markers.tsv: {why}: {line}")))
            .collect()
    });
    &MARKERS
}

/// The markers that hold on one system.
pub fn markers_of(system: System) -> impl Iterator<Item = &'static Marker> {
    markers()
        .iter()
        .filter(move |marker| marker.systems.contains(&system.name()))
}

fn parse(line: &'static str) -> Result<Marker, String> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [
        tool,
        name,
        systems,
        kind,
        process,
        argument,
        parent,
        ports,
        not,
        confidence,
        source,
        checked,
    ] = cells[..]
    else {
        return Err(format!("{} cells instead of 12", cells.len()));
    };
    Ok(Marker {
        tool,
        name,
        systems: list(systems),
        kind: match kind {
            "process" => Kind::Process,
            "inbound" => Kind::Inbound,
            _ => return Err(format!("kind {kind}")),
        },
        process: list(process),
        argument: list(argument),
        parent: list(parent),
        ports: ranges(ports)?,
        not: ranges(not)?,
        confidence: match confidence {
            "weak" => Confidence::Weak,
            "good" => Confidence::Good,
            "proof" => Confidence::Proof,
            _ => return Err(format!("confidence {confidence}")),
        },
        source,
        checked,
    })
}

fn list(cell: &'static str) -> Vec<&'static str> {
    cell.split(',').filter(|item| *item != "-").collect()
}

fn ranges(cell: &'static str) -> Result<Vec<RangeInclusive<u16>>, String> {
    list(cell)
        .into_iter()
        .map(|item| {
            let (first, last) = item.split_once('-').unwrap_or((item, item));
            match (first.parse(), last.parse()) {
                (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
                _ => Err(format!("ports {item}")),
            }
        })
        .collect()
}

impl Marker {
    /// Whether this process is the one that the marker speaks of.
    pub fn is(&self, process: &Process, parent: Option<&Process>, system: System) -> bool {
        let any = |names: &[&str], name: &str| names.iter().any(|n| same(n, name, system));
        any(&self.process, &process.name)
            && (self.argument.is_empty()
                || (process.args.iter()).any(|arg| self.argument.contains(&arg.as_str())))
            && (self.parent.is_empty() || parent.is_some_and(|p| any(&self.parent, &p.name)))
    }

    /// Whether the server listens on this port unless told otherwise.
    pub fn expects(&self, port: u16) -> bool {
        self.ports.iter().any(|range| range.contains(&port))
    }

    /// Whether a connection on this port is no session.
    pub fn leaves_out(&self, port: u16) -> bool {
        self.not.iter().any(|range| range.contains(&port))
    }
}

/// File names are compared as the system itself does.
fn same(a: &str, b: &str, system: System) -> bool {
    match system {
        System::Linux => a == b,
        System::Windows | System::Macos => a.eq_ignore_ascii_case(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_file_is_well_formed() {
        let mut seen = BTreeSet::new();
        for line in DATA.lines().filter(|line| !line.starts_with('#')) {
            assert!(seen.insert(line), "twice: {line}");
        }
        for marker in markers() {
            assert!(!marker.process.is_empty(), "no process: {marker:?}");
            assert!(!marker.systems.is_empty(), "no system: {marker:?}");
            for system in &marker.systems {
                assert!(["linux", "windows", "macos"].contains(system), "{marker:?}");
            }
            assert!(!marker.source.is_empty(), "no source: {marker:?}");
            assert_eq!(marker.checked.len(), 10, "no date: {marker:?}");
            for name in &marker.process {
                assert!(!name.ends_with(".exe"), "extension: {marker:?}");
            }
        }
    }
}

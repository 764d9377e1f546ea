//! What shows a session, read out of core's catalogue of tools.

use crate::snapshot::Process;
use crate::table::rows;
use doorchain_core::{Confidence, System, Tool, ToolFact, ToolFactKind, fits, tools};
use std::sync::LazyLock;

const IDLE: &str = include_str!("../data/idle_arguments.tsv");

/// How a marker shows a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A process that exists, or carries its argument, only while a session does.
    Process,
    /// A process that begins with the system, unless somebody installs it meanwhile.
    Fresh,
    /// An established connection on a port that the server itself listens on.
    Inbound,
    /// An established connection, one that the process made itself too; where only some
    /// count, those to this port at the other end and the 99 above it.
    Connection(Option<u16>),
    /// A datagram socket without a remote end.
    Datagram,
    /// The desktop is shown elsewhere by this protocol.
    Desktop(u16),
    /// A system metric that is not zero; the index for `GetSystemMetrics`.
    Metric(u32),
    /// A graphical login of this type from elsewhere.
    Login(&'static str),
}

/// Something that shows a session of one tool on one system.
#[derive(Clone, Debug)]
pub struct Marker {
    /// The tool's id in the catalogue.
    pub tool: &'static str,
    /// The tool's name as people know it.
    pub name: &'static str,
    /// How it shows a session.
    pub kind: Kind,
    /// Names of the process, any of them.
    pub process: Vec<&'static str>,
    /// A word that the command line must have.
    pub argument: Option<&'static str>,
    /// Where the server listens unless told otherwise.
    pub port: Option<u16>,
    /// How well it holds.
    pub confidence: Confidence,
}

/// VNC servers share a machine by display: display `n` listens on 5900 + `n` ([RFC 6143], 1).
///
/// [RFC 6143]: https://www.rfc-editor.org/rfc/rfc6143#section-1
const VNC: std::ops::RangeInclusive<u16> = 5900..=5999;

/// Ports on which a VNC server hands out its viewer for browsers, 5800 + `n`, vnc(1).
const VNC_PAGES: std::ops::RangeInclusive<u16> = 5800..=5899;

/// Ports on which an X server, which Xvnc is too, takes programs that draw: 6000 + `n`, X(7).
const X: std::ops::RangeInclusive<u16> = 6000..=6063;

/// The markers that hold on one system.
pub fn markers(system: System) -> Vec<Marker> {
    (tools().iter())
        .flat_map(|tool| {
            (tool.facts.iter())
                .filter(|fact| fact.holds_on(system))
                .filter_map(|fact| marker(tool, fact, system))
        })
        .collect()
}

/// The marker that a fact of a tool is; `None` for a fact that shows no session, and for a value that
/// cannot be read.
fn marker(tool: &Tool, fact: &ToolFact, system: System) -> Option<Marker> {
    let kind = kind(fact)?;
    let (process, argument, port) = match fact.kind {
        ToolFactKind::SessionArgument => {
            let (process, argument) = fact.value.rsplit_once(' ')?;
            (vec![process], Some(argument), None)
        }
        ToolFactKind::ServerPort => {
            let servers = tool.values(ToolFactKind::Process, system).collect();
            (servers, None, Some(fact.value.parse().ok()?))
        }
        _ => (own_process(fact, kind), None, None),
    };
    Some(Marker {
        tool: tool.id,
        name: tool.name,
        kind,
        process,
        argument,
        port,
        confidence: fact.grade,
    })
}

/// How a fact shows a session, if it does.
fn kind(fact: &ToolFact) -> Option<Kind> {
    Some(match fact.kind {
        ToolFactKind::SessionProcess | ToolFactKind::SessionArgument => Kind::Process,
        ToolFactKind::FreshProcess => Kind::Fresh,
        ToolFactKind::SessionConnection => {
            let port = fact.value.split_once(':').map(|(_, port)| port.parse());
            Kind::Connection(port.transpose().ok()?)
        }
        ToolFactKind::SessionSocket => {
            fact.value.split_once(':')?;
            Kind::Datagram
        }
        ToolFactKind::SessionDesktop => Kind::Desktop(fact.value.parse().ok()?),
        ToolFactKind::SessionMetric => {
            let (_, index) = fact.value.rsplit_once("0x")?;
            Kind::Metric(u32::from_str_radix(index, 16).ok()?)
        }
        ToolFactKind::SessionLogin => Kind::Login(fact.value),
        ToolFactKind::ServerPort => Kind::Inbound,
        _ => return None,
    })
}

/// The process that a fact itself names: all of its value, or what is before the `:`.
fn own_process(fact: &ToolFact, kind: Kind) -> Vec<&'static str> {
    match kind {
        Kind::Process | Kind::Fresh => vec![fact.value],
        Kind::Connection(_) | Kind::Datagram => {
            let name = fact.value.split_once(':').map(|(name, _)| name);
            vec![name.unwrap_or(fact.value)]
        }
        Kind::Inbound | Kind::Desktop(_) | Kind::Metric(_) | Kind::Login(_) => Vec::new(),
    }
}

/// The markers of the system this program was built for.
pub fn here() -> &'static [Marker] {
    static HERE: LazyLock<Vec<Marker>> = LazyLock::new(|| markers(System::here()));
    &HERE
}

impl Marker {
    /// Whether this process is the one that the marker speaks of.
    pub fn is(&self, process: &Process, system: System) -> bool {
        any_is(&self.process, &process.name, system)
            && self
                .argument
                .is_none_or(|argument| process.words().any(|word| word == argument))
    }

    /// Whether the server listens on this port unless told otherwise.
    pub fn expects(&self, port: u16) -> bool {
        self.port
            .is_some_and(|own| own == port || (VNC.contains(&own) && VNC.contains(&port)))
    }
}

/// Whether a connection on this port is no session, whatever server listens there.
pub fn is_no_session_port(port: u16) -> bool {
    VNC_PAGES.contains(&port) || X.contains(&port)
}

/// The processes of a tool, idle ones too.
pub fn programs<'a>(tool: &str, processes: &'a [Process], system: System) -> Vec<&'a Process> {
    let names: Vec<&str> = (tools().iter())
        .filter(|known| known.id == tool)
        .flat_map(|known| known.values(ToolFactKind::Process, system))
        .collect();
    (processes.iter())
        .filter(|process| any_is(&names, &process.name, system))
        .collect()
}

/// Whether a tool's process only waits for a session, as far as its arguments tell.
pub fn waits(tool: &str, process: &Process) -> bool {
    let mut idle = rows(IDLE).filter(|row| row[0] == tool);
    match &process.args {
        Some(args) => idle.any(|row| args.iter().any(|arg| Some(&arg.as_str()) == row.get(1))),
        None => idle.next().is_some(),
    }
}

/// Services whose logins the tools' own marks tell of, and better.
pub fn login_services(system: System) -> impl Iterator<Item = &'static str> {
    (tools().iter()).flat_map(move |tool| tool.values(ToolFactKind::LoginService, system))
}

/// Names of all processes that anything is asked about on this system.
pub fn names() -> impl Iterator<Item = &'static str> {
    let idle = (tools().iter()).flat_map(|tool| tool.values(ToolFactKind::Process, System::here()));
    let of_session = here()
        .iter()
        .flat_map(|marker| marker.process.iter().copied());
    idle.chain(of_session)
}

pub(crate) fn any_is(names: &[&str], name: &str, system: System) -> bool {
    names.iter().any(|own| same(own, name, system))
}

/// Whether a file name is the one the catalogue means, compared as the system itself does.
///
/// On Windows a program runs from where it was saved, under the name it was saved as: the number of
/// a further copy is not part of it. A `*` in the catalogue's stem stands for a customer's own part.
fn same(own: &str, name: &str, system: System) -> bool {
    match system {
        System::Windows => match (own.rsplit_once('.'), name.rsplit_once('.')) {
            (Some((own, own_end)), Some((stem, end))) => {
                let stem = without_copy_number(stem);
                own_end.eq_ignore_ascii_case(end)
                    && (own.eq_ignore_ascii_case(stem)
                        || own.contains('*') && fits_any_case(own, stem))
            }
            _ => own.eq_ignore_ascii_case(name),
        },
        System::Macos => own.eq_ignore_ascii_case(name),
        System::Linux | System::Any => own == name,
    }
}

/// Whether a name fits a pattern with `*`, in capitals or not.
pub(crate) fn fits_any_case(pattern: &str, name: &str) -> bool {
    let lower = |text: &str| text.to_ascii_lowercase();
    fits(lower(pattern).as_bytes(), lower(name).as_bytes())
}

/// A file's name without the ` (1)` or `(1)` that browsers give to another of the same name.
fn without_copy_number(stem: &str) -> &str {
    (stem.strip_suffix(')'))
        .and_then(|stem| stem.rsplit_once('('))
        .filter(|(_, number)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(stem, |(stem, _)| stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value that cannot be read would be a tool that nobody looks for.
    #[test]
    fn every_session_fact_of_the_catalogue_is_read() {
        use ToolFactKind::{SessionEvent, SessionLog};
        for system in [System::Linux, System::Windows, System::Macos] {
            let facts = (tools().iter())
                .flat_map(|tool| &tool.facts)
                .filter(|fact| fact.holds_on(system))
                // Logs and Windows' event logs are read by their own.
                .filter(|fact| fact.kind.is_evidence())
                .filter(|fact| !matches!(fact.kind, SessionLog | SessionEvent))
                .count();
            assert_eq!(markers(system).len(), facts, "{system:?}");
        }
    }

    #[test]
    fn a_further_copy_is_the_same_program_on_windows() {
        for (own, name, wanted) in [
            ("anydesk.exe", "AnyDesk.exe", true),
            ("anydesk.exe", "AnyDesk (1).exe", true),
            ("anydesk.exe", "AnyDesk(12).EXE", true),
            ("aa_v3.exe", "AA_v3 (1).exe", true),
            ("anydesk.exe", "AnyDesk ().exe", false),
            ("anydesk.exe", "AnyDesk (one).exe", false),
            ("anydesk.exe", "AnyDesk (1).txt", false),
            ("anydesk.exe", "AnyDesk (1)", false),
            ("anydesk.exe", "anydesk-ab12cd34.exe", false),
            ("anydesk-*.exe", "AnyDesk-ab12cd34.exe", true),
            ("anydesk-*.exe", "AnyDesk-ab12cd34 (2).exe", true),
            ("anydesk-*.exe", "AnyDesk.exe", false),
            ("anydesk-*.exe", "AnyDésk-ab.exe", false),
            ("any*desk-*.exe", "AnyOurDesk-ab12cd34.exe", true),
            ("any*desk-*.exe", "AnyOur-ab12cd34.exe", false),
        ] {
            assert_eq!(same(own, name, System::Windows), wanted, "{own} {name}");
        }
        assert!(!same("anydesk", "anydesk (1)", System::Linux));
    }

    #[test]
    fn every_idle_argument_is_of_a_tool_and_sourced() {
        let known: Vec<&str> = tools().iter().map(|tool| tool.id).collect();
        for row in rows(IDLE) {
            assert_eq!(row.len(), 4, "{row:?}");
            assert!(
                known.contains(&row[0]) && row[1].starts_with("--"),
                "{row:?}"
            );
        }
    }

    #[test]
    fn no_session_marker_is_an_idle_process() {
        for system in [System::Linux, System::Windows, System::Macos] {
            for marker in markers(system) {
                if marker.kind != Kind::Process || marker.argument.is_some() {
                    continue;
                }
                let idle = (tools().iter())
                    .flat_map(|tool| tool.values(ToolFactKind::Process, system))
                    .any(|name| marker.process.iter().any(|own| same(own, name, system)));
                assert!(
                    !idle,
                    "{system:?}: {:?} is listed as idle too",
                    marker.process
                );
            }
        }
    }
}

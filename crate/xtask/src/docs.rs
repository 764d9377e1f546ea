//! `docs/REMOTE_TOOLS.md`: the catalogue of remote-access tools for people, made from the data.

use anyhow::{Context, Result};
use doorchain_core::{Confidence, System, Tool, ToolFactKind, tools};
use std::{fmt::Write, fs};

/// Where the file lies, from the top of the tree.
pub(crate) const PATH: &str = "docs/REMOTE_TOOLS.md";

const HEAD: &str = "\
<!-- Made by `cargo xtask docs` from crate/core/data/tools.tsv. Do not edit. -->
# Remote-access tools

What Doorchain knows of the tools that a caller could talk a person into. Every
fact has its source and date in `crate/core/data/tools.tsv`.

**Evidence** tells that a session is on, not merely that the tool is there:

- **proof**: exists only while a session does;
- **good**: a source documents it, or it was tried;
- **weak**: points that way; its live meaning is untested, so the words on the screen say \"may be\".

A tool without evidence is known by its pages, its installer and its processes:
that is exposure, and leads to a question, never to \"somebody is connected\".
";

/// Writes the file.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write() -> Result<()> {
    let path = crate::root().join(PATH);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, render()).with_context(|| format!("cannot write {PATH}"))?;
    println!("{PATH} is up to date");
    Ok(())
}

/// The file's text.
pub(crate) fn render() -> String {
    let (evident, others): (Vec<_>, Vec<_>) = tools()
        .iter()
        .partition(|tool| tool.facts.iter().any(|fact| fact.kind.is_evidence()));
    let mut out = String::from(HEAD);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "\n{} tools, {} of them with evidence of a session.\n\n## With evidence of a session\n\n\
         | tool | system | evidence | grade |\n| --- | --- | --- | --- |",
        tools().len(),
        evident.len(),
    );
    for tool in evident {
        for fact in tool.facts.iter().filter(|fact| fact.kind.is_evidence()) {
            let grade = match fact.grade {
                Confidence::Proof => "proof",
                Confidence::Good => "good",
                Confidence::Weak => "weak",
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {grade} |",
                cell(tool.name),
                system(fact.system),
                evidence(fact.kind, fact.value),
            );
        }
    }
    out.push_str(
        "\n## Known by their pages, installers and processes\n\n\
         | tool | pages | installers | processes |\n| --- | --- | --- | --- |\n",
    );
    for tool in others {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            cell(tool.name),
            values(tool, ToolFactKind::Site),
            values(tool, ToolFactKind::Installer),
            values(tool, ToolFactKind::Process),
        );
    }
    out
}

fn evidence(kind: ToolFactKind, value: &str) -> String {
    let value = cell(value);
    match kind {
        ToolFactKind::ServerPort => {
            format!(
                "a connection from outside to the server's own port, {value} unless told otherwise"
            )
        }
        ToolFactKind::SessionConnection => match value.split_once(':') {
            Some((process, port)) => {
                format!("a connection of `{process}` to port {port} or one of the 99 above it")
            }
            None => format!("any connection of `{value}`"),
        },
        ToolFactKind::SessionProcess => format!("the process `{value}`"),
        ToolFactKind::SessionArgument => format!("the process and argument `{value}`"),
        ToolFactKind::SessionLog => format!("log: {value}"),
        ToolFactKind::SessionEvent => format!("Windows event log: {value}"),
        ToolFactKind::SessionDesktop => format!("Terminal Services, client protocol {value}"),
        ToolFactKind::SessionMetric => format!("Windows system metric {value}"),
        ToolFactKind::SessionLogin => format!("a login of type {value} from elsewhere, by logind"),
        ToolFactKind::FreshProcess => {
            format!(
                "for 12 hours, the process `{value}` that began more than ten minutes after the system"
            )
        }
        _ => value,
    }
}

fn system(system: System) -> &'static str {
    match system {
        System::Any => "any",
        System::Linux => "Linux",
        System::Windows => "Windows",
        System::Macos => "macOS",
    }
}

/// The values of one kind on any system, each once.
fn values(tool: &Tool, kind: ToolFactKind) -> String {
    let mut values: Vec<_> = tool
        .facts
        .iter()
        .filter(|fact| fact.kind == kind)
        .map(|fact| format!("`{}`", cell(fact.value)))
        .collect();
    values.dedup();
    values.join(", ")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_fresh() {
        let written = fs::read_to_string(crate::root().join(PATH)).unwrap_or_default();
        assert!(
            written == render(),
            "{PATH} is stale: run `cargo xtask docs`"
        );
    }
}

//! `extension/types.d.ts`: the messages' types for JavaScript, made from the Rust types.

use anyhow::{Context, Result};
use doorchain_core::{
    Event, Order, PageAnswer, PageMessage, Status, Step, Verdict,
    protocol::{CompanionRequest, CompanionResponse},
};
use std::{collections::BTreeMap, fs};
use ts_rs::{Config, TS, TypeVisitor};

/// Where the file lies, from the top of the tree.
pub(crate) const PATH: &str = "extension/types.d.ts";

/// Writes the file.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write() -> Result<()> {
    fs::write(crate::root().join(PATH), render())
        .with_context(|| format!("cannot write {PATH}"))?;
    println!("{PATH} is up to date");
    Ok(())
}

/// The file's text: every type that a message holds, sorted by name.
pub(crate) fn render() -> String {
    let config = Config::new();
    let mut found = Found {
        config: &config,
        types: BTreeMap::new(),
    };
    found.visit::<Event>();
    found.visit::<Step>();
    found.visit::<Status>();
    found.visit::<Order>();
    found.visit::<PageMessage>();
    found.visit::<PageAnswer>();
    found.visit::<Verdict>();
    found.visit::<CompanionRequest>();
    found.visit::<CompanionResponse>();
    let mut out =
        String::from("// Made by `cargo xtask types` from the types of crate/core. Do not edit.\n");
    for declaration in found.types.values() {
        out.push('\n');
        out.push_str(declaration);
    }
    out
}

/// Walks from a message to every type in it.
struct Found<'a> {
    config: &'a Config,
    types: BTreeMap<String, String>,
}

impl TypeVisitor for Found<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Primitives and generic containers have no declaration of their own.
        if T::output_path().is_none() {
            T::visit_generics(self);
            return;
        }
        let name = T::ident(self.config);
        if self.types.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let declaration = format!("{docs}export {}\n", T::decl(self.config));
        let lines = declaration.lines().map(str::trim_end);
        let declaration = lines.flat_map(|line| [line, "\n"]).collect();
        self.types.insert(name, declaration);
        T::visit_dependencies(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_fresh() {
        let written = fs::read_to_string(crate::root().join(PATH)).unwrap_or_default();
        assert!(
            written == render(),
            "{PATH} is stale: run `cargo xtask types`"
        );
    }

    #[test]
    fn every_named_type_is_declared() {
        let text = render();
        for name in ["Event", "Step", "Settings", "Millis", "Words", "Finding"] {
            assert!(
                text.contains(&format!("export type {name} =")),
                "{name} is missing"
            );
        }
    }
}

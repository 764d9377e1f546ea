//! Every command of the project: `cargo xtask COMMAND`.

mod build;
mod setup;
mod types;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use std::{env, path::PathBuf, process::ExitCode};

const HELP: &str = "\
usage: cargo xtask COMMAND

  setup    install what the commands need
  build    dist/extension, which every browser loads unpacked
  types    write extension/types.d.ts from the Rust types
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let Some(first) = arguments.next()? else {
        print!("{HELP}");
        return Ok(());
    };
    match first {
        Value(command) => match command.string()?.as_str() {
            "setup" => setup::all(&setup::shell()?),
            "build" => build::extension(&setup::shell()?),
            "types" => types::write(),
            other => bail!("no such command: {other}\n\n{HELP}"),
        },
        Long("help") | Short('h') => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(other.unexpected().into()),
    }
}

/// The top of the tree.
pub(crate) fn root() -> PathBuf {
    // Cargo tells at run time; what was compiled in is wrong once the tree has moved.
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(here);
    here.ancestors()
        .nth(2)
        .expect("xtask lies two folders below the top")
        .to_owned()
}

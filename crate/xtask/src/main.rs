//! Every command of the project: `cargo xtask COMMAND`.

mod build;
mod corpus;
mod demo;
mod docs;
mod eval;
mod fours;
mod logistic;
mod package;
mod pictures;
mod score;
mod setup;
mod test;
#[cfg(test)]
mod tidy;
mod train;
mod types;

use anyhow::{Result, bail};
use lexopt::{Parser, prelude::*};
use std::{env, path::PathBuf, process::ExitCode};

const HELP: &str = "\
usage: cargo xtask COMMAND

  setup    install what the commands need
  build    dist/extension, which every browser loads unpacked
  demo     play the scam through a real browser, with pictures; --slow to follow it
  test     every check and test; `test core|companion|wasm|shell|browser [FILE]`
           runs a part; `test windows`, apart from the others, the companion's
           Windows build by Wine
  pictures every surface in every mode in dist/pictures; with WORD…, only pictures
           whose names have them all
  package  dist/package: archives for the stores, a .deb and a zip of the companion
  types    write extension/types.d.ts from the Rust types
  docs     write docs/REMOTE_TOOLS.md from the catalogue
  score    judge JSON lines from standard input
  eval     count how often the judge is right on PATH… (.jsonl, .tsv; --json)
  train    learn the model of manner from PATH… (.jsonl), write it to crate/core/data
           and tell how it judges what it has not seen, also in --held PATH
  fours    count which four letters in a row the innocent texts of PATH… (.jsonl) have,
           for crate/core/data/fours.tsv
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
    let mut arguments = Parser::from_env();
    let Some(first) = arguments.next()? else {
        print!("{HELP}");
        return Ok(());
    };
    match first {
        Value(command) => obey(&command.string()?, &mut arguments),
        Long("help") | Short('h') => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(other.unexpected().into()),
    }
}

fn obey(command: &str, arguments: &mut Parser) -> Result<()> {
    match command {
        "demo" => {
            let slow = match arguments.next()? {
                None => false,
                Some(Long("slow")) => true,
                Some(other) => return Err(other.unexpected().into()),
            };
            no_more(arguments)?;
            return demo::play(slow);
        }
        "test" => {
            let part = value(arguments)?;
            let file = value(arguments)?;
            no_more(arguments)?;
            let part = part.map(|part| part.parse()).transpose()?;
            return test::run(part, file.as_deref());
        }
        "pictures" => return pictures::take(&setup::shell()?, &values(arguments)?),
        "eval" => {
            let mut paths = Vec::new();
            let mut as_json = false;
            while let Some(argument) = arguments.next()? {
                match argument {
                    Value(path) => paths.push(path.into()),
                    Long("json") => as_json = true,
                    other => return Err(other.unexpected().into()),
                }
            }
            return eval::run(&paths, as_json);
        }
        "train" => {
            let (mut paths, mut held) = (Vec::new(), Vec::new());
            while let Some(argument) = arguments.next()? {
                match argument {
                    Value(path) => paths.push(path.into()),
                    Long("held") => held.push(arguments.value()?.into()),
                    other => return Err(other.unexpected().into()),
                }
            }
            return train::run(&paths, &held);
        }
        "fours" => {
            let paths: Vec<_> = values(arguments)?.into_iter().map(Into::into).collect();
            return fours::run(&paths);
        }
        _ => {}
    }
    let alone: fn() -> Result<()> = match command {
        "setup" => || setup::all(&setup::shell()?),
        "build" => || build::extension(&setup::shell()?),
        "package" => package::all,
        "types" => types::write,
        "docs" => docs::write,
        "score" => score::run,
        other => bail!("no such command: {other}\n\n{HELP}"),
    };
    no_more(arguments)?;
    alone()
}

/// # Errors
/// When there is an argument that nobody asks for.
fn no_more(arguments: &mut Parser) -> Result<()> {
    match arguments.next()? {
        Some(other) => Err(other.unexpected().into()),
        None => Ok(()),
    }
}

/// The next argument, which must not be an option.
fn value(arguments: &mut Parser) -> Result<Option<String>> {
    match arguments.next()? {
        None => Ok(None),
        Some(Value(value)) => Ok(Some(value.string()?)),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// All further arguments, none of which may be an option.
fn values(arguments: &mut Parser) -> Result<Vec<String>> {
    std::iter::from_fn(|| value(arguments).transpose()).collect()
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

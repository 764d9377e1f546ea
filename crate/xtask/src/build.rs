//! `dist/extension`: what the browsers load.

use crate::setup::{self, WASM, say};
use anyhow::{Context, Result, bail};
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};
use xshell::{Shell, cmd};

/// The extension's folder, from the top of the tree.
pub(crate) const EXTENSION: &str = "dist/extension";

/// Files by their path below the extension's folder, with `/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Builds everything that the extension is made of.
///
/// # Errors
/// When a tool is missing, the core does not compile or a file cannot be written.
pub(crate) fn extension(sh: &Shell) -> Result<()> {
    engine(sh)?;
    let files = files()?;
    lay(&crate::root().join(EXTENSION), &files)?;
    println!("{EXTENSION} is built: {} files", files.len());
    Ok(())
}

/// Builds the companion for this machine and gives its path.
///
/// # Errors
/// When it does not compile.
pub(crate) fn companion(sh: &Shell) -> Result<PathBuf> {
    say("building the companion");
    // With this crate, so that the core is not compiled a second time with other features.
    cmd!(
        sh,
        "cargo build --package doorchain-companion --package xtask"
    )
    .run()?;
    let programs = env::current_exe()?;
    let programs = programs.parent().context("this program lies nowhere")?;
    Ok(programs.join(format!("doorchain-companion{}", env::consts::EXE_SUFFIX)))
}

/// Builds the core for the browser into [`package`].
///
/// # Errors
/// When a tool is missing or the core does not compile.
pub(crate) fn engine(sh: &Shell) -> Result<()> {
    // First what takes no time to tell that it is missing.
    setup::node(sh)?;
    let wasm = setup::wasm(sh)?;
    let root = crate::root();
    let key = WASM.to_uppercase().replace('-', "_");
    // Less is copied into its callers than at 225: a thirtieth off the module, for 0.3 µs an address.
    let flags = remapped(&root) + " -Cllvm-args=-inline-threshold=10";
    wasm.set_var(format!("CARGO_TARGET_{key}_RUSTFLAGS"), flags);
    let out = root.join("target/web/bindgen");
    cmd!(
        wasm,
        "wasm-pack --log-level warn build crate/wasm --target web --mode no-install --no-opt --no-pack --profile wasm --out-dir {out}"
    )
    .run()
    .context("the core does not build for the browser")?;

    let to = package();
    fs::create_dir_all(&to)?;
    for name in ["doorchain_wasm.js", "doorchain_wasm.d.ts"] {
        fs::copy(out.join(name), to.join(name))?;
    }
    let (from, to) = (
        out.join("doorchain_wasm_bg.wasm"),
        to.join("doorchain_wasm_bg.wasm"),
    );
    let before = out.join("optimised.wasm");
    // Below 1 KB lies only the end of the stack, which no program that works reaches.
    const HOW: [&str; 5] = [
        "-Oz",
        "--converge",
        "--low-memory-unused",
        "--strip-debug",
        "--strip-producers",
    ];
    // What it is made of, and how.
    let source = [fs::read(&from)?, HOW.concat().into_bytes()].concat();
    if to.exists() && fs::read(&before).is_ok_and(|before| before == source) {
        return Ok(());
    }
    say("optimising the core for the browser");
    let optimise = "node_modules/binaryen/bin/wasm-opt";
    cmd!(sh, "node {optimise} {HOW...} {from} -o {to}").run()?;
    fs::write(before, source)?;
    Ok(())
}

/// Where the engine's files lie; its parent is a root beside `extension` for `tsc`.
fn package() -> PathBuf {
    crate::root().join("target/web/package/engine")
}

/// Everything that ships. The engine must have been built.
///
/// # Errors
/// When a file is missing or cannot be read.
pub(crate) fn files() -> Result<Files> {
    let root = crate::root();
    let mut files = Files::new();
    collect(&root.join("extension"), "", &mut files)?;
    collect(&package(), "engine/", &mut files)?;
    let manifest = fs::read(root.join("manifest.json")).context("cannot read manifest.json")?;
    files.insert("manifest.json".to_owned(), manifest);
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            bail!("{} has no name that can ship", path.display());
        };
        // Types are for the check, hidden files for the editor.
        if name.ends_with(".d.ts") || name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), fs::read(&path)?);
        }
    }
    Ok(())
}

/// Makes a folder hold exactly these files.
///
/// Only what differs is touched, so that a browser that has it loaded can reload at any time.
fn lay(folder: &Path, files: &Files) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut there = Files::new();
    collect(folder, "", &mut there)?;
    for name in there.keys().filter(|name| !files.contains_key(*name)) {
        fs::remove_file(folder.join(name))?;
    }
    for (name, bytes) in files {
        if there.get(name) != Some(bytes) {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}

/// Compiler flags that keep this machine's folders out of what ships.
///
/// Panics name source files, and the archive must not depend on where they lie.
pub(crate) fn remapped(root: &Path) -> String {
    let home = env::var_os("CARGO_HOME").map_or_else(
        || env::home_dir().unwrap_or_default().join(".cargo"),
        PathBuf::from,
    );
    let registries = fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten();
    let mut sources: Vec<_> = registries.flatten().map(|entry| entry.path()).collect();
    sources.sort();
    let flag = |from: &Path, to| format!("--remap-path-prefix={}={to}", from.display());
    let sources = sources.iter().map(|source| flag(source, "cargo"));
    sources
        .chain([flag(root, ".")])
        .collect::<Vec<_>>()
        .join(" ")
}

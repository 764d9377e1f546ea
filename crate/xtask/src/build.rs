//! `dist/extension`: what the browsers load.

use crate::setup::{self, say};
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
    let messages = cmd!(
        sh,
        "cargo build --package doorchain-companion --package xtask --message-format json-render-diagnostics"
    )
    .read()?;
    program(&messages, "doorchain-companion").context("cargo built no companion")
}

/// Where a program lies, by the messages of the cargo that built it.
/// <https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages>
fn program(messages: &str, name: &str) -> Option<PathBuf> {
    messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let is_it = message["reason"] == "compiler-artifact" && message["target"]["name"] == name;
        // A library of the same name is no program.
        is_it.then(|| message["executable"].as_str().map(PathBuf::from))?
    })
}

/// Builds the core for the browser into [`package`].
///
/// # Errors
/// When a tool is missing or the core does not compile.
pub(crate) fn engine(sh: &Shell) -> Result<()> {
    // First what can tell at once that it is missing.
    setup::node(sh)?;
    let wasm = setup::wasm(sh)?;
    let root = crate::root();
    // Inlines less than the default of 225: a thirtieth off the module, for 0.3 µs an address. Unrolls
    // no loop whose length is not known: 8 KB off, for a thirtieth of the time of an article. A panic
    // is a trap and no more, which is all that a browser shows of one: 28 KB off.
    let small = [
        "-Cllvm-args=-inline-threshold=10",
        "-Cllvm-args=-unroll-runtime=false",
        "-Zunstable-options",
        "-Cpanic=immediate-abort",
    ];
    let flags = remapped(&root, &small);
    // wasm-pack names a target to cargo, so that build scripts are compiled without them.
    wasm.set_var(RUSTFLAGS, flags);
    // So to panic is the standard library's choice too, which is compiled with the rest.
    wasm.set_var("RUSTC_BOOTSTRAP", "1");
    const STD: [&str; 2] = ["-Zbuild-std=std", "-Zbuild-std-features=optimize_for_size"];
    let out = root.join("target/web/bindgen");
    cmd!(
        wasm,
        "wasm-pack --log-level warn build crate/wasm --target web --mode no-install --no-opt --no-pack --profile wasm --out-dir {out} -- {STD...}"
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
    // Below 1 KB lies only the end of the stack, which no working program reaches.
    const HOW: [&str; 5] = [
        "-Oz",
        "--converge",
        "--low-memory-unused",
        "--strip-debug",
        "--strip-producers",
    ];
    const WITH: &str = "node_modules/binaryen";
    // What it is made of, how, and with which version.
    let source = [
        fs::read(&from)?,
        HOW.concat().into_bytes(),
        fs::read(root.join(WITH).join("package.json"))?,
    ]
    .concat();
    if to.exists() && fs::read(&before).is_ok_and(|before| before == source) {
        return Ok(());
    }
    say("optimising the core for the browser");
    cmd!(sh, "node {WITH}/bin/wasm-opt {HOW...} {from} -o {to}").run()?;
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
        // Types are for the type check, hidden files for editors.
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

/// The variable from which cargo takes compiler flags with blanks in them; 0x1F separates them.
/// <https://doc.rust-lang.org/cargo/reference/environment-variables.html>
pub(crate) const RUSTFLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";

/// For [`RUSTFLAGS`]: flags that keep this machine's folders out of what ships, and `others`.
///
/// Panics name source files, and the archive must not depend on where they lie.
pub(crate) fn remapped(root: &Path, others: &[&str]) -> String {
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
    let others = others.iter().map(|flag| (*flag).to_owned());
    sources
        .chain([flag(root, ".")])
        .chain(others)
        .collect::<Vec<_>>()
        .join("\x1f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_a_blank_is_one_flag() {
        let flags = remapped(Path::new("/a b"), &["-Cx"]);
        assert!(
            flags.ends_with("--remap-path-prefix=/a b=.\x1f-Cx"),
            "{flags}"
        );
    }

    #[test]
    fn cargo_tells_where_a_program_lies() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"x"},"executable":null}
{"reason":"build-script-executed","target":{"name":"x"},"executable":"/wrong"}
{"reason":"compiler-artifact","target":{"name":"x"},"executable":"/a/x"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(program(messages, "x"), Some("/a/x".into()));
        assert_eq!(program(messages, "y"), None);
    }
}
